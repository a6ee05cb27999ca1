import { type AppError, appError } from '../../shared/errors.ts';
import type { AccountSummary, ProviderName } from '../../shared/model/account.ts';
import type { MessageId, OutgoingId } from '../../shared/model/ids.ts';
import type { Route } from '../../shared/model/route.ts';
import type { AccountSettings, ProviderSettings } from '../../shared/policy/account-settings.ts';
import { livePart } from '../../shared/policy/live.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { type AddressCompletion, createAddressCompletion } from './addresses/address-completion.ts';
import type { Database } from './cache/database.ts';
import { isUrgent, markUrgent } from './cache/queries/bulletin-store.ts';
import { journalReceived } from './cache/queries/journal-store.ts';
import { classifyStorageError } from './cache/storage-error.ts';
import { type Calendar, createCalendar, type ReadyAnswer } from './calendar/calendar-service.ts';
import { createDraftFiling } from './drafts/draft-filing.ts';
import { createDraftsElsewhere, type DraftsElsewhere } from './drafts/drafts-elsewhere.ts';
import { createArrival } from './failover/arrival.ts';
import { bulletinsInMail } from './failover/bulletin-mail.ts';
import { createFailover, type Failover } from './failover/controller.ts';
import type { LaptopNetwork } from './failover/core/laptop-network.ts';
import { placeOf, untilTurn } from './failover/core/pace.ts';
import { createExchangeGate } from './failover/exchange-gate.ts';
import { createIdentities, type Identities } from './identities/identities.ts';
import { type BackOff, createConnections } from './mail/connections.ts';
import { withoutDrills } from './mail/drill-mail.ts';
import { openImapSession } from './mail/imap-session.ts';
import { createSubmit, trySubmission } from './mail/submission.ts';
import type { CredentialSource } from './mail/types.ts';
import { createWarmSession } from './mail/warm-session.ts';
import type { Network } from './net/network.ts';
import { createDoors } from './outbox/doors.ts';
import { createDrafts, type Drafts } from './outbox/drafts.ts';
import { createOutbox, type Outbox } from './outbox/outbox-runner.ts';
import type { AskDeliveryLog } from './outbox/settler.ts';
import { withOwner } from './owner.ts';
import type { Announce, Clock, Logger, OpenBrowser, Random, Secrets } from './ports.ts';
import { drillByMail } from './readiness/drill-by-mail.ts';
import { createReconciler } from './reconcile/reconcile-runner.ts';
import { openedBy } from './sign-in/opened-by.ts';
import { createSignIn, type SignIn } from './sign-in/sign-in.ts';
import { type Actions, createActions } from './sync/operations/actions.ts';
import type { StoreThread } from './sync/store-thread.ts';
import { createSyncRunner, type SyncRunner } from './sync/sync-runner.ts';

interface AccountPorts {
  readonly db: Database;
  readonly policy: Policy;
  readonly locale: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly network: Network;
  readonly openBrowser: OpenBrowser;
  /** In which network this laptop is. */
  readonly here: () => LaptopNetwork;
  readonly announce: Announce;
  /** Null: what comes is stored here. */
  readonly storeThread: StoreThread | null;
  /** The sign-in at Exchange of the account that opens this one; null: there is none. */
  readonly signInOfOpener: () => SignIn | null;
  /** Stands between continuity's credentials and whoever shows them: a device may be shut out. */
  readonly guardContinuity: (source: CredentialSource) => CredentialSource;
  /** What the provider's delivery log says of a message of this account. */
  readonly deliveryLog: AskDeliveryLog;
  /** Resolves soon: when it is known what bulletins say, or cannot be known. */
  readonly bulletinsAsked: () => Promise<void>;
}

