import { type AppError, appError } from '../../../shared/errors.ts';
import type { Attention } from '../../../shared/model/attention.ts';
import type { FailoverStatus } from '../../../shared/model/failover.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { ProviderSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { findChoice, saveChoice } from '../cache/queries/choice-store.ts';
import {
  beginOutage,
  endOutage,
  loadHome,
  loadState,
  saveHome,
  saveState,
} from '../cache/queries/failover-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Network } from '../net/network.ts';
import type { Announce, Clock, Logger, ReportTraffic, Routes } from '../ports.ts';
import { type Bulletins, type BulletinsOptions, createBulletins } from './bulletins.ts';
import { type OpenControlSession, watchControl } from './control-watch.ts';
import { fullAttention, pauseBetweenSigns } from './core/attention.ts';
import { type Choice, choiceHolds, decreeOf, endOfChoice } from './core/choice.ts';
import { type OtherDoors, signOf } from './core/evidence.ts';
import type { LaptopNetwork } from './core/laptop-network.ts';
import { initialState, step } from './core/machine.ts';
import { type Pace, pauseOf, placeOf } from './core/pace.ts';
import type { Capability, FailoverCommand, FailoverEvent, FailoverState } from './core/state.ts';
import { routesOf, statusOf, urgentRouteOf } from './core/status.ts';
import type { ExchangeGate } from './exchange-gate.ts';
import { askHealthPage } from './health-page.ts';
import { createNetworkCheck } from './network-check.ts';
import { probeDoor, probeGreeting } from './probes.ts';
import { createSights } from './sights.ts';

/** What holds is looked at again at least this often, since a clock may be set while nothing else happens. */
const longestHeedMs = 60_000;

export interface FailoverOptions {
  readonly account: { readonly id: AccountId; readonly address: string };
  readonly db: Database;
  readonly exchange: ProviderSettings;
  readonly network: Network;
  /** Shut for as long as an incident lasts. */
  readonly gate: Pick<ExchangeGate, 'shut' | 'open'>;
  readonly openControlSession: OpenControlSession;
  /** Read whenever it is needed: it may change in between. */
  readonly policy: {
    /** "host:port" of neither provider. */
    readonly neutralHosts: readonly string[];
    /** An http address, and what it answers where nobody stands in between; null: not asked. */
    readonly portalCheck: string | null;
    readonly portalCheckAnswer: string;
    /** https addresses of an Exchange in the house that say 200 while it is well. */
    readonly healthPages: readonly string[];
    readonly probeSeconds: number;
    readonly deadlineSeconds: number;
    /** The pause between two signs of life while nobody is at the laptop. */
    readonly idleProbeSeconds: number;
    /** For how long the identity provider may be away; 0: for ever. */
    readonly signInMinutes: number;
    readonly holdDownSeconds: number;
    /** Over how long all laptops together come to a server that they were not at. */
    readonly spreadSeconds: number;
    /** Whether a person may send by continuity what a planned maintenance holds. */
    readonly mayGoUrgently: boolean;
    /** Whether a person may choose the way, and for how long that counts. */
    readonly mayChoose: boolean;
    readonly choiceHours: number;
  };
  /** In which network this laptop is. */
  readonly here: () => LaptopNetwork;
  readonly bulletins: Pick<BulletinsOptions, 'policy' | 'platform'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
  /** Called when Exchange is the route again, and again when a doubt in between has passed. Answer by `reconciled`. */
  readonly startReconcile: () => void;
}

