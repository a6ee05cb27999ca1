import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Lab, startLab } from '../../e2e/lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ employees: ['alice'], seed: { messages: 60 } });
});
afterAll(() => lab.stop());

interface Report {
  readonly code: number;
  readonly text: string;
}

/** Runs the probe as a person would, with this password. */
async function probe(password: string, consent: '--yes' | '--no'): Promise<Report> {
  const options = [
    '--host=localhost',
    `--port=${lab.accountOf('alice').exchange.imap.port}`,
    `--user=${addressOf('alice')}`,
    '--password',
    `--ca=${lab.folder}/exchange-authority.pem`,
    consent,
  ];
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, 'probe-exchange.ts'), ...options], {
    env: { ...process.env, PROBE_PASSWORD: password },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }),
  );
}

describe('npm run probe:exchange', () => {
  it('reports what the server does, and names nobody', async () => {
    const { code, text } = await probe(lab.passwordOf('alice'), '--yes');
    expect(code).toBe(0);
    expect(text).toContain('AUTH=XOAUTH2');
    expect(text).toMatch(/\\Sent known by its flag.*UIDVALIDITY \d+/);
    expect(text).toMatch(/UNSEEN: agrees with FETCH \(\d+ messages\)/);
    expect(text).toMatch(/IDLE on another connection told of it after \d+ ms/);
    expect(text).toContain('bytes: the same');
    expect(text).toContain('the test message was removed again');
    expect(text).not.toMatch(/failed|alice|@|Sent Items/i);
  });

  it('writes nothing without consent', async () => {
    const { text } = await probe(lab.passwordOf('alice'), '--no');
    expect(text).not.toContain('APPEND');
  });

  it('says that it cannot sign in', async () => {
    const { code, text } = await probe('wrong', '--no');
    expect(code).toBe(1);
    expect(text).toContain('Signing in failed');
    expect(text).toContain('AUTHENTICATIONFAILED');
  });
});
