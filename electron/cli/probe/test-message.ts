import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';

const subject = 'Relevo probe: a test message, may be deleted';
/** How long a pushed notice or a search may take before the report says that it did not come. */
const patience = 60_000;

/**
 * Appends one marked message to the inbox, while a second connection idles there, and says what became of it; then
 * removes that message again. `writer` and `watcher` are two connections of the same person.
 */
export async function probeWithMessage(writer: ImapFlow, watcher: ImapFlow): Promise<readonly string[]> {
  const messageId = `<${randomUUID()}@probe.relevo.invalid>`;
  const date = new Date(Date.now() - 3 * 86_400_000);
  date.setMilliseconds(0);
  const source = testMessage(messageId, date);

  await watcher.mailboxOpen('INBOX', { readOnly: true });
  await writer.mailboxOpen('INBOX');
  const lines: string[] = [];

  const pushed = once(watcher, 'exists', { signal: AbortSignal.timeout(patience) });
  const idling = watcher.idle();
  const begun = performance.now();
  const appended = await writer.append('INBOX', source, ['\\Seen', '\\Flagged', '$RelevoProbe'], date);
  if (appended === false) return ['APPEND was refused'];
  lines.push(
    `APPEND took ${since(begun)}; APPENDUID ${appended.uidValidity === undefined ? 'missing' : 'given'}`,
  );
  lines.push(
    await pushed.then(
      () => `IDLE on another connection told of it after ${since(begun)}`,
      () => `IDLE on another connection did not tell of it within ${patience / 1000} s`,
    ),
  );
  await watcher.noop();
  await idling;

  const found = await searched(writer, messageId);
  lines.push(found.line);
  const uid = appended.uid ?? found.uid;
  if (uid === null || uid === undefined)
    return [...lines, 'It cannot be told by UID, so it is left in the inbox'];
  lines.push(...(await compare(writer, uid, source, messageId, date)));
  const isRemoved = await writer.messageDelete(String(uid), { uid: true });
  lines.push(isRemoved ? 'the test message was removed again' : 'the test message could not be removed');
  return lines;
}

/** ASCII, CRLF, one header that servers tend to keep and one that they do not know. */
function testMessage(messageId: string, date: Date): Buffer {
  return Buffer.from(
    [
      `Message-ID: ${messageId}`,
      `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
      'From: Relevo probe <probe@relevo.invalid>',
      'To: Relevo probe <probe@relevo.invalid>',
      `Subject: ${subject}`,
      'References: <parent@probe.relevo.invalid>',
      'Thread-Topic: Relevo probe',
      'X-Relevo-Probe: 1',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'This message was written by npm run probe:exchange, which removes it again.',
      '',
    ].join('\r\n'),
  );
}

async function searched(
  client: ImapFlow,
  messageId: string,
): Promise<{ readonly line: string; readonly uid: number | null }> {
  const begun = performance.now();
  while (performance.now() - begun < patience) {
    const answer = await client.search({ header: { 'message-id': messageId } }, { uid: true });
    const uid = Array.isArray(answer) ? answer.at(-1) : undefined;
    if (uid !== undefined) return { line: `SEARCH by Message-ID found it after ${since(begun)}`, uid };
    await pause(1000);
    await client.noop();
  }
  return { line: `SEARCH by Message-ID did not find it within ${patience / 1000} s`, uid: null };
}

async function compare(
  client: ImapFlow,
  uid: number,
  source: Buffer,
  messageId: string,
  date: Date,
): Promise<readonly string[]> {
  const stored = await client.fetchOne(
    String(uid),
    { source: true, flags: true, internalDate: true, envelope: true, size: true },
    { uid: true },
  );
  if (stored === false || stored.source === undefined) return ['FETCH does not give it back'];
  const before = headerNames(source);
  const after = headerNames(stored.source);
  const received = stored.internalDate === undefined ? null : new Date(stored.internalDate).getTime();
  return [
    `bytes: ${stored.source.equals(source) ? 'the same' : `changed, ${source.length} sent, ${stored.source.length} stored`}; RFC822.SIZE says ${stored.size}`,
    `headers removed: ${list(before.difference(after))}; added: ${list(after.difference(before))}`,
    `Message-ID: ${stored.envelope?.messageId === messageId ? 'kept' : 'changed'}`,
    `INTERNALDATE: ${received === date.getTime() ? 'as given' : 'changed'}`,
    `flags given: \\Seen \\Flagged $RelevoProbe; stored: ${[...(stored.flags ?? [])].sort().join(' ') || 'none'}`,
  ];
}

function headerNames(source: Buffer): Set<string> {
  const [head = ''] = source.toString('latin1').split('\r\n\r\n');
  return new Set([...head.matchAll(/^([\w-]+):/gm)].map((match) => (match[1] ?? '').toLowerCase()));
}

const list = (names: ReadonlySet<string>): string => [...names].join(' ') || 'none';
const since = (begun: number): string => `${(performance.now() - begun).toFixed(0)} ms`;
