import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Runs the tool as IT does. */
function bulletin(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'bulletin.ts'), ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err: err.trim() }),
    );
  });
}

describe('npm run bulletin', () => {
  let folder: string;
  let key: string;
  let thumbprint: string;
  let board: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-bulletin-'));
    key = join(folder, 'key.json');
    board = join(folder, 'relevo.bulletins');
    thumbprint = (await bulletin('key', key)).out;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sign = (kind: string, ...args: readonly string[]) =>
    bulletin('sign', kind, '--key', key, '--issuer', 'Corp IT', ...args);
  const lines = () => readFileSync(board, 'utf8').trim().split('\n');

  it('makes a key that nobody else can read, says its fingerprint, and overwrites none', async () => {
    expect(thumbprint).toMatch(/^[\w-]{43}$/);
    expect(statSync(key).mode & 0o077).toBe(0);
    expect(await bulletin('key', key)).toMatchObject({ code: 2 });
  });

  it('signs what a laptop believes, and puts it on the board in place of the matter’s last', async () => {
    const window = ['--from', '2099-11-28T21:00+01:00', '--until', '2099-11-28T23:00+01:00'];
    const about = [
      '--matter',
      'move',
      '--board',
      board,
      '--days',
      '10',
      '--group',
      'sales',
      '--percentage',
      '50',
    ];
    expect(await sign('maintenance', ...about, ...window, '--text', 'en=The servers = move.')).toMatchObject({
      code: 0,
      err: '',
    });
    await sign('outage', '--matter', 'other', '--board', board);
    expect(lines()).toHaveLength(2);
    await sign('end', '--matter', 'move', '--board', board, '--sequence', '4000000000');
    expect(lines()).toHaveLength(2);
    const trusted = await bulletin('verify', board, '--trust', thumbprint);
    expect(trusted.out.match(/believed/g)).toHaveLength(2);
    expect(trusted.code).toBe(0);
    const distrusted = await bulletin('verify', board);
    expect(distrusted).toMatchObject({ code: 1 });
    expect(distrusted.out).toContain('refused: key');
  });

  it('prints it when there is no board; an incident is believed by a grave key only', async () => {
    const { out } = await sign('incident', '--matter', 'compromise');
    expect(out.split('.')).toHaveLength(3);
    await sign('incident', '--matter', 'compromise', '--board', join(folder, 'grave'));
    const verify = (option: string) => bulletin('verify', join(folder, 'grave'), option, thumbprint);
    expect((await verify('--trust')).out).toContain('refused: graveKey');
    expect(await verify('--grave')).toMatchObject({ code: 0 });
  });

  it.each([
    ['a kind that there is not', ['sign', 'holiday', '--matter', 'm', '--issuer', 'IT']],
    ['a maintenance without a window', ['sign', 'maintenance', '--matter', 'm', '--issuer', 'IT']],
    ['a matter that is no name', ['sign', 'outage', '--matter', 'Two Words', '--issuer', 'IT']],
    [
      'a time that is none',
      ['sign', 'drill', '--matter', 'm', '--issuer', 'IT', '--from', 'soon', '--until', 'later'],
    ],
    [
      'a language that it has not',
      ['sign', 'outage', '--matter', 'm', '--issuer', 'IT', '--text', 'xx=Hallo'],
    ],
    ['an option that it has not', ['sign', 'outage', '--colour', 'red']],
    ['nothing', []],
  ])('signs nothing and says why for %s', async (_, args) => {
    const { code, out, err } = await bulletin(...args, ...(args.length > 0 ? ['--key', key] : []));
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toBe('');
    expect(err).not.toContain('    at ');
  });
});
