import { calculateJwkThumbprint } from 'jose';
import { type AppError, appError } from '../../../shared/errors.ts';
import { translator } from '../../../shared/messages/index.ts';
import type { AccountId, EpochMs, OutageId } from '../../../shared/model/ids.ts';
import type { LedgerProof } from '../../../shared/model/ledger.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  type CountersignedHead,
  chainEnd,
  countersignedHead,
  ledgerLines,
  listOutages,
  saveCountersignedHead,
} from '../cache/queries/ledger-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Clock, Logger, Secrets } from '../ports.ts';
import type { AttachmentBytes } from '../protocol.ts';
import { createWorker } from '../worker.ts';
import { followChain } from './chain.ts';
import { csvOf, mergeLedgers } from './fleet.ts';
import { type LedgerKey, ledgerFile, signHead } from './ledger-file.ts';
import { printedLedger } from './printed-ledger.ts';
import { openSigningKey } from './signing-key.ts';

/** How often the provider is asked while a ledger grows, and when it could not sign or said that it never does. */
const minuteMs = 60_000;
const pauseMs = 15 * minuteMs;
const refusedPauseMs = 24 * 60 * minuteMs;

export interface LedgerServiceSetup {
  readonly db: Database;
  /** Those whose mailboxes run. */
  readonly accounts: () => readonly { readonly id: AccountId; readonly address: string }[];
  /** The provider's signature on a head; see `EnrolmentService.countersign`. */
  readonly countersign: (accountId: AccountId, head: string) => Promise<Result<string, AppError>>;
  readonly secrets: Secrets;
  /** The person's, for the printed page. */
  readonly locale: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Somebody has signed. */
  readonly signed: () => void;
}

/** `page` is HTML, to be printed. `signed` is always the whole ledger of the account. */
export interface LedgerExport {
  readonly accountId: AccountId;
  /** Null: every outage. */
  readonly outageId: OutageId | null;
  readonly form: 'signed' | 'csv' | 'page';
}

export interface LedgerService {
  /** Has the heads of ledgers that have grown countersigned, now and whenever they grow. */
  start(): void;
  stop(): Promise<void>;
  /** There may be another line. */
  wake(): void;
  proof(accountId: AccountId): Promise<LedgerProof>;
  /** `notFound`: there is no such account. Without bodies and subjects, in every form. */
  export(wanted: LedgerExport): Promise<Result<AttachmentBytes, AppError>>;
}

/**
 * Signs ledgers by the key of this device, and has the provider sign them too where it offers that: soon after each
 * line, so that what came before cannot be written otherwise any more.
 */
export function createLedgerService(setup: LedgerServiceSetup): LedgerService {
  const { db, clock, log } = setup;
  const askAgainAt = new Map<AccountId, EpochMs>();
  let key: Promise<Result<LedgerKey, AppError>> | null = null;

  /** One that could not be had is asked for again. */
  async function signingKey(): Promise<Result<LedgerKey, AppError>> {
    key ??= openSigningKey(setup.secrets);
    const opened = await key;
    if (!opened.ok) key = null;
    return opened;
  }

  interface SignedHead extends Omit<CountersignedHead, 'countersignature'> {
    readonly countersignature: string | null;
  }

  /** The head of the ledger as it is now, by both where that is possible. */
  async function sign(accountId: AccountId, address: string): Promise<Result<SignedHead, AppError>> {
    const end = chainEnd(db, accountId);
    const known = countersignedHead(db, accountId);
    if (known !== null && known.count === end.count && known.hash === end.hash) return ok(known);
    const opened = await signingKey();
    if (!opened.ok) return opened;
    const at = clock.now();
    const signedAt = new Date(at).toISOString();
    const head = await signHead({ account: address, end, signedAt }, opened.value);
    const signed = { ...end, head, at };
    const countersignature = await setup.countersign(accountId, head);
    if (!countersignature.ok) {
      const { code } = countersignature.error;
      const isFinal = code === 'enrolment.refused' || code === 'server.refused';
      askAgainAt.set(accountId, at + (isFinal ? refusedPauseMs : pauseMs));
      if (code !== 'notFound') log.warn('not countersigned', { code });
      return ok({ ...signed, countersignature: null });
    }
    askAgainAt.set(accountId, at + pauseMs);
    const full = { ...signed, countersignature: countersignature.value };
    saveCountersignedHead(db, accountId, full);
    log.info('countersigned', { lines: end.count });
    setup.signed();
    return ok(full);
  }

  const worker = createWorker(clock, async () => {
    const pauses: number[] = [];
    for (const { id, address } of setup.accounts()) {
      try {
        const { count } = chainEnd(db, id);
        if (count === (countersignedHead(db, id)?.count ?? 0)) continue;
        const wait = (askAgainAt.get(id) ?? 0) - clock.now();
        if (wait <= 0) await sign(id, address);
        pauses.push(wait > 0 ? Math.min(wait, pauseMs) : pauseMs);
      } catch (error) {
        log.warn('not stored', { code: classifyStorageError(error).code });
        pauses.push(pauseMs);
      }
    }
    return pauses.length === 0 ? null : Math.min(...pauses);
  });

  return {
    start: () => worker.wake(),
    stop: () => worker.stop(),
    wake: () => worker.wake(),
    proof: async (accountId) => {
      const opened = await signingKey();
      const countersigned = countersignedHead(db, accountId);
      return {
        lines: chainEnd(db, accountId).count,
        device: opened.ok ? await calculateJwkThumbprint(opened.value) : null,
        countersigned: countersigned === null ? null : { lines: countersigned.count, at: countersigned.at },
      };
    },
    export: async ({ accountId, outageId, form }) => {
      const account = setup.accounts().find(({ id }) => id === accountId);
      if (account === undefined) return err(appError('notFound', 'never'));
      const name = `ledger ${account.address} ${new Date(clock.now()).toISOString().slice(0, 10)}`;
      const signed = await sign(accountId, account.address);
      if (!signed.ok) return signed;
      const written = ledgerLines(db, accountId).slice(0, signed.value.count);
      if (form === 'signed') {
        const file = ledgerFile(written, signed.value.head, signed.value.countersignature);
        return ok(textFile(`${name}.ledger`, 'text/plain', file));
      }
      const opened = await signingKey();
      if (!opened.ok) return opened;
      const device = await calculateJwkThumbprint(opened.value);
      const { lines } = followChain(written);
      const fleet = mergeLedgers([{ account: account.address, device, lines }]);
      const isMeant = ({ latest }: { readonly latest: { readonly outage: number } }): boolean =>
        outageId === null || latest.outage === outageId;
      const messages = fleet.messages.filter(isMeant);
      const changes = fleet.changes.filter(isMeant);
      // A byte order mark tells spreadsheets that this is UTF-8.
      if (form === 'csv') {
        return ok(textFile(`${name}.csv`, 'text/csv', `\ufeff${csvOf([...messages, ...changes])}`));
      }
      const page = printedLedger(
        {
          address: account.address,
          outages: listOutages(db, accountId).filter(({ id }) => outageId === null || id === outageId),
          messages,
          changes,
          device,
          signedAt: signed.value.at,
          isCountersigned: signed.value.countersignature !== null,
        },
        { t: translator(setup.locale), locale: setup.locale },
      );
      return ok(textFile(`${name}.html`, 'text/html', page));
    },
  };
}

const textFile = (fileName: string, contentType: string, text: string): AttachmentBytes => ({
  fileName,
  contentType,
  content: Buffer.from(text, 'utf8'),
});