export interface Failover {
  readonly routes: Routes;
  readonly report: ReportTraffic;
  /** Bytes that sessions with Exchange's IMAP have received: it is not away while they come. */
  heard(bytes: number): void;
  readonly takeBulletins: Bulletins['take'];
  status(): FailoverStatus;
  /**
   * The person wants something held to leave now: the route it may take, or null where nothing is held or policy does
   * not allow it. What leaves by it is carried over afterwards.
   */
  goUrgently(): Route | null;
  /** By which route what is to go urgently goes now; null: like everything else. */
  urgentRoute(): Route | null;
  /**
   * The person chooses a way; null: back to the evidence. It outlives a restart, and ends by itself when its hours are
   * over, when a bulletin decides, and when policy no longer allows it. `input.invalid` where it is not theirs to choose;
   * `storage.*`: nothing has changed.
   */
  choose(route: Route | null): Result<null, AppError>;
  /** Everything of the outage has been carried over. */
  reconciled(): void;
  laptopWoke(): void;
  networkChanged(): void;
  /** Credentials for Exchange can be had again. */
  canSignIn(): void;
  /** Who sits before the laptop, and whether it is on battery: how often Exchange is asked follows from it. */
  attend(attention: Attention): void;
  policyChanged(): void;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Runs the machine for one account: feeds it one event at a time, saves what it decides before anybody hears of it,
 * and carries out its commands.
 */
export function createFailover(options: FailoverOptions): Failover {
  const { account, db, exchange, network, clock, log, announce } = options;
  const pace = (): Pace => ({
    probeMs: options.policy.probeSeconds * 1000,
    deadlineMs: options.policy.deadlineSeconds * 1000,
    holdDownMs: options.policy.holdDownSeconds * 1000,
    spreadMs: options.policy.spreadSeconds * 1000,
    place: placeOf(account.address),
  });
  let attention = fullAttention;

  /** A doubt and a return are settled at the full pace, whoever looks. */
  function calmPace(): Pace {
    const full = pace();
    if (!isCalm(state)) return full;
    const idleMs = options.policy.idleProbeSeconds * 1000;
    return { ...full, probeMs: pauseBetweenSigns(attention, { probeMs: full.probeMs, idleMs }) };
  }

  // Saved by this very program; the schema's migrations change it when its type changes.
  let state = (loadState(db, account.id) as FailoverState | null) ?? initialState(clock.now());
  let isRunning = false;
  const listeners = new Set<() => void>();

  if (state.kind === 'incident') options.gate.shut();

  // --- one event at a time ---

  const waiting: FailoverEvent[] = [];
  let isStepping = false;

  function handle(event: FailoverEvent): void {
    waiting.push(event);
    if (isStepping) return;
    isStepping = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (isRunning) take(next);
      }
    } finally {
      isStepping = false;
    }
  }

  function take(event: FailoverEvent): void {
    const before = state;
    const { state: after, commands } = step(before, event, clock.now());
    state = after;
    if (after.kind === 'incident') options.gate.shut();
    else if (before.kind === 'incident') options.gate.open();
    unrecorded.push(...commands.filter(isRecord));
    isSaved &&= after === before;
    if (!isSaved) save();
    for (const command of commands) carryOut(command);
    if (after !== before) tell(before, after);
  }

  // --- the database ---

  /** Outages that began or ended, oldest first, until the database has them. */
  const unrecorded: RecordCommand[] = [];
  let isSaved = true;

  /** A disk that is full must not stop a switch: it is tried again at the next event. */
  function save(): void {
    try {
      db.transaction(() => {
        for (const command of unrecorded) {
          if (command.kind === 'endOutage') endOutage(db, account.id, command.at);
          else beginOutage(db, account.id, command.outage.since, command.outage.cause);
        }
        saveState(db, account.id, state, clock.now());
      })();
    } catch (error) {
      log.warn('state not saved', { code: classifyStorageError(error).code });
      return;
    }
    isSaved = true;
    if (unrecorded.splice(0).length > 0) announce('ledger');
  }

  // --- the commands ---

  /** Probes and timers that run, each kind once. What is no longer in here no longer counts. */
  const running = new Map<string, () => void>();

  function replace(name: string, cancel: () => void): void {
    running.get(name)?.();
    running.set(name, cancel);
  }

  function probe(name: string, run: (signal: AbortSignal) => Promise<FailoverEvent>): void {
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    replace(name, cancel);
    void run(controller.signal).then((event) => {
      if (running.get(name) !== cancel) return;
      running.delete(name);
      handle(event);
    });
  }

  function wait(name: string, ms: number, event: FailoverEvent): void {
    const cancel = clock.after(ms, () => {
      running.delete(name);
      handle(event);
    });
    replace(name, cancel);
  }

  const networkCheck = createNetworkCheck(clock);
  const sights = createSights({
    exchange,
    network,
    here: options.here,
    clock,
    deadlineMs: () => pace().deadlineMs,
    home: loadHome(db, account.id),
    moved: (home) => {
      try {
        saveHome(db, account.id, home);
      } catch (error) {
        log.warn('home not saved', { code: classifyStorageError(error).code });
      }
    },
  });

  const control = watchControl({
    open: options.openControlSession,
    clock,
    pace: calmPace,
    answered: () => {
      sights.answered();
      handle({ kind: 'controlAnswered', tried: sights.note('control', null) });
    },
    failed: (met) => {
      const error = sights.seen('reading', met);
      handle({ kind: 'controlFailed', error, tried: sights.note('control', error) });
    },
  });

  function rest(): Promise<void> {
    for (const cancel of running.values()) cancel();
    running.clear();
    return control.drop();
  }

  function carryOut(command: FailoverCommand): void {
    switch (command.kind) {
      case 'connectControl':
        control.connect();
        break;
      case 'dropControl':
        void control.drop();
        break;
      case 'rest':
        void rest();
        break;
      case 'probeGreeting':
        probe('greeting', (signal) => askForGreeting(command.capability, signal));
        break;
      case 'probeNeutral':
        probe('neutral', askForNetwork);
        break;
      case 'wait':
        wait(command.timer, pauseOf(command, state, calmPace(), clock.now()), {
          kind: 'elapsed',
          timer: command.timer,
        });
        break;
      case 'awaitSignIn': {
        const { signInMinutes } = options.policy;
        if (signInMinutes > 0) wait('signIn', signInMinutes * 60_000, { kind: 'elapsed', timer: 'signIn' });
        break;
      }
      case 'startReconcile':
        options.startReconcile();
        break;
      case 'beginOutage':
      case 'endOutage':
        break; // Recorded with the state.
    }
  }

  async function askForGreeting(capability: Capability, signal: AbortSignal): Promise<FailoverEvent> {
    const limits = { network, clock, stepMs: pace().deadlineMs, signal };
    const asked = capability === 'reading' ? 'imap' : 'submission';
    const result = await probeGreeting(exchange[asked], asked, limits);
    if (result.ok) {
      if (capability === 'reading') sights.answered();
      return { kind: 'greeted', capability, tried: sights.note(asked, null) };
    }
    const error = sights.seen(capability, result.error);
    const tried = sights.note(asked, error);
    const doors = signOf(error) === 'refused' ? await askOtherDoors(capability, signal) : 'unknown';
    return { kind: 'notGreeted', capability, error, doors, tried };
  }

  /** In the moment in which one door is shut: the other one, and the health pages. */
  async function askOtherDoors(capability: Capability, signal: AbortSignal): Promise<OtherDoors> {
    const other = exchange[capability === 'reading' ? 'submission' : 'imap'];
    const doors = await Promise.all([
      probeDoor(network, other, signal),
      ...options.policy.healthPages.map((url) =>
        askHealthPage(network.fetchFor('primary'), url, { signal, longestMs: pace().deadlineMs / 3 }),
      ),
    ]);
    if (doors.includes('open')) return 'open';
    return doors.includes('shut') ? 'shut' : 'unknown';
  }

  async function askForNetwork(signal: AbortSignal): Promise<FailoverEvent> {
    const limits = { network, clock, stepMs: pace().deadlineMs, signal };
    const met = await networkCheck(options.policy, limits);
    const tried = sights.noteNeutral(met);
    if (met === 'reached') return { kind: 'neutralReached', tried };
    return met === 'portal'
      ? { kind: 'neutralUnreached', why: 'portal', tried }
      : { kind: 'neutralUnreached', tried };
  }

  // --- bulletins ---

  const bulletins = createBulletins({ ...options.bulletins, account, db, clock, log, changed: heed });
  let choice: Choice | null = findChoice(db, account.id);
  let cancelHeed = (): void => {};
  let told = '';

  const mayChoose = (): boolean => options.policy.mayChoose && bulletins.standing().decree === 'none';

  function endChoice(): void {
    choice = null;
    log.info('choice ended');
    try {
      saveChoice(db, account.id, null);
    } catch (error) {
      // Its hours end it after a restart at the latest.
      log.warn('end of choice not saved', { code: classifyStorageError(error).code });
    }
  }

  function heed(): void {
    cancelHeed();
    if (!isRunning) return;
    const { decree, nextAt, notices } = bulletins.standing();
    const { choiceHours } = options.policy;
    if (choice !== null && !(mayChoose() && choiceHolds(choice, choiceHours, clock.now()))) endChoice();
    const moments = [nextAt, choice === null ? null : endOfChoice(choice, choiceHours)].filter(
      (at) => at !== null,
    );
    if (moments.length > 0)
      cancelHeed = clock.after(
        Math.min(longestHeedMs, Math.max(0, Math.min(...moments) - clock.now())),
        heed,
      );
    handle({ kind: 'decreed', decree: choice === null ? decree : decreeOf(choice) });
    const toTell = JSON.stringify([notices, choice, mayChoose()]);
    if (toTell === told) return;
    told = toTell;
    announce('failover');
  }

  function urgentRoute(): Route | null {
    return options.policy.mayGoUrgently ? urgentRouteOf(state) : null;
  }

  // --- what others see ---

  function tell(before: FailoverState, after: FailoverState): void {
    const [old, fresh] = [statusOf(before), statusOf(after)];
    if (old.kind !== fresh.kind || old.reading !== fresh.reading || old.sending !== fresh.sending) {
      const { kind, reading, sending, cause } = fresh;
      // The same evidence that the banner shows, without the servers' names.
      const evidence = fresh.evidence.map(({ asked, answer }) => `${asked} ${answer}`).join(', ');
      log.info('state changed', { from: old.kind, kind, reading, sending, cause, evidence });
    }
    // Of a doubt nobody hears line by line.
    const isSameDoubt = old.kind === 'suspect' && fresh.kind === 'suspect';
    if (!isSameDoubt && JSON.stringify(old) !== JSON.stringify(fresh)) announce('failover');
    if (old.reading !== fresh.reading || old.sending !== fresh.sending) {
      for (const listener of [...listeners]) listener();
    }
  }

  return {
    routes: {
      reading: () => routesOf(state).reading,
      sending: () => routesOf(state).sending,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    heard: sights.heard,
    report: (capability, route, met) => {
      const isExchange = route === 'primary' && met !== null;
      const error = isExchange ? sights.seen(capability, met) : met;
      const tried = isExchange
        ? { tried: sights.note(capability === 'reading' ? 'sync' : 'outbox', error) }
        : {};
      handle({ kind: 'traffic', capability, route, error, ...tried });
    },
    takeBulletins: bulletins.take,
    status: () => ({
      accountId: account.id,
      exchangeHost: exchange.imap.host,
      ...statusOf(state),
      notices: bulletins.standing().notices,
      mayGoUrgently: urgentRoute() !== null,
      chosen: choice === null ? null : { ...choice, until: endOfChoice(choice, options.policy.choiceHours) },
      mayChoose: mayChoose(),
    }),
    choose: (route) => {
      if (route !== null && !mayChoose()) return err(appError('input.invalid', 'never', { field: 'route' }));
      const next = route === null ? null : { route, at: clock.now() };
      try {
        saveChoice(db, account.id, next);
      } catch (error) {
        return err(classifyStorageError(error));
      }
      choice = next;
      log.info('chosen', { route });
      heed();
      return ok(null);
    },
    goUrgently: () => {
      const route = urgentRoute();
      if (route !== null) handle({ kind: 'leftUrgently' });
      return route;
    },
    urgentRoute,
    reconciled: () => handle({ kind: 'reconciled' }),
    laptopWoke: () => {
      // What holds by now comes before anything is asked of Exchange.
      heed();
      handle({ kind: 'woke' });
    },
    networkChanged: () => handle({ kind: 'networkChanged' }),
    canSignIn: () => handle({ kind: 'elapsed', timer: 'reconnect' }),
    attend: (next) => {
      const before = calmPace().probeMs;
      attention = next;
      if (calmPace().probeMs >= before) return;
      // Somebody has come back: what they see should be so now.
      control.ask();
      if (state.kind === 'offline') handle({ kind: 'elapsed', timer: 'recheck' });
    },
    policyChanged: heed,
    start: () => {
      isRunning = true;
      heed();
      handle({ kind: 'woke' });
    },
    stop: () => {
      isRunning = false;
      cancelHeed();
      return rest();
    },
  };
}

/** Nothing is being decided. */
const isCalm = ({ kind }: FailoverState): boolean =>
  kind === 'primary' || kind === 'continuity' || kind === 'offline';

type RecordCommand = Extract<FailoverCommand, { kind: 'beginOutage' | 'endOutage' }>;

const isRecord = (command: FailoverCommand): command is RecordCommand =>
  command.kind === 'beginOutage' || command.kind === 'endOutage';
