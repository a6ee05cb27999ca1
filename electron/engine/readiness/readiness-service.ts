import { renameSync, writeFileSync } from 'node:fs';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Readiness } from '../../../shared/model/readiness.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { findRehearsal, saveRehearsal } from '../cache/queries/rehearsal-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Announce, Clock, Logger, Random, Secrets } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { assess } from './core/assess.ts';
import type { ReadinessFile } from './readiness-file.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** One account, as far as its readiness goes. */
export interface AccountToAssess {
  readonly id: AccountId;
  readonly address: string;
  signIn(provider: 'exchange' | 'continuity'): Pick<SignInStatus, 'state' | 'acceptedAt'>;
  copy(): Pick<SyncStatus, 'lastCompleteAt' | 'completeness' | 'error'>;
  /** Without a network a rehearsal would say nothing. */
  hasNetwork(): boolean;
  /** Signs in to continuity's mailbox and submission, and sends nothing. */
  rehearse(): Promise<Result<null, AppError>>;
}

export interface ReadinessSetup {
  readonly db: Database;
  readonly accounts: () => readonly AccountToAssess[];
  readonly secrets: Secrets;
  /** Whether the key store of this laptop protects anything. */
  readonly isKeyStoreProtected: boolean;
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
  /** For every account: what would work on this laptop if Exchange died now. */
  report(): Promise<readonly Readiness[]>;
  /** Signs in as an outage would, and yields the new report. `notFound`: there is no such account. */
  rehearse(accountId: AccountId): Promise<Result<Readiness, AppError>>;
}

/** Rehearses once a day by itself, at another time on each laptop, and remembers how it went. */
export function createReadinessService(setup: ReadinessSetup): ReadinessService {
  const { db, clock, log, announce } = setup;
  /** Between 0 and 1, one for each start. */
  const chance = (setup.random.bytes(1)[0] ?? 0) / 255;
  let isStopped = false;
  const firstAt = clock.now() + (1 + 4 * chance) * minuteMs;

  const assessNow = async (account: AccountToAssess): Promise<Readiness> => {
    const opened = await setup.secrets.get({ address: account.address, provider: 'continuity' });
    const isSound = opened.ok || !opened.error.code.startsWith('keystore.');
    return assess(
      {
        accountId: account.id,
        signIn: { exchange: account.signIn('exchange'), continuity: account.signIn('continuity') },
        rehearsal: findRehearsal(db, account.id),
        copy: account.copy(),
        keyStore: { error: isSound ? null : opened.error, isProtected: setup.isKeyStoreProtected },
      },
      clock.now(),
    );
  };

  const report = () => Promise.all(setup.accounts().map(assessNow));

  const rehearseNow = async (account: AccountToAssess): Promise<void> => {
    const triedAt = clock.now();
    const outcome = await account.rehearse();
    if (isStopped) return;
    const error = outcome.ok ? null : outcome.error;
    log.info('rehearsed', { accountId: account.id, code: error?.code ?? null });
    saveRehearsal(db, account.id, triedAt, error);
    announce('readiness');
  };

  /** The report of this moment, replaced as a whole, so that nobody reads half of it. */
  const leaveFile = async (): Promise<void> => {
    const accounts = (await report()).map(({ accountId, level, checks }) => ({
      account: accountId,
      level,
      checks: checks.map(({ name, level: own, at, error }) => ({
        name,
        level: own,
        at,
        error: error?.code ?? null,
      })),
    }));
    const content: ReadinessFile = { version: 1, writtenAt: clock.now(), accounts };
    try {
      writeFileSync(`${setup.file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${setup.file}.new`, setup.file);
    } catch {
      log.warn('report not written');
    }
  };

  /** A failure may have been the network's: it is tried again within the hour. */
  const dueAt = (accountId: AccountId): EpochMs => {
    const last = findRehearsal(db, accountId);
    if (last === null) return firstAt;
    return Math.max(firstAt, last.triedAt + (last.error === null ? (0.75 + chance / 2) * dayMs : hourMs));
  };

  const worker = createWorker(clock, async () => {
    try {
      return await rehearseWhatIsDue();
    } catch (error) {
      log.warn('not stored', { code: classifyStorageError(error).code });
      return hourMs;
    }
  });

  const rehearseWhatIsDue = async (): Promise<number> => {
    for (const account of setup.accounts()) {
      if (clock.now() >= dueAt(account.id) && account.hasNetwork()) await rehearseNow(account);
    }
    await leaveFile();
    const next = Math.min(...setup.accounts().map(({ id }) => dueAt(id))) - clock.now();
    return Math.min(hourMs, Math.max(10 * minuteMs * chance + minuteMs, next));
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    start: () => worker.wake(),
    stop: () => {
      isStopped = true;
      return worker.stop();
    },
    report,
    rehearse: async (accountId) => {
      const account = setup.accounts().find(({ id }) => id === accountId);
      if (account === undefined) return err(appError('notFound', 'never'));
      // Pressed twice, it would be done twice at once.
      const mine = last.then(() => rehearseNow(account));
      last = mine.catch(() => {});
      await mine;
      await leaveFile();
      return ok(await assessNow(account));
    },
  };
}