/** The running parts of one account. */
export interface AccountEngine {
  readonly account: AccountSummary;
  /** Of the mailboxes. */
  readonly hosts: Readonly<Record<ProviderName, string>>;
  readonly signIns: Readonly<Record<ProviderName, SignIn>>;
  readonly failover: Failover;
  readonly sync: SyncRunner;
  readonly actions: Actions;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly draftsElsewhere: DraftsElsewhere;
  readonly calendar: Calendar;
  /** Sends by continuity what a planned maintenance holds; `input.invalid` where nothing is held, or policy forbids it. */
  sendUrgently(id: OutgoingId): Result<null, AppError>;
  /** The policy says something else; most of it is read when it is needed. */
  policyChanged(): void;
  laptopWoke(): void;
  networkChanged(): void;
  readonly identities: Identities;
  readonly addresses: AddressCompletion;
  /** Signs in to continuity as an outage would; while Exchange is in order, a mail of its own goes there and back. */
  rehearse(): Promise<Result<null, AppError>>;
  stop(): Promise<void>;
}

/**
 * Wires one account: failover decides the routes, sync and outbox follow them and report what they meet, and after
 * an outage failover asks reconcile to carry everything over.
 */
export function createAccountEngine(
  account: AccountSummary,
  settings: AccountSettings,
  ports: AccountPorts,
): AccountEngine {
  const { db, policy, clock, random, announce } = ports;
  const log = ports.log.child(`account-${account.id}`);
  const gate = createExchangeGate(ports.network, ports.bulletinsAsked);
  const { network } = gate;

  const providers: Readonly<Record<Route, ProviderSettings>> = {
    primary: settings.exchange,
    continuity: settings.continuity,
  };
  const signInAt = (provider: ProviderName, route: Route): SignIn =>
    createSignIn({
      ...ports,
      account,
      provider,
      settings: providers[route].authentication,
      fetch: network.fetchFor(route),
      tryCredentials: async (shown) => {
        const opened = await openImapSession({
          network,
          route,
          server: providers[route].imap,
          credentials: async () => ok(shown),
          log: log.child(`imap-${route}`),
        });
        if (!opened.ok) return opened;
        await opened.value.close();
        return ok(null);
      },
      log: log.child(`sign-in-${provider}`),
      onUsable: () => {
        if (provider === 'exchange') failover.canSignIn();
        sync.poke();
        outbox.poke();
      },
    });
  const signIns = {
    exchange:
      settings.openedBy === undefined
        ? signInAt('exchange', 'primary')
        : openedBy(account.id, settings.exchange.authentication.user, ports.signInOfOpener),
    continuity: signInAt('continuity', 'continuity'),
  };
  const credentials = {
    primary: signIns.exchange.credentials,
    continuity: ports.guardContinuity(signIns.continuity.credentials),
  };
  const openUncounted = async (route: Route, backOff?: BackOff) => {
    const opened = await openImapSession({
      network,
      route,
      server: providers[route].imap,
      credentials: credentials[route],
      log: log.child(`imap-${route}`),
      ...(backOff === undefined ? {} : { backOff }),
      ...(route === 'primary' ? { heard: (bytes) => failover.heard(bytes) } : {}),
    });
    if (opened.ok) signIns[route === 'primary' ? 'exchange' : 'continuity'].letIn();
    return opened;
  };
  const { open: openSession } = createConnections({ openSession: openUncounted, now: clock.now });

  const failover = createFailover({
    account,
    db,
    network,
    gate,
    here: ports.here,
    exchange: settings.exchange,
    openControlSession: () => openUncounted('primary'),
    policy: livePart(policy, {
      neutralHosts: 'network.neutralHosts',
      portalCheck: 'network.portalCheck',
      portalCheckAnswer: 'network.portalCheckAnswer',
      healthPages: 'failover.healthPages',
      idleProbeSeconds: 'failover.idleProbeSeconds',
      signInMinutes: 'failover.signInMinutes',
      probeSeconds: 'failover.probeSeconds',
      deadlineSeconds: 'failover.deadlineSeconds',
      holdDownSeconds: 'failover.holdDownSeconds',
      spreadSeconds: 'failover.spreadSeconds',
      mayGoUrgently: 'maintenance.urgentMail',
      mayChoose: 'failover.personMayChoose',
      choiceHours: 'failover.choiceHours',
    }),
    bulletins: {
      platform: process.platform,
      policy: livePart(policy, {
        keys: 'bulletins.keys',
        graveKeys: 'bulletins.graveKeys',
        groups: 'bulletins.groups',
        spreadSeconds: 'failover.spreadSeconds',
      }),
    },
    clock,
    log: log.child('failover'),
    announce,
    startReconcile: () => reconciler.run(),
  });

  const identities = createIdentities({
    account,
    db,
    policy: settings.identities ?? [],
    language: ports.locale.split(/[-_]/)[0]?.toLowerCase() ?? 'en',
    routes: failover.routes,
    announce,
    changed: () => outbox.poke(),
  });

  const warmPolicy = livePart(policy, {
    isWarm: 'continuity.warm',
    spreadSeconds: 'failover.spreadSeconds',
  });
  const warm = createWarmSession({
    open: () => openSession('continuity'),
    isAllowed: () => warmPolicy.isWarm,
    isCalm: () => failover.status().kind === 'primary',
    untilTurn: (earliestMs) =>
      untilTurn(
        { spreadMs: warmPolicy.spreadSeconds * 1000, place: placeOf(account.address) },
        earliestMs,
        clock.now(),
      ),
    clock,
    log: log.child('warm'),
  });

  const arrival = createArrival({
    address: account.address,
    isThere: warm.isReady,
    routes: failover.routes,
    policy: livePart(policy, { spreadSeconds: 'failover.spreadSeconds' }),
    clock,
  });

  const sync = createSyncRunner({
    account,
    db,
    isOwnAddress: identities.isOwnAddress,
    openSession: async (route) => {
      const session = route === 'continuity' ? warm.take() : null;
      const opened = session === null ? await openSession(route) : ok(session);
      return opened.ok && route === 'continuity' ? ok(withoutDrills(opened.value)) : opened;
    },
    routes: arrival,
    report: (capability, route, error) => {
      failover.report(capability, route, error);
      if (error === null) outbox.heardFrom(route);
    },
    policy: livePart(policy, {
      windowDays: 'sync.windowDays',
      largestAttachmentMegabytes: 'sync.largestAttachmentMegabytes',
      diskMegabytes: 'sync.diskMegabytes',
      leftOutFolders: 'sync.leftOutFolders',
      pollSeconds: 'sync.pollSeconds',
      lookThroughSeconds: 'sync.lookThroughSeconds',
    }),
    clock,
    log: log.child('sync'),
    announce,
    onStored: ({ messageId, route, folderRole }) => {
      if (route !== 'continuity') return;
      journalReceived(db, { accountId: account.id, messageId, now: clock.now() });
      // Once the transaction has ended.
      clock.after(0, () => (folderRole === 'drafts' ? draftFiling.wake() : heedMail(messageId)));
    },
    storeElsewhere: async (batch) =>
      (await ports.storeThread?.store({ ...batch, ownAddresses: identities.ownAddresses() })) ?? false,
  });

  const actions = createActions({ account, db, clock, random, announce, noted: () => sync.poke() });

  const outbox = withOwner(account.id, (owner) =>
    createOutbox({
      owner,
      db,
      doors: createDoors(owner, {
        submit: createSubmit(network),
        server: (route) => providers[route].submission,
        credentials: (route) => credentials[route],
        openSession,
      }),
      identities,
      routes: failover.routes,
      urgentRoute: (id) => (isUrgent(db, account.id, id) ? failover.urgentRoute() : null),
      report: failover.report,
      policy: livePart(policy, { sentCopyWaitSeconds: 'sending.sentCopyWaitSeconds' }),
      deliveryLog: ports.deliveryLog,
      clock,
      log: log.child('outbox'),
      // A message's state is shown in its conversation as well.
      announce: (topic) => {
        announce(topic);
        if (topic === 'outbox') {
          announce('conversations');
          draftFiling.wake();
        }
      },
    }),
  );

  const draftFiling = createDraftFiling({
    account,
    db,
    identities,
    openSession,
    routes: failover.routes,
    clock,
    random,
    log: log.child('drafts'),
    announce,
  });
  const announceDrafts: Announce = (topic) => {
    announce(topic);
    if (topic === 'drafts') draftFiling.wake();
  };
  const draftsElsewhere = createDraftsElsewhere({
    account,
    db,
    identities,
    clock,
    random,
    announce: announceDrafts,
  });
  const drafts = createDrafts({
    account,
    db,
    identities,
    clock,
    random,
    announce: announceDrafts,
    policy: livePart(policy, { undoSeconds: 'sending.undoSeconds' }),
    queued: () => outbox.poke(),
  });

  const sendAnswer = async ({ parentId, from, file, ...written }: ReadyAnswer) => {
    const begun = drafts.create('reply', parentId);
    if (!begun.ok) return begun;
    const { id } = begun.value;
    const text = { cc: [], bcc: [], ...written, from: from ?? begun.value.from };
    const saved = drafts.save(id, text);
    const complete = saved.ok ? drafts.attach(id, file) : saved;
    const sent = complete.ok ? await drafts.send(id) : complete;
    if (!sent.ok) drafts.discard(id);
    return sent;
  };
  const calendar = createCalendar({
    account,
    db,
    identities,
    locale: ports.locale,
    clock,
    zone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    send: sendAnswer,
  });

  const reconciler = createReconciler({
    account,
    db,
    openSession,
    syncPass: (route) => sync.pass(route),
    routes: failover.routes,
    policy: livePart(policy, { handoverWaitSeconds: 'reconcile.handoverWaitSeconds' }),
    clock,
    random,
    log: log.child('reconcile'),
    announce,
    done: () => failover.reconciled(),
  });

  const heedMail = (messageId: MessageId | null): void => {
    for (const board of bulletinsInMail(db, account.id, messageId))
      void failover.takeBulletins(board, 'mail');
  };

  for (const signIn of Object.values(signIns)) signIn.start();
  const rehearse = async (): Promise<Result<null, AppError>> => {
    const session = await openSession('continuity');
    if (!session.ok) return session;
    const isCalm = (): boolean => failover.status().kind === 'primary';
    const server = providers.continuity.submission;
    const shown = credentials.continuity;
    try {
      if (isCalm())
        return await drillByMail({
          account,
          db,
          session: session.value,
          submit: createSubmit(network),
          server,
          credentials: shown,
          isCalm,
          clock,
          random,
        });
      const folders = await session.value.folders();
      if (!folders.ok) return folders;
    } finally {
      await session.value.close();
    }
    return trySubmission(network, { server, route: 'continuity', credentials: shown });
  };

  heedMail(null);
  failover.start();
  warm.start();
  sync.start();
  outbox.start();
  draftFiling.start();
  reconciler.start();

  return {
    account,
    hosts: { exchange: settings.exchange.imap.host, continuity: settings.continuity.imap.host },
    signIns,
    failover,
    sync,
    actions,
    outbox,
    drafts,
    draftsElsewhere,
    calendar,
    identities,
    addresses: createAddressCompletion({ account, db, identities, clock }),
    rehearse,
    sendUrgently: (id) => {
      if (failover.goUrgently() === null)
        return err(appError('input.invalid', 'never', { field: 'outgoingId' }));
      try {
        markUrgent(db, account.id, id);
      } catch (error) {
        return err(classifyStorageError(error));
      }
      announce('outbox');
      outbox.poke();
      return ok(null);
    },
    policyChanged: () => {
      failover.policyChanged();
      sync.poke();
    },
    laptopWoke: () => {
      for (const signIn of Object.values(signIns)) signIn.laptopWoke();
      failover.laptopWoke();
      outbox.networkCame();
    },
    networkChanged: () => {
      failover.networkChanged();
      outbox.networkCame();
    },
    stop: async () => {
      identities.stop();
      arrival.stop();
      await warm.stop();
      for (const signIn of Object.values(signIns)) signIn.stop();
      await Promise.all([outbox.stop(), draftFiling.stop(), reconciler.stop(), sync.stop(), failover.stop()]);
    },
  };
}
