import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContractMethods } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { Attention } from '../../shared/model/attention.ts';
import { isSameAddress } from '../../shared/model/identity.ts';
import type { AccountId, AttachmentId } from '../../shared/model/ids.ts';
import type { AccountSettings } from '../../shared/policy/account-settings.ts';
import { livePart, livePolicy } from '../../shared/policy/live.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { type AccountEngine, createAccountEngine } from './account-engine.ts';
import { upsertAccount } from './cache/accounts.ts';
import { exportMessages } from './cache/export-messages.ts';
import { attachmentContent } from './cache/queries/attachment-store.ts';
import type { OnlyHereCounts } from './cache/queries/only-here-store.ts';
import { rekeyDatabase } from './cache/rekey.ts';
import { noteDamage, openOrSalvage } from './cache/salvage.ts';
import { classifyStorageError } from './cache/storage-error.ts';
import { accountsToRun } from './enrolment/core/accounts.ts';
import { createEnrolmentService } from './enrolment/enrolment-service.ts';
import { createBulletinBoard } from './failover/bulletin-board.ts';
import { placeOf } from './failover/core/pace.ts';
import { createLaptopWatch } from './failover/laptop-watch.ts';
import { createLedgerService, type LedgerService } from './ledger/ledger-service.ts';
import { createMethods } from './methods.ts';
import type { Lookup } from './net/dial.ts';
import { createNetwork } from './net/network.ts';
import { createProxyChoice } from './net/proxy-choice.ts';
import { createRecords } from './net/records.ts';
import { watchOnlyHere } from './only-here.ts';
import type { Announce, Clock, Logger, OpenBrowser, Random, ResolveProxy, Secrets } from './ports.ts';
import type { AttachmentBytes, ExportWanted } from './protocol.ts';
import { clockAheadOf } from './readiness/domain-records.ts';
import { createReadinessService, type ReadinessService } from './readiness/readiness-service.ts';
import { createIndexKeeper } from './search/index-keeper.ts';
import type { StoreThread, ThreadData } from './sync/store-thread.ts';
import type { Worker } from './worker.ts';

export interface EngineSetup {
  readonly databaseFile: string;
  /** One, or two when a change of the key was cut short. */
  readonly databaseKeys: readonly Uint8Array[];
  /** What a first copy brings is stored on a thread of its own; where it is left out, here. */
  readonly openStoreThread?: (database: ThreadData, log: Logger) => StoreThread;
  readonly policy: Policy;
  /** The person's, e.g. "de-AT": in its language signatures are chosen. */
  readonly locale: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly isKeyStoreProtected: boolean;
  readonly resolveProxy: ResolveProxy;
  /** How names are looked up; the system's way where it is left out. */
  readonly lookup?: Lookup;
  /** Who is asked for the records of a domain ("127.0.0.1:5353"); the system's where it is left out. */
  readonly nameServers?: readonly string[];
  readonly openBrowser: OpenBrowser;
  readonly announce: Announce;
  /** Hears which accounts run, whenever there is another one. */
  readonly accountsChanged: (accounts: readonly AccountSummary[]) => void;
  /** Hears what is in the copy and nowhere else, at the start and whenever it is another number. */
  readonly onlyHere: (counts: OnlyHereCounts) => void;
  /** Ends this process, so that the next one begins with a copy that was salvaged. */
  readonly restart: () => void;
}

export interface Engine {
  /** Those that run at the start. */
  readonly accounts: readonly AccountSummary[];
  /** Which of the keys opened the copy. */
  readonly openedBy: number;
  call(method: string, input: unknown): Promise<Result<unknown, AppError>>;
  attachment(attachmentId: number): Result<AttachmentBytes, AppError>;
  /** What the person wants to have as a file. Never rejects. */
  exportFile(wanted: ExportWanted): Promise<Result<AttachmentBytes, AppError>>;
  /** Encrypts the copy by another key; after an error either may be the one. */
  rekey(key: Uint8Array): Promise<Result<null, AppError>>;
  /** What takes effect while the app runs does so at once. `needsRestart`: the company says something else besides. */
  policyChanged(policy: Policy, needsRestart: boolean): void;
  laptopWoke(): void;
  /** Who sits before the laptop, and whether it is on battery. */
  attend(attention: Attention): void;
  /** Ends all sessions, then closes the database. */
  stop(): Promise<void>;
}

/**
 * Opens the database and starts every account of the policy, and those enrolled besides. An account that is neither any
 * more stays readable.
 */
