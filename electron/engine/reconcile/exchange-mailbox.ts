import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { OpenEntry } from '../cache/queries/journal-store.ts';
import { messageIdsOf } from '../mail/message-id-header.ts';
import type { FolderRole, ImapSession, RemoteFolder, RemoteHeader } from '../mail/types.ts';
import {
  compareFingerprints,
  compareHeaders,
  type Fingerprint,
  fingerprintOf,
  stableHeaders,
} from '../mime/fingerprint.ts';
import { parseMessage } from '../mime/parse.ts';
import type { StandingCopy } from './core/one-copy.ts';

/** Where a message stands in Exchange. */
export interface ExchangePlace {
  readonly folder: string;
  readonly uid: number;
}

export interface ExchangeCopy extends StandingCopy {
  readonly flags: readonly string[];
}

export interface MessageToCarry {
  readonly source: Uint8Array;
  readonly flags: readonly string[];
  readonly internalDate: EpochMs;
  readonly mark: string;
}

/** Exchange, as far as carrying over needs it, over one connection. */
export interface ExchangeMailbox {
  readonly isUsable: boolean;
  /**
   * Brings what is known up to date: at first the headers of all that is as new as the oldest entry, in every folder that
   * holds mail; after that of what has come since. `where`: `targets` are the folders in which we append.
   */
  look(where: 'everywhere' | 'targets'): Promise<Result<null, AppError>>;
  /** The copies of an entry among what was seen. */
  copiesOf(entry: OpenEntry): Promise<Result<readonly ExchangeCopy[], AppError>>;
  /** Those of them that stand where they stood, as they are now. */
  confirm(copies: readonly ExchangePlace[]): Promise<Result<readonly ExchangeCopy[], AppError>>;
  /** Puts it where it belongs, marked. */
  append(entry: OpenEntry, message: MessageToCarry): Promise<Result<null, AppError>>;
  setFlags(place: ExchangePlace, flags: readonly string[]): Promise<Result<null, AppError>>;
  remove(place: ExchangePlace): Promise<Result<null, AppError>>;
  close(): Promise<void>;
}

/** What is looked for. */
export interface Sought {
  readonly entries: readonly OpenEntry[];
  /** Nothing that is to be found has an earlier internal date. */
  readonly since: EpochMs;
  /** Null: whatever bears the Message-ID is it. */
  readonly fingerprint: (entry: OpenEntry) => Fingerprint | null;
}

/** Servers' and this laptop's clocks may differ by this much. */
const clockTolerance: EpochMs = 24 * 60 * 60_000;

/** How often headers are asked for that do not come. */
const headerTries = 3;

/** The header that an append of ours carries. Exchange takes no keywords, so a flag could not say it. */
const markHeader = 'X-Relevo-Copy';

/**
 * Whether a copy in a folder of that role is the one that the journal means: mail to oneself stands in Inbox and in
 * Sent, and one does not stand for the other. A draft stands for neither.
 */
export function countsFor(direction: OpenEntry['direction'], role: FolderRole): boolean {
  return role !== 'drafts' && role !== (direction === 'received' ? 'sent' : 'inbox');
}

/** What is known of a folder. */
interface Seen {
  uidValidity: number;
  uidNext: number;
  /** Asked for in vain, each time; at every look they are asked for again. */
  withheld: readonly number[];
  /** Of what is looked for, by Message-ID. */
  readonly named: Map<string, RemoteHeader[]>;
}

