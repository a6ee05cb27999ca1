import { renameSync, writeFileSync } from 'node:fs';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { DomainFinding, DrillOutcome, Readiness } from '../../../shared/model/readiness.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { findFact, saveFact, visibleDrills } from '../cache/queries/drill-store.ts';
import { findRehearsal, saveRehearsal } from '../cache/queries/rehearsal-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Records } from '../net/records.ts';
import type { Announce, Clock, Logger, Random, Secrets } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { assess, type ReadinessFacts } from './core/assess.ts';
import type { ProviderRecords } from './core/domain.ts';
import { lookAtDomain } from './domain-records.ts';
import type { ReadinessFile } from './readiness-file.ts';
import { takePartInDrill } from './visible-drill.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** After a start, which has enough to do: a company's laptops begin their day in the same minutes. */
const firstAfterMs = 5 * minuteMs;
const firstWithinMs = 30 * minuteMs;
const shownDrills = 3;

/** One account, as far as its readiness goes. */
export interface AccountToAssess {
  readonly id: AccountId;
  readonly address: string;
  /** Where this laptop stands among all, from 0 to below 1, the same at every start. */
  readonly place: number;
  signIn(provider: 'exchange' | 'continuity'): Pick<SignInStatus, 'state' | 'acceptedAt'>;
  copy(): Pick<SyncStatus, 'lastCompleteAt' | 'completeness' | 'error'>;
  certificates(): ReadinessFacts['certificates'];
  isPolicyInForce(): boolean;
  /** `calm`: mail goes through Exchange, and nothing is in doubt. `drill`: everybody goes through continuity for one. */
  state(): 'calm' | 'drill' | 'offline' | 'other';
  /** The drill that goes on right now, for this account. */
  drill(): Pick<DrillOutcome, 'matter' | 'from' | 'until'> | null;
  /** Signs in to continuity's mailbox and submission; while all is calm it sends itself a mail besides, and takes it away. */
  rehearse(): Promise<Result<null, AppError>>;
  /** Tells the provider how a drill went; `notFound` or `enrolment.refused` where nobody wants to know. */
  reportDrill(drill: DrillOutcome): Promise<Result<null, AppError>>;
}

export interface ReadinessSetup {
  readonly db: Database;
  readonly accounts: () => readonly AccountToAssess[];
  readonly secrets: Secrets;
  /** Whether the key store of this laptop protects anything. */
  readonly isKeyStoreProtected: boolean;
  readonly records: Records;
  /** Read whenever it is needed; null: the company has named nothing. */
  readonly providerRecords: () => ProviderRecords | null;
  /** By how much this clock is ahead of the provider's, in ms; null: nobody could be asked. Never rejects. */
  readonly clockAhead: () => Promise<number | null>;
  /** Where the report is left for the tools of IT, without anything personal. */
  readonly file: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
}

export interface ReadinessService {
  start(): void;
  stop(): Promise<void>;
  /** A drill that everybody sees may have begun. */
  failoverChanged(): void;
  /** For every account: what would work on this laptop if Exchange died now. */
  report(): Promise<readonly Readiness[]>;
  /** Signs in as an outage would, and yields the new report. `notFound`: there is no such account. */
  rehearse(accountId: AccountId): Promise<Result<Readiness, AppError>>;
}