export function startEngine(setup: EngineSetup): Result<Engine, AppError> {
  const { policy, log } = setup;
  const opened = openOrSalvage(setup.databaseFile, setup.databaseKeys);
  if (!opened.ok) return opened;
  const { db, openedBy, salvaged } = opened.value;
  const { databaseFile, databaseKeys } = setup;
  const databaseKey = databaseKeys[openedBy];
  const storeThread =
    databaseKey === undefined
      ? null
      : (setup.openStoreThread?.({ databaseFile, databaseKey }, log.child('store')) ?? null);
  if (salvaged !== null)
    log.warn('salvaged a damaged copy', {
      messages: salvaged.rows.message ?? 0,
      damaged: salvaged.damaged.join(' '),
    });

  let isDamaged = false;
  /** The next start makes a new copy of all that can be read. */
  const damaged = ({ code }: AppError): void => {
    if (code !== 'database.damaged' || isDamaged) return;
    isDamaged = true;
    log.warn('the copy is damaged');
    noteDamage(setup.databaseFile);
    setup.restart();
  };
  const onlyHere = watchOnlyHere(db, setup);
  let ledger: LedgerService | null = null;
  let readinessService: ReadinessService | null = null;
  let indexKeeper: Worker | null = null;
  let isPolicyInForce = true;
  const announce: Announce = (topic) => {
    setup.announce(topic);
    onlyHere.wake();
    if (topic === 'ledger') ledger?.wake();
    if (topic === 'conversations') indexKeeper?.wake();
    if (topic === 'failover') readinessService?.failoverChanged();
    if (topic !== 'sync') return;
    for (const { sync } of engines.values()) {
      const { error } = sync.status();
      if (error !== null) damaged(error);
    }
  };
  onlyHere.wake();
  indexKeeper = createIndexKeeper(db, {
    clock: setup.clock,
    log: log.child('search'),
    indexed: () => setup.announce('conversations'),
  });
  indexKeeper.wake();

  const live = livePolicy(policy);
  const network = createNetwork({
    policy: livePart(live.policy, {
      authorities: 'network.certificates',
      pins: 'network.pins',
      isEmergencyDirect: 'network.emergencyDirect',
    }),
    proxies: createProxyChoice(setup),
    clock: setup.clock,
    ...(setup.lookup === undefined ? {} : { lookup: setup.lookup }),
    log: log.child('network'),
  });
  const engines = new Map<AccountId, AccountEngine>();
  const watch = createLaptopWatch({
    clock: setup.clock,
    networkChanged: () => {
      log.info('another network');
      for (const engine of engines.values()) engine.networkChanged();
    },
    slept: () => laptopWoke(),
  });
  watch.start();
  const board = createBulletinBoard({
    ...setup,
    policy: livePart(live.policy, {
      urls: 'bulletins.urls',
      file: 'bulletins.file',
      pollSeconds: 'bulletins.pollSeconds',
    }),
    fetch: network.fetchFor('neutral'),
    log: log.child('bulletins'),
    heard: async (text, source) => {
      await Promise.all([...engines.values()].map(({ failover }) => failover.takeBulletins(text, source)));
    },
  });
  board.start();
  const startAccount = (settings: AccountSettings): void => {
    const { address, displayName } = settings;
    const id = upsertAccount(db, { address, displayName });
    if (engines.has(id)) return;
    const account: AccountSummary = { id, address, displayName, isShared: settings.isShared ?? false };
    engines.set(
      id,
      createAccountEngine(account, settings, {
        ...setup,
        policy: live.policy,
        db,
        network,
        announce,
        storeThread,
        here: watch.here,
        signInOfOpener: () =>
          [...engines.values()].find((other) => isOpener(other.account, settings))?.signIns.exchange ?? null,
        guardContinuity: (source) => enrolment.guard(id, source),
        deliveryLog: (messageId) => enrolment.deliveryLog(id, messageId),
        bulletinsAsked: board.asked,
      }),
    );
  };
  const summaries = () => [...engines.values()].map(({ account }) => account);
  let isStopped = false;

  const enrolment = createEnrolmentService({
    ...setup,
    db,
    provider: policy['continuity.provider'],
    isInPolicy: (address) =>
      policy.accounts.some((settings) => settings.address.toLowerCase() === address.toLowerCase()),
    device: { platform: process.platform, name: hostname() },
    fetch: network.fetchFor('continuity'),
    log: log.child('enrolment'),
    announce,
    identities: (accountId, entries) => void engines.get(accountId)?.identities.replaceFromProvider(entries),
    runAgain: async (accountId) => {
      await engines.get(accountId)?.stop();
      if (isStopped) return;
      engines.delete(accountId);
      startAccounts();
      board.poke();
      setup.accountsChanged(summaries());
    },
  });
  const startAccounts = (): void => {
    for (const settings of accountsToRun(policy.accounts, enrolment.accounts())) startAccount(settings);
  };
  startAccounts();
  enrolment.start();
  const readiness = createReadinessService({
    ...setup,
    db,
    accounts: () =>
      [...engines.values()].map(({ account, hosts, signIns, sync, failover, rehearse }) => ({
        ...account,
        place: placeOf(account.address),
        signIn: (provider) => enrolment.shown(signIns[provider].status()),
        copy: sync.status,
        certificates: () => ({
          exchange: network.certificateEndsAt(hosts.exchange),
          continuity: network.certificateEndsAt(hosts.continuity),
        }),
        isPolicyInForce: () => isPolicyInForce,
        state: () => {
          const { kind, cause } = failover.status();
          if (kind === 'primary') return 'calm';
          if (kind === 'continuity' && cause === 'drill') return 'drill';
          return kind === 'offline' ? 'offline' : 'other';
        },
        drill: () => {
          const notice = failover
            .status()
            .notices.find(({ kind, phase }) => kind === 'drill' && phase === 'running');
          return notice?.window == null ? null : { matter: notice.matter, ...notice.window };
        },
        rehearse,
        reportDrill: (drill) => enrolment.reportDrill(account.id, drill),
      })),
    records: createRecords(setup.nameServers),
    providerRecords: () => live.policy['continuity.domain'],
    clockAhead: async () => {
      const url = enrolment.providerUrl();
      return url === null ? null : clockAheadOf(url, network.fetchFor('continuity'), setup.clock);
    },
    file: join(dirname(setup.databaseFile), 'readiness.json'),
    log: log.child('readiness'),
    announce,
  });
  readinessService = readiness;
  readiness.start();
  const ledgerService = createLedgerService({
    ...setup,
    db,
    accounts: () => [...engines.values()].map(({ account }) => account),
    countersign: enrolment.countersign,
    log: log.child('ledger'),
    signed: () => setup.announce('ledger'),
  });
  ledger = ledgerService;
  ledgerService.start();
  const methods = createMethods({
    db,
    engines,
    enrolment,
    readiness,
    ledger: ledgerService,
    clock: setup.clock,
    announce,
  });

  const laptopWoke = (): void => {
    board.poke();
    for (const engine of engines.values()) engine.laptopWoke();
  };

  return ok({
    openedBy,
    accounts: summaries(),
    call: async (name, input) => {
      try {
        // Main has validated the input against the contract's schema.
        return await methods[name as keyof ContractMethods<'engine'>](input as never);
      } catch (error) {
        const failure = classifyStorageError(error);
        log.warn('call failed', { method: name, code: failure.code });
        damaged(failure);
        return err(failure);
      }
    },
    attachment: (attachmentId) => {
      try {
        return attachmentContent(db, attachmentId as AttachmentId);
      } catch (error) {
        return err(classifyStorageError(error));
      }
    },
    exportFile: async (wanted) => {
      try {
        return await (wanted.kind === 'ledger' ? ledgerService.export(wanted) : exportMessages(db, wanted));
      } catch (error) {
        return err(classifyStorageError(error));
      }
    },
    rekey: async (key) => {
      await storeThread?.pause();
      const done = rekeyDatabase(db, key);
      storeThread?.resume(key);
      // Nobody was listened to meanwhile: as after a sleep, what seems to be late proves nothing.
      laptopWoke();
      return done;
    },
    policyChanged: (next, needsRestart) => {
      isPolicyInForce = !needsRestart;
      live.replace(next);
      board.poke();
      for (const engine of engines.values()) engine.policyChanged();
    },
    laptopWoke,
    attend: (attention) => {
      watch.attend(attention);
      for (const { failover } of engines.values()) failover.attend(attention);
    },
    stop: async () => {
      isStopped = true;
      watch.stop();
      await Promise.all([
        enrolment.stop(),
        readiness.stop(),
        ledgerService.stop(),
        board.stop(),
        ...[...engines.values()].map((engine) => engine.stop()),
      ]);
      await onlyHere.stop();
      await indexKeeper?.stop();
      await storeThread?.stop();
      db.close();
    },
  });
}

/** Only an account with a sign-in of its own opens others. */
function isOpener({ address, isShared }: AccountSummary, { openedBy }: AccountSettings): boolean {
  return openedBy !== undefined && !isShared && isSameAddress(address, openedBy);
}
