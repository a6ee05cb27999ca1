import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('npm run readiness -- --drills', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-drills-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (content: string): Promise<{ readonly status: number; readonly output: string }> => {
    const file = join(folder, 'drills.json');
    writeFileSync(file, content);
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(import.meta.dirname, 'readiness.ts'), '--drills', file],
        (error, output) => resolve({ status: typeof error?.code === 'number' ? error.code : 0, output }),
      );
    });
  };
  const report = (address: string, outcome: string, error: string | null) => ({
    matter: 'drill-2027-01',
    window: { from: 1_799_999_400, until: 1_800_000_000 },
    address,
    device: 'dev-1',
    outcome,
    error,
  });

  it('says who could not and why, and who was silent', async () => {
    const { status, output } = await run(
      JSON.stringify([
        report('alice@corp.example', 'worked', null),
        report('bob@corp.example', 'couldNot', 'auth.refused'),
        report('carol@corp.example', 'silent', null),
      ]),
    );
    expect(status).toBe(1);
    expect(output).toContain('1 worked, 1 could not, 1 were silent');
    expect(output).toMatch(/bob@corp\.example +dev-1 +auth\.refused/);
    expect(output).toMatch(/carol@corp\.example +dev-1 +silent/);
    expect(output).not.toContain('alice');
  });

  it('is content when it worked everywhere, and moves no cursor by what a file says', async () => {
    expect((await run(JSON.stringify([report('alice@corp.example', 'worked', null)]))).status).toBe(0);
    const { output } = await run(JSON.stringify([report('\u001b[2J', 'couldNot', null)]));
    expect(output).not.toContain('\u001b');
    expect((await run('<html>')).status).toBe(3);
  });
});