export function exchangeMailboxOver(session: ImapSession, sought: Sought): ExchangeMailbox {
  let folders: readonly RemoteFolder[] | null = null;
  const seen = new Map<string, Seen>();
  const since = sought.since - clockTolerance;
  const names = new Map<string, number>();
  for (const { internetMessageId } of sought.entries)
    names.set(internetMessageId, (names.get(internetMessageId) ?? 0) + 1);
  /** By entry and place: whether that is the entry, by what it says. */
  const judged = new Map<string, boolean>();
  const targets = new Set<string>();

  /** Of messages of the open folder. Exchange now and then gives nothing at first, which is not to look like absence. */
  async function headersOf(uids: readonly number[]): Promise<Result<readonly RemoteHeader[], AppError>> {
    const found: RemoteHeader[] = [];
    let left = uids;
    for (let tries = 0; tries < headerTries && left.length > 0; tries += 1) {
      const asked = await session.headers(left, 'stable');
      if (!asked.ok) return asked;
      found.push(...asked.value);
      const given = new Set(asked.value.map(({ uid }) => uid));
      left = left.filter((uid) => !given.has(uid));
    }
    return ok(found);
  }

  async function lookIn(path: string): Promise<Result<null, AppError>> {
    const opened = await session.open(path);
    if (!opened.ok) return opened;
    const { uidValidity, uidNext, messageCount } = opened.value;
    let known = seen.get(path);
    let uids: readonly number[] = [];
    if (known?.uidValidity === uidValidity) {
      if (uidNext > known.uidNext) {
        const added = await session.flags(`${known.uidNext}:*`);
        if (!added.ok) return added;
        uids = added.value.map(({ uid }) => uid);
      }
      uids = [...known.withheld, ...uids];
    } else {
      known = { uidValidity, uidNext, withheld: [], named: new Map() };
      const recent = messageCount === 0 ? ok([]) : await session.uidsSince(since);
      if (!recent.ok) return recent;
      uids = recent.value;
    }
    const headers = await headersOf(uids);
    if (!headers.ok) return headers;
    for (const row of headers.value)
      for (const id of new Set(messageIdsOf(row.header)))
        if (names.has(id)) known.named.set(id, [...(known.named.get(id) ?? []), row]);
    const given = new Set(headers.value.map(({ uid }) => uid));
    known.withheld = uids.filter((uid) => !given.has(uid));
    known.uidNext = Math.max(uidNext, ...uids.map((uid) => uid + 1));
    seen.set(path, known);
    return ok(null);
  }

  async function isSame(
    entry: OpenEntry,
    path: string,
    rows: readonly RemoteHeader[],
  ): Promise<Result<RemoteHeader[], AppError>> {
    const wanted = sought.fingerprint(entry);
    if (wanted === null) return ok([...rows]);
    const alike: RemoteHeader[] = [];
    for (const row of rows)
      if (compareHeaders(stableHeaders(await parseMessage(row.header)), wanted) !== 'different')
        alike.push(row);
    const hasNamesake = (names.get(entry.internetMessageId) ?? 0) > 1;
    if (alike.length < 2 && !hasNamesake) return ok(alike);
    const keyOf = (uid: number): string => `${entry.id} ${uid} ${path}`;
    const open = alike.map(({ uid }) => uid).filter((uid) => !judged.has(keyOf(uid)));
    if (open.length > 0) {
      const opened = await session.open(path);
      if (!opened.ok) return opened;
      const fetched = await session.fetch(open, async ({ uid, source }) => {
        const likeness = compareFingerprints(fingerprintOf(await parseMessage(source)), wanted);
        judged.set(keyOf(uid), likeness !== 'different');
      });
      if (!fetched.ok) return fetched;
    }
    return ok(alike.filter(({ uid }) => judged.get(keyOf(uid)) === true));
  }

  const targetOf = ({ direction, placeRole }: OpenEntry): string | undefined => {
    const withRole = (wanted: FolderRole) => folders?.find(({ role }) => role === wanted)?.path;
    if (direction === 'sent') return withRole('sent');
    // What lay in a folder that Exchange has not got is better in the Inbox than nowhere.
    return (
      (placeRole === null || placeRole === 'other' ? undefined : withRole(placeRole)) ?? withRole('inbox')
    );
  };

  return {
    get isUsable() {
      return session.isUsable;
    },
    look: async (where) => {
      if (folders === null) {
        const listed = await session.folders();
        if (!listed.ok) return listed;
        folders = listed.value.filter(({ holdsMail }) => holdsMail);
      }
      for (const { path, role } of folders) {
        const isEssential = role === 'inbox' || role === 'sent';
        if (where === 'targets' && seen.has(path) && !isEssential && !targets.has(path)) continue;
        const looked = await lookIn(path);
        // Another folder that cannot be read cannot be searched either.
        const isLost = !session.isUsable || (!looked.ok && looked.error.code === 'server.throttled');
        if (!looked.ok && (isEssential || isLost)) return looked;
      }
      return ok(null);
    },
    copiesOf: async (entry) => {
      const copies: ExchangeCopy[] = [];
      for (const { path, role } of folders ?? []) {
        const rows = seen.get(path)?.named.get(entry.internetMessageId) ?? [];
        if (rows.length === 0 || !countsFor(entry.direction, role)) continue;
        const same = await isSame(entry, path, rows);
        if (!same.ok) return same;
        copies.push(...same.value.map((row) => copyOf(path, row)));
      }
      return ok(copies);
    },
    confirm: async (places) => {
      const there: ExchangeCopy[] = [];
      for (const [path, copies] of Map.groupBy(places, ({ folder }) => folder)) {
        const opened = await session.open(path);
        if (!opened.ok) return opened;
        const headers = await headersOf(copies.map(({ uid }) => uid));
        if (!headers.ok) return headers;
        there.push(...headers.value.map((row) => copyOf(path, row)));
        const given = new Set(headers.value.map(({ uid }) => uid));
        const gone = new Set(copies.map(({ uid }) => uid).filter((uid) => !given.has(uid)));
        for (const [id, rows] of seen.get(path)?.named ?? [])
          seen.get(path)?.named.set(
            id,
            rows.filter(({ uid }) => !gone.has(uid)),
          );
      }
      return ok(there);
    },
    append: async (entry, { source, flags, internalDate, mark }) => {
      const folder = targetOf(entry);
      if (folder === undefined) return err(appError('notFound', 'later', { folder: 'target' }));
      targets.add(folder);
      const marked = Buffer.concat([Buffer.from(`${markHeader}: ${mark}\r\n`, 'latin1'), source]);
      const appended = await session.append(folder, marked, flags, internalDate);
      return appended.ok ? ok(null) : appended;
    },
    setFlags: async ({ folder, uid }, flags) => {
      for (const flag of flags) {
        const stored = await session.setFlag(folder, uid, flag, true);
        if (!stored.ok) return stored;
      }
      return ok(null);
    },
    remove: ({ folder, uid }) => session.remove(folder, uid),
    close: () => session.close(),
  };
}

function copyOf(folder: string, { uid, flags, header }: RemoteHeader): ExchangeCopy {
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1');
  const mark = /^X-Relevo-Copy:[ \t]*([0-9a-f]{32})[ \t]*\r?$/im.exec(text)?.[1] ?? null;
  return { folder, uid, flags, mark };
}