/** Rehearses once a day by itself, each laptop at its own time, takes part in drills, and remembers how all of it went. */
export function createReadinessService(setup: ReadinessSetup): ReadinessService {
  const { db, clock, log, announce } = setup;
  /** Between 0 and 1, one for each start. */
  const chance = (setup.random.bytes(1)[0] ?? 0) / 255;
  let isStopped = false;
  const startedAt = clock.now();
  let leftAt: EpochMs | null = null;

  const assessNow = async (account: AccountToAssess): Promise<Readiness> => {
    const opened = await setup.secrets.get({ address: account.address, provider: 'continuity' });
    const isSound = opened.ok || !opened.error.code.startsWith('keystore.');
    const domain = findFact<readonly DomainFinding[]>(db, account.id, 'domain');
    const ahead = findFact<number>(db, account.id, 'clock');
    return assess(
      {
        accountId: account.id,
        signIn: { exchange: account.signIn('exchange'), continuity: account.signIn('continuity') },
        rehearsal: findRehearsal(db, account.id),
        copy: account.copy(),
        keyStore: { error: isSound ? null : opened.error, isProtected: setup.isKeyStoreProtected },
        domain: domain === null ? null : { at: domain.at, findings: domain.fact },
        clock: ahead === null ? null : { at: ahead.at, aheadMs: ahead.fact },
        certificates: account.certificates(),
        isPolicyInForce: account.isPolicyInForce(),
        drills: visibleDrills(db, account.id, shownDrills).map(
          ({ triedAt: _triedAt, reportedAt: _reportedAt, ...drill }) => drill,
        ),
      },
      clock.now(),
    );
  };

  const report = () => Promise.all(setup.accounts().map(assessNow));

  const lookUp = async (account: AccountToAssess): Promise<void> => {
    const provider = setup.providerRecords();
    const [findings, ahead] = await Promise.all([
      provider === null ? null : lookAtDomain(account.address, provider, setup.records),
      setup.clockAhead(),
    ]);
    if (isStopped) return;
    const at = clock.now();
    if (provider === null) saveFact(db, account.id, 'domain', null);
    else if (findings !== null) saveFact(db, account.id, 'domain', { at, fact: findings });
    if (ahead !== null) saveFact(db, account.id, 'clock', { at, fact: ahead });
  };

  const rehearseNow = async (account: AccountToAssess): Promise<void> => {
    const triedAt = clock.now();
    const [outcome] = await Promise.all([account.rehearse(), lookUp(account)]);
    if (isStopped) return;
    const error = outcome.ok ? null : outcome.error;
    log.info('rehearsed', { accountId: account.id, code: error?.code ?? null });
    saveRehearsal(db, account.id, triedAt, error);
    announce('readiness');
  };

  /** The report of this moment, replaced as a whole, so that nobody reads half of it. */
  const leaveFile = async (): Promise<void> => {
    const accounts = (await report()).map(({ accountId, level, todo, checks, drills }) => ({
      account: accountId,
      level,
      todo,
      checks: checks.map(({ name, level: own, at, error, todo: ownTodo }) => ({
        name,
        level: own,
        at,
        error: error?.code ?? null,
        todo: ownTodo,
      })),
      drills: drills.map(({ from, until, outcome, error }) => ({
        from,
        until,
        outcome,
        error: error?.code ?? null,
      })),
    }));
    leftAt = clock.now();
    const content: ReadinessFile = { version: 1, writtenAt: leftAt, accounts };
    try {
      writeFileSync(`${setup.file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${setup.file}.new`, setup.file);
    } catch {
      log.warn('report not written');
    }
  };

  /**
   * A failure may have been the network's: it is tried again within the hour. What a provider has done with a mail it will
   * do again: one a day is enough.
   */
  const dueAt = ({ id, place }: AccountToAssess): EpochMs => {
    const firstAt = startedAt + firstAfterMs + place * firstWithinMs;
    const last = findRehearsal(db, id);
    if (last === null) return firstAt;
    const isFinal = last.error === null || ['drill.notArrived', 'server.refused'].includes(last.error.code);
    return Math.max(firstAt, last.triedAt + (isFinal ? (0.75 + chance / 2) * dayMs : hourMs));
  };

  /** The person's wish and the daily one would sign in twice at once. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = last.then(run);
    last = mine.catch(() => {});
    return mine;
  };

  const worker = createWorker(clock, async () => {
    try {
      return await doWhatIsDue();
    } catch (error) {
      log.warn('not stored', { code: classifyStorageError(error).code });
      return hourMs;
    }
  });

  const doWhatIsDue = async (): Promise<number> => {
    let hasNews = false;
    let drillMs = Number.POSITIVE_INFINITY;
    for (const account of setup.accounts()) {
      if (clock.now() >= dueAt(account) && account.state() === 'calm') {
        await inTurn(() => rehearseNow(account));
        hasNews = true;
      }
      const drilled = await inTurn(() => takePartInDrill(account, setup));
      hasNews ||= drilled.hasNews;
      drillMs = Math.min(drillMs, drilled.againMs);
    }
    if (hasNews) announce('readiness');
    if (hasNews || leftAt === null || clock.now() - leftAt > 10 * minuteMs) await leaveFile();
    const next = Math.min(...setup.accounts().map(dueAt)) - clock.now();
    return Math.min(hourMs, drillMs, Math.max(10 * minuteMs * chance + minuteMs, next));
  };

  return {
    start: () => worker.wake(),
    stop: () => {
      isStopped = true;
      return worker.stop();
    },
    failoverChanged: () => {
      if (setup.accounts().some((account) => account.drill() !== null)) worker.wake();
    },
    report,
    rehearse: async (accountId) => {
      const account = setup.accounts().find(({ id }) => id === accountId);
      if (account === undefined) return err(appError('notFound', 'never'));
      await inTurn(() => rehearseNow(account));
      await leaveFile();
      return ok(await assessNow(account));
    },
  };
}
