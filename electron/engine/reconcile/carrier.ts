import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  carriedProperties,
  doubledEntries,
  isOwnMark,
  type JournalId,
  noteAppendStarted,
  noteFailed,
  noteVerified,
  type OpenEntry,
  sourceOf,
} from '../cache/queries/journal-store.ts';
import type { Announce, Clock, Logger, Random, Routes } from '../ports.ts';
import { nextDeed, type Sight } from './core/one-copy.ts';
import { concernsAll, putOffMs, reasonOf } from './core/patience.ts';
import type { ExchangeCopy, ExchangeMailbox, ExchangePlace } from './exchange-mailbox.ts';

/** So many messages are appended between two looks, and noted in one transaction. */
const batchSize = 25;
/** After so many turns everything is looked at again, and not only the folders in which we append. */
const turnsToEverywhere = 20;
/** How often a message is looked at before it is left for another time. */
const mostTurns = 5;
/** For how long after its return a message is watched for doubles. */
const watchedMs = 7 * 24 * 60 * 60_000;

/** How far it has come with a message. */
interface Try {
  readonly hasAppended: boolean;
  /** This is the n-th. */
  readonly turns: number;
  /** It was to be seen, and was not. */
  readonly isMissed: boolean;
}

type Open = () => Promise<Result<ExchangeMailbox, AppError>>;

/** An entry that Exchange was seen to have. */
interface Standing {
  readonly entry: { readonly id: JournalId; readonly messageId: OpenEntry['messageId'] };
  readonly as: 'handedOver' | 'appended';
  readonly copy: ExchangePlace & { readonly flags: readonly string[] };
}

/**
 * Carries out what `nextDeed` decides. Every failure is one of Exchange that cannot be spoken to; what concerns one message
 * is noted with it.
 */
export interface Carrier {
  /** Gives what stands there the flags that the person set, and notes it. */
  verify(standing: readonly Standing[], open: Open): Promise<Result<null, AppError>>;
  /** Sees to it that each stands in Exchange once. */
  bring(entries: readonly OpenEntry[], open: Open): Promise<Result<null, AppError>>;
  /** What was brought by others as well, or by an append that was long on its way. */
  removeDoubles(open: Open): Promise<Result<null, AppError>>;
}

