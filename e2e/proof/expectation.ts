import type { WitnessedMail } from '../lab/witness.ts';

const dayMs = 86_400_000;

/** Folders that hold no mail, and those whose contents are written here. */
const withoutMail = ['Calendar', 'Contacts'];
const leftOut = [...withoutMail, 'Drafts'];

export interface Expectation {
  /** What has to be in the copy. */
  readonly wanted: readonly WitnessedMail[];
  /**
   * What may be in it besides: members of a conversation that is kept, or was one with it by a message that is gone.
   */
  readonly allowed: readonly WitnessedMail[];
}

/**
 * What the offline copy should hold of a server, worked out from another program's copy of it, by other code than ours:
 * what is in the window or flagged, and the other members of conversations of which something is in the window.
 * `windowStart`: so many days before now. `gone`: sources of mails that were on the server at some time.
 */
export function expectationOf(
  mails: readonly WitnessedMail[],
  { windowStart, windowDays }: { readonly windowStart: number; readonly windowDays: number },
  gone: readonly Buffer[] = [],
): Expectation {
  const mail = mails.filter(({ folder }) => !leftOut.includes(folder));
  // Where nothing came in the window, the days are counted from what came last.
  const dates = mails.filter(({ folder }) => !withoutMail.includes(folder)).map((one) => one.internalDate);
  const newest = Math.max(...dates);
  const start = newest >= windowStart ? windowStart : newest - windowDays * dayMs;
  const cameSince =
    (since: number) =>
    ({ internalDate }: WitnessedMail): boolean =>
      internalDate >= since;
  const isRecent = cameSince(start);
  const isFlagged = ({ flags }: WitnessedMail): boolean => flags.includes('\\Flagged');
  const now = groupsOf(mail.map(({ source }) => source));
  const recent = new Set(mail.filter(isRecent).map(({ source }) => now(source)));
  const isWanted = (one: WitnessedMail): boolean => isFlagged(one) || recent.has(now(one.source));
  const ever = groupsOf([...mail.map(({ source }) => source), ...gone]);
  // What leaves the window stays a day.
  const isLeaving = cameSince(start - dayMs);
  const kept = new Set(
    mail.filter((one) => isWanted(one) || isLeaving(one)).map(({ source }) => ever(source)),
  );
  return {
    wanted: mail.filter(isWanted),
    allowed: mail.filter((one) => !isWanted(one) && kept.has(ever(one.source))),
  };
}

/** Union-find over what the headers name. Yields a function from a mail to the name of its conversation. */
function groupsOf(sources: readonly Buffer[]): (source: Buffer) => string {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    const parent = parents.get(id) ?? id;
    return parent === id ? id : rootOf(parent);
  };
  const firstOf = (source: Buffer): string => idsOf(source)[0] ?? '';
  for (const source of sources) {
    const [first = '', ...others] = idsOf(source);
    for (const other of others) parents.set(rootOf(other), rootOf(first));
  }
  return (source) => rootOf(firstOf(source));
}

/** Message-IDs of the header, and the part of the Thread-Index that all of a conversation share. */
function idsOf(source: Buffer): readonly string[] {
  const [header = ''] = source.toString('latin1').split(/\r?\n\r?\n/, 1);
  const fields = header.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const valuesOf = (name: string): readonly string[] =>
    fields
      .filter((field) => field.toLowerCase().startsWith(`${name}:`))
      .map((field) => field.slice(name.length + 1));
  const ids = ['message-id', 'x-microsoft-original-message-id', 'in-reply-to', 'references']
    .flatMap(valuesOf)
    .flatMap((value) => [...value.matchAll(/<([^<>\s]+)>/g)].map(([, id = '']) => id));
  const indexes = valuesOf('thread-index').map((value) =>
    Buffer.from(value.trim(), 'base64').subarray(6, 22).toString('hex'),
  );
  const [subject = ''] = valuesOf('subject');
  const names = [...ids, ...indexes];
  return names.length > 0 ? names : [`without a name: ${subject}`];
}
