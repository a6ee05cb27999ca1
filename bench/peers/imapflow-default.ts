import { ImapFlow } from 'imapflow';
import { type Fault, FaultProxy } from '../../e2e/lab/fault-proxy.ts';
import type { Mailbox } from '../../e2e/lab/mailbox.ts';

/**
 * A client that waits for news in the Inbox with imapflow as it comes: how long until it is told that the connection is
 * gone, in milliseconds, `capMs` at most.
 */
export async function imapflowNotices(mailbox: Mailbox, fault: Fault, capMs: number): Promise<number> {
  const { port, user, password, authority } = mailbox.access;
  const proxy = await FaultProxy.before(port);
  const client = new ImapFlow({
    host: 'localhost',
    port: proxy.port,
    secure: true,
    tls: { ca: authority },
    auth: { user, pass: password },
    logger: false,
  });
  const ended = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('close', () => resolve());
  });
  try {
    await client.connect();
    await client.mailboxOpen('INBOX');
    void client.idle().catch(() => undefined);
    const begun = performance.now();
    await proxy.fault(fault);
    return await within(ended, begun, capMs);
  } finally {
    client.close();
    await proxy.close();
  }
}

/** How long it took, at most `capMs`. */
export async function within(ended: Promise<unknown>, begun: number, capMs: number): Promise<number> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, capMs);
  await Promise.race([ended, late.promise]);
  clearTimeout(timer);
  return Math.min(capMs, performance.now() - begun);
}
