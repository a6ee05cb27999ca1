import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { ledgerChanges } from '../../../shared/model/ledger.ts';

const text = v.string();
const integer = v.pipe(v.number(), v.safeInteger());

/** What is told of one message at one moment. Times: ISO 8601, UTC. Never a subject, never a body. */
const factEntries = {
  /** Whose mailbox. */
  account: text,
  at: v.pipe(v.string(), v.isoTimestamp()),
  /** The number of the outage on this laptop. */
  outage: integer,
  /** The number of the message in the journal of this laptop: two may bear one Message-ID. Null: Exchange had it before. */
  entry: v.nullable(integer),
  /** The Message-ID. */
  message: text,
  direction: v.picklist(['received', 'sent']),
  /** The sender of a received, the first recipient of a sent message. */
  counterpart: text,
  sentAt: v.pipe(v.string(), v.isoTimestamp()),
  /** `recorded`: met or sent by continuity; `changed`: see `change`. The rest: shared/model/ledger.ts. */
  event: v.picklist(['recorded', 'handedOver', 'appended', 'failed', 'changed']),
  /** What the person did in the outage, once Exchange was seen to have it; there with `changed` alone. */
  change: v.exactOptional(v.picklist(ledgerChanges)),
  route: v.picklist(['primary', 'continuity']),
  /** What the server answered, where it was kept. */
  answer: v.nullable(text),
  /** Where it stands in Exchange from now on; null: not known to be there. */
  folder: v.nullable(text),
  uid: v.nullable(integer),
  /** Why not, a code of shared/errors.ts. */
  reason: v.nullable(text),
};
const line = v.strictObject({
  v: v.literal(1),
  /** From 1, without gaps, for each account. */
  seq: integer,
  /** The hash of the line before; null for the first. */
  previous: v.nullable(text),
  ...factEntries,
});

export type LedgerLine = v.InferOutput<typeof line>;
export type LedgerFact = Omit<LedgerLine, 'v' | 'seq' | 'previous'>;

/** What of a chain has been seen so far. */
export interface ChainEnd {
  readonly count: number;
  readonly hash: string | null;
}
export const emptyChain: ChainEnd = { count: 0, hash: null };

/** RFC 8785 for what a line holds: a flat object of strings, safe integers and null; undefined is left out. */
export function canonical(value: Readonly<Record<string, string | number | null | undefined>>): string {
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

/** SHA-256, base64url. */
export function hashOf(written: string): string {
  return createHash('sha256').update(written, 'utf8').digest('base64url');
}

/** The line that follows `end`, as it is written. */
export function lineAfter(
  end: ChainEnd,
  fact: LedgerFact,
): { readonly written: string; readonly hash: string } {
  const written = canonical({ ...fact, v: 1, seq: end.count + 1, previous: end.hash });
  return { written, hash: hashOf(written) };
}

/** Null: not a line, or written otherwise than `lineAfter` writes it. */
export function readLine(written: string): LedgerLine | null {
  try {
    const parsed = v.safeParse(line, JSON.parse(written));
    return parsed.success && canonical(parsed.output) === written ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Follows the chain. `brokenAt`: the first line (from 1) that does not follow from those before; null: all do. */
export function followChain(written: readonly string[]): {
  readonly lines: readonly LedgerLine[];
  readonly end: ChainEnd;
  readonly brokenAt: number | null;
} {
  const lines: LedgerLine[] = [];
  let end = emptyChain;
  for (const [index, one] of written.entries()) {
    const read = readLine(one);
    const follows =
      read !== null &&
      read.seq === end.count + 1 &&
      read.previous === end.hash &&
      read.account === (lines[0]?.account ?? read.account);
    if (!follows) return { lines, end, brokenAt: index + 1 };
    lines.push(read);
    end = { count: read.seq, hash: hashOf(one) };
  }
  return { lines, end, brokenAt: null };
}
