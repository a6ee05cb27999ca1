import { canonical, type LedgerLine } from './chain.ts';
import type { VerifiedLedger } from './ledger-file.ts';

/** What the newest line on a message of an account says, and which device says it. */
export interface FleetMessage {
  readonly device: string;
  /** What was told of it first: how it came to be in the ledger. */
  readonly first: LedgerLine;
  readonly latest: LedgerLine;
}

type LedgerToMerge = Pick<VerifiedLedger, 'account' | 'device' | 'lines'>;

export interface Fleet {
  readonly messages: readonly FleetMessage[];
  /** What the persons did to their mail in an outage, and Exchange has. */
  readonly changes: readonly FleetMessage[];
  /** How many of them are verified to be in Exchange. */
  readonly back: number;
  /** Whose files, both signed, do not begin alike: one of them is not the laptop's only history. */
  readonly contradictions: readonly { readonly account: string; readonly device: string }[];
}

/**
 * The ledgers of many laptops as one. An earlier file of a laptop is contained in its later one; a message that two
 * laptops of one person tell of counts once, as back in Exchange if either saw it there.
 */
export function mergeLedgers(ledgers: readonly LedgerToMerge[]): Fleet {
  const longest = new Map<string, LedgerToMerge>();
  const contradictions = new Map<string, { account: string; device: string }>();
  for (const ledger of ledgers) {
    const { account, device } = ledger;
    const key = JSON.stringify([account, device]);
    const other = longest.get(key);
    if (other !== undefined && !beginAlike(ledger, other)) contradictions.set(key, { account, device });
    if (other === undefined || ledger.lines.length > other.lines.length) longest.set(key, ledger);
  }
  const messages = new Map<string, FleetMessage>();
  const changes: FleetMessage[] = [];
  for (const { device, lines } of longest.values()) {
    const own = new Map<number, FleetMessage>();
    for (const line of lines) {
      if (line.event === 'changed') changes.push({ device, first: line, latest: line });
      if (line.event === 'changed' || line.entry === null) continue;
      own.set(line.entry, { device, first: own.get(line.entry)?.first ?? line, latest: line });
    }
    const alike = new Map<string, number>();
    for (const message of own.values()) {
      const { account, message: name, sentAt, counterpart } = message.latest;
      const looks = JSON.stringify([account, name, sentAt, counterpart]);
      const nth = (alike.get(looks) ?? 0) + 1;
      alike.set(looks, nth);
      const key = `${looks} ${nth}`;
      const other = messages.get(key);
      if (other === undefined || (isBack(message) && !isBack(other))) messages.set(key, message);
    }
  }
  const all = [...messages.values()];
  return {
    messages: all,
    changes,
    back: all.filter(isBack).length,
    contradictions: [...contradictions.values()],
  };
}

/** Whether it was verified to be in Exchange. */
export function isBack({ latest }: FleetMessage): boolean {
  return latest.event === 'appended' || latest.event === 'handedOver';
}

function beginAlike(one: LedgerToMerge, other: LedgerToMerge): boolean {
  const common = Math.min(one.lines.length, other.lines.length);
  if (common === 0) return true;
  const [ours, theirs] = [one.lines[common - 1], other.lines[common - 1]];
  // Each line holds the hash of all before it.
  return ours !== undefined && theirs !== undefined && canonical(ours) === canonical(theirs);
}

const columns = [
  'account',
  'device',
  'outage',
  'message',
  'direction',
  'counterpart',
  'sentAt',
  'recordedAt',
  'route',
  'answer',
  'state',
  'change',
  'at',
  'folder',
  'uid',
  'reason',
] as const;

/** One row each (RFC 4180), with a heading. A cell that a spreadsheet would take for a formula begins with "'". */
export function csvOf(messages: readonly FleetMessage[]): string {
  const rows = messages.map(({ device, first, latest }) => {
    const row = {
      ...latest,
      device,
      recordedAt: first.at,
      route: first.route,
      answer: first.answer,
      state: latest.event,
      change: latest.change ?? null,
    };
    return columns.map((column) => cell(row[column]));
  });
  return [columns, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
