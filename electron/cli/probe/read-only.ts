import type { FetchMessageObject, ImapFlow, ListResponse, SearchObject } from 'imapflow';

/** How many of the newest messages SEARCH is compared with what FETCH says about them. */
const sampleSize = 200;
const oneDay = 86_400_000;

/** The roles that folders have of themselves, by which they are named here: their names may be private. */
const roles = /^\\(inbox|sent|drafts|trash|junk|archive|all|flagged|important)$/i;

/** The folders by role, with what LIST and EXAMINE say of each; the others are counted only. */
export async function describeFolders(client: ImapFlow): Promise<readonly string[]> {
  const folders = await client.list();
  const known = folders.filter(({ specialUse }) => specialUse !== undefined);
  const lines = [`${folders.length} folders, delimiter ${folders[0]?.delimiter ?? 'none'}`];
  for (const folder of known) lines.push(await describeFolder(client, folder));
  const others = folders.filter((folder) => !known.includes(folder));
  const flags = [...new Set(others.flatMap((folder) => [...folder.flags]))].sort();
  lines.push(`${others.length} others, with the flags ${flags.join(' ') || 'none'}`);
  return lines;
}

async function describeFolder(client: ImapFlow, folder: ListResponse): Promise<string> {
  const role = folder.specialUse ?? '';
  const listed = [...folder.flags].join(' ') || 'none';
  const how = [...folder.flags].some((flag) => roles.test(flag)) ? 'flag' : 'name';
  const opened = await client.mailboxOpen(folder.path, { readOnly: true });
  const permanent = opened.permanentFlags === undefined ? 'not given' : standardFlags(opened.permanentFlags);
  return [
    `${role} known by its ${how}; LIST flags: ${listed}`,
    `UIDVALIDITY ${opened.uidValidity}, UIDNEXT ${opened.uidNext}`,
    `flags: ${standardFlags(opened.flags)}; EXAMINE's PERMANENTFLAGS: ${permanent}`,
  ].join('; ');
}

/** A keyword without a sign before it is a person's own word, so those are counted only. */
function standardFlags(flags: ReadonlySet<string>): string {
  const standard = [...flags].filter((flag) => /^[\\$]/.test(flag));
  const own = flags.size - standard.length;
  return `(${standard.join(' ')})${own === 0 ? '' : ` and ${own} keywords`}`;
}

/** Whether SEARCH finds what FETCH says is there, in the newest messages of the inbox. */
export async function compareSearch(client: ImapFlow): Promise<readonly string[]> {
  const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
  if (exists === 0) return ['the inbox is empty: nothing to compare'];
  const first = Math.max(1, exists - sampleSize + 1);
  const sample = await client.fetchAll(`${first}:*`, {
    uid: true,
    flags: true,
    internalDate: true,
    envelope: true,
  });
  const lowest = Math.min(...sample.map(({ uid }) => uid));
  const range = `${lowest}:*`;
  const since = new Date(Date.now() - 7 * oneDay);
  const startOfDay = Date.UTC(since.getUTCFullYear(), since.getUTCMonth(), since.getUTCDate());

  const questions: readonly (readonly [string, SearchObject, (message: FetchMessageObject) => boolean])[] = [
    ['UID range', { uid: range }, () => true],
    ['UNSEEN', { uid: range, seen: false }, ({ flags }) => flags?.has('\\Seen') !== true],
    ['FLAGGED', { uid: range, flagged: true }, ({ flags }) => flags?.has('\\Flagged') === true],
    [
      'SINCE 7 days (server days may differ by time zone)',
      { uid: range, since },
      ({ internalDate }) => internalDate !== undefined && new Date(internalDate).getTime() >= startOfDay,
    ],
  ];
  const lines = [];
  for (const [name, question, isIn] of questions) {
    const expected = sample.filter(isIn).map(({ uid }) => uid);
    lines.push(`${name}: ${difference(await client.search(question, { uid: true }), expected)}`);
  }
  lines.push(await searchByMessageId(client, sample));
  return lines;
}

async function searchByMessageId(client: ImapFlow, sample: readonly FetchMessageObject[]): Promise<string> {
  const known = sample.filter(({ envelope }) => envelope?.messageId !== undefined).slice(-10);
  let found = 0;
  for (const { uid, envelope } of known) {
    const answer = await client.search(
      { header: { 'message-id': envelope?.messageId ?? '' } },
      { uid: true },
    );
    if (Array.isArray(answer) && answer.includes(uid)) found += 1;
  }
  return `HEADER Message-ID: finds ${found} of the ${known.length} newest messages`;
}

/** How two sets of UIDs differ, by counts. */
export function difference(
  answer: readonly number[] | false | undefined,
  expected: readonly number[],
): string {
  if (!Array.isArray(answer)) return 'refused';
  const found = new Set(answer);
  const wanted = new Set(expected);
  const missing = wanted.difference(found).size;
  const surplus = found.difference(wanted).size;
  if (missing === 0 && surplus === 0) return `agrees with FETCH (${wanted.size} messages)`;
  return `differs from FETCH: ${missing} of ${wanted.size} not found, ${surplus} found that should not be`;
}

/** How long a command takes that does nothing, five times. */
export async function measureNoop(client: ImapFlow): Promise<readonly string[]> {
  const times = [];
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    await client.noop();
    times.push(`${(performance.now() - begun).toFixed(0)} ms`);
  }
  return [`NOOP: ${times.join(', ')}`];
}
