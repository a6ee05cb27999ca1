import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fault, FaultProxy } from '../../e2e/lab/fault-proxy.ts';
import type { Mailbox } from '../../e2e/lab/mailbox.ts';
import { within } from './imapflow-default.ts';

/**
 * An mbsync that is run at the moment of the fault, as its timer would: how long until it gives up, in milliseconds,
 * `capMs` at most; null where there is no mbsync.
 */
export async function mbsyncNotices(mailbox: Mailbox, fault: Fault, capMs: number): Promise<number | null> {
  const { port, user, password, authority } = mailbox.access;
  const folder = mkdtempSync(join(tmpdir(), 'relevo-mbsync-'));
  const proxy = await FaultProxy.before(port);
  try {
    mkdirSync(join(folder, 'mail'));
    writeFileSync(join(folder, 'authority.pem'), authority);
    writeFileSync(join(folder, 'mbsyncrc'), configuration(folder, proxy.port, user, password), {
      mode: 0o600,
    });
    await proxy.fault(fault);
    const begun = performance.now();
    const child = spawn('mbsync', ['-c', join(folder, 'mbsyncrc'), '-l', 'exchange'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const missing = once(child, 'error').then(() => null);
    const result = await Promise.race([within(ended, begun, capMs), missing]);
    child.kill('SIGKILL');
    return result;
  } finally {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const configuration = (folder: string, port: number, user: string, password: string): string => `
IMAPAccount exchange
Host localhost
Port ${port}
User ${user}
Pass ${password}
AuthMechs PLAIN
SSLType IMAPS
SystemCertificates no
CertificateFile ${folder}/authority.pem

IMAPStore exchange-remote
Account exchange

MaildirStore exchange-local
Path ${folder}/mail/
Inbox ${folder}/mail/INBOX

Channel exchange
Far :exchange-remote:
Near :exchange-local:
`;