export function createCarrier({
  account,
  db,
  routes,
  clock,
  random,
  log,
  announce,
}: {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
}): Carrier {
  /** Doubles that are none of ours, as they were when they were looked at. */
  const leftAlone = new Map<JournalId, string>();

  /** What befalls the connection says nothing of a message. */
  const isInterrupted = ({ code }: AppError, mailbox: ExchangeMailbox): boolean =>
    !mailbox.isUsable || code === 'server.throttled' || code.startsWith('network.');

  function fail(entries: readonly OpenEntry[], error: AppError): void {
    if (entries.length === 0) return;
    const reason = reasonOf(error, true);
    const now = clock.now();
    db.transaction(() => {
      for (const { id, failures } of entries)
        noteFailed(db, id, { reason, now, notBefore: now + putOffMs(reason, failures + 1) });
    }).immediate();
    log.warn('not brought', { code: reason, count: entries.length });
    announce('ledger');
  }

  /** Notes what could not even be begun for want of Exchange, so that the ledger says why. */
  function interrupt(entries: readonly OpenEntry[], error: AppError): Result<never, AppError> {
    const now = clock.now();
    db.transaction(() => {
      for (const { id } of entries) noteFailed(db, id, { reason: error.code, now, notBefore: now });
    }).immediate();
    announce('ledger');
    return err(error);
  }

  async function verify(standing: readonly Standing[], open: Open): Promise<Result<null, AppError>> {
    for (let from = 0; from < standing.length; from += batchSize) {
      const batch = standing.slice(from, from + batchSize);
      for (const { entry, copy } of batch) {
        const wanted = carriedProperties(db, entry.messageId).flags.filter(
          (flag) => !copy.flags.includes(flag),
        );
        if (wanted.length === 0) continue;
        const mailbox = await open();
        if (!mailbox.ok) return mailbox;
        const flagged = await mailbox.value.setFlags(copy, wanted);
        if (flagged.ok) continue;
        if (isInterrupted(flagged.error, mailbox.value)) return flagged;
        log.warn('flags not taken', { code: flagged.error.code });
      }
      const at = clock.now();
      db.transaction(() => {
        for (const { entry, as, copy } of batch)
          noteVerified(db, entry.id, { as, folder: copy.folder, uid: copy.uid, at });
      }).immediate();
      announce('ledger');
    }
    return ok(null);
  }

  /** One turn of some messages. Yields those that need another one. */
  async function turn(
    batch: ReadonlyMap<OpenEntry, Try>,
    mailbox: ExchangeMailbox,
  ): Promise<Result<Map<OpenEntry, Try>, AppError>> {
    const again = new Map<OpenEntry, Try>();
    const standing: Standing[] = [];
    const toAppend: OpenEntry[] = [];
    for (const [entry, { hasAppended, turns }] of batch) {
      const seen = await mailbox.copiesOf(entry);
      const end = seen.ok
        ? await decide(entry, { seen: seen.value, isConfirmed: false, hasAppended }, mailbox)
        : seen;
      const missed = { hasAppended, turns: turns + 1, isMissed: true };
      if (!end.ok) {
        if (isInterrupted(end.error, mailbox)) return end;
        // What somebody else removes at the same moment is refused to us; then it looks different the next time.
        if (turns < mostTurns) again.set(entry, missed);
        else fail([entry], end.error);
      } else if (end.value === 'append') toAppend.push(entry);
      else if (end.value !== 'giveUp') standing.push(end.value);
      else if (turns >= mostTurns)
        fail([entry], appError('server.protocol', 'later', { append: 'notFoundAfterwards' }));
      else again.set(entry, missed);
    }
    const verified = await verify(standing, async () => ok(mailbox));
    if (!verified.ok) return verified;
    const appended = await appendAll(toAppend, mailbox);
    if (!appended.ok) return appended;
    for (const entry of appended.value) again.set(entry, { hasAppended: true, turns: 1, isMissed: false });
    return ok(again);
  }

  /** Does what `nextDeed` says until it is done for now. */
  async function decide(
    entry: Standing['entry'],
    first: Sight<ExchangeCopy>,
    mailbox: ExchangeMailbox,
  ): Promise<Result<Standing | 'append' | 'giveUp', AppError>> {
    let sight = first;
    for (;;) {
      const deed = nextDeed(sight);
      switch (deed.kind) {
        case 'look':
        case 'giveUp':
          return ok('giveUp');
        case 'append':
          return ok('append');
        case 'confirm': {
          const confirmed = await mailbox.confirm(sight.seen ?? []);
          if (!confirmed.ok) return confirmed;
          sight = { ...sight, seen: confirmed.value, isConfirmed: true };
          break;
        }
        case 'settle': {
          const { stays, remove } = deed;
          const flags = remove.flatMap((copy) => copy.flags.filter((flag) => carried.has(flag)));
          const missing = [...new Set(flags)].filter((flag) => !stays.flags.includes(flag));
          const flagged = await mailbox.setFlags(stays, missing);
          if (!flagged.ok) return flagged;
          for (const copy of remove) {
            const removed = await mailbox.remove(copy);
            if (!removed.ok) return removed;
          }
          log.info('removed doubles of our own', { count: remove.length });
          return ok(standingAt(entry, { ...stays, flags: [...stays.flags, ...missing] }));
        }
        case 'rest':
          return ok(standingAt(entry, deed.copy));
      }
    }
  }

  const standingAt = (entry: Standing['entry'], copy: ExchangeCopy): Standing => ({
    entry,
    as: isOwnMark(db, entry.id, copy.mark) ? 'appended' : 'handedOver',
    copy,
  });

  /** Yields those that Exchange may have now. */
  async function appendAll(
    entries: readonly OpenEntry[],
    mailbox: ExchangeMailbox,
  ): Promise<Result<readonly OpenEntry[], AppError>> {
    const begun = entries.map((entry) => ({ entry, mark: newMark(clock.now(), random) }));
    if (begun.length > 0)
      db.transaction(() => {
        for (const { entry, mark } of begun)
          noteAppendStarted(db, { accountId: account.id, id: entry.id, mark, now: clock.now() });
      }).immediate();
    const appended: OpenEntry[] = [];
    for (const [index, { entry, mark }] of begun.entries()) {
      const source = sourceOf(db, entry.messageId);
      const put =
        source === null
          ? err(appError('notFound', 'never'))
          : await mailbox.append(entry, { source, mark, ...carriedProperties(db, entry.messageId) });
      if (put.ok) {
        appended.push(entry);
        continue;
      }
      if (isInterrupted(put.error, mailbox)) return put;
      if (concernsAll(reasonOf(put.error, true))) {
        fail(entries.slice(index), put.error);
        hasNoRoom = put.error;
        break;
      }
      fail([entry], put.error);
    }
    return ok(appended);
  }

  /** Why nothing more can be put into Exchange in this round. */
  let hasNoRoom: AppError | null = null;

  async function bring(entries: readonly OpenEntry[], open: Open): Promise<Result<null, AppError>> {
    hasNoRoom = null;
    let next = 0;
    let batch = new Map<OpenEntry, Try>();
    for (let turns = 0; next < entries.length || batch.size > 0; turns += 1) {
      if (routes.reading() !== 'primary')
        return err(appError('network.closed', 'later', { reason: 'route' }));
      if (hasNoRoom !== null) {
        fail(entries.slice(next), hasNoRoom);
        next = entries.length;
        if (batch.size === 0) break;
      }
      const isEverywhere =
        turns % turnsToEverywhere === 0 || [...batch.values()].some(({ isMissed }) => isMissed);
      // What was appended in the last turn is looked for together with what comes next.
      for (const entry of entries.slice(next, next + batchSize))
        batch.set(entry, { hasAppended: false, turns: 1, isMissed: false });
      next += batchSize;
      const mailbox = await open();
      if (!mailbox.ok) return interrupt([...batch.keys()], mailbox.error);
      const looked = await mailbox.value.look(isEverywhere ? 'everywhere' : 'targets');
      const turned = looked.ok ? await turn(batch, mailbox.value) : looked;
      if (turned.ok) batch = turned.value;
      else {
        if (isInterrupted(turned.error, mailbox.value)) return interrupt([...batch.keys()], turned.error);
        const given = [...batch].filter(([, { turns: tried }]) => tried >= mostTurns).map(([entry]) => entry);
        fail(given, turned.error);
        batch = new Map(
          [...batch]
            .filter(([entry]) => !given.includes(entry))
            .map(([entry, each]) => [entry, { ...each, turns: each.turns + 1, isMissed: true }]),
        );
      }
    }
    return ok(null);
  }

  async function removeDoubles(open: Open): Promise<Result<null, AppError>> {
    for (const { id, messageId, copies } of doubledEntries(db, account.id, clock.now() - watchedMs)) {
      const asSeen = JSON.stringify(copies);
      if (leftAlone.get(id) === asSeen) continue;
      const mailbox = await open();
      if (!mailbox.ok) return mailbox;
      const confirmed = await mailbox.value.confirm(copies);
      if (!confirmed.ok) return confirmed;
      const sight = { seen: confirmed.value, isConfirmed: true, hasAppended: false };
      const end = await decide({ id, messageId }, sight, mailbox.value);
      if (!end.ok) return end;
      leftAlone.set(id, asSeen);
      if (end.value === 'append' || end.value === 'giveUp') continue;
      const { as, copy } = end.value;
      db.transaction(() => noteVerified(db, id, { as, ...copy, at: clock.now() })).immediate();
      announce('ledger');
    }
    return ok(null);
  }

  return { verify, bring, removeDoubles };
}

/** Unlike any other, and in the order of time, so that what was brought first mostly stays where it was verified. */
function newMark(now: EpochMs, random: Random): string {
  return now.toString(16).padStart(12, '0').slice(-12) + Buffer.from(random.bytes(10)).toString('hex');
}

const carried: ReadonlySet<string> = new Set(['\\Seen', '\\Answered', '\\Flagged']);
