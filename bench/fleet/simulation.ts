import { initialState, step } from '../../electron/engine/failover/core/machine.ts';
import { type Pace, pauseOf, placeOf, untilTurn } from '../../electron/engine/failover/core/pace.ts';
import type {
  Decree,
  FailoverCommand,
  FailoverEvent,
  FailoverState,
  TimerName,
} from '../../electron/engine/failover/core/state.ts';
import { routesOf } from '../../electron/engine/failover/core/status.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import type { Route } from '../../shared/model/route.ts';
import { defaultPolicy } from '../../shared/policy/resolve.ts';

/** How Exchange is: it answers, nobody listens, or it accepts and never answers. */
export type ExchangeIs = 'up' | 'refusing' | 'silent';

/** What happens to a fleet. Times are in milliseconds from the beginning. */
export interface Story {
  readonly clients: number;
  readonly seed: number;
  readonly lengthMs: number;
  /** In order of time; up before the first. */
  readonly exchange: readonly (readonly [atMs: number, is: ExchangeIs])[];
  /** What the company declares, in order of time; nothing before the first. */
  readonly decrees?: readonly (readonly [atMs: number, decree: Decree])[];
  /** When a laptop is started, by a number from 0 to 1 of its own; long before the beginning where it is left out. */
  readonly startsAt?: (chance: number) => number;
  /** How many messages a person writes in an hour. */
  readonly messagesPerHour?: number;
}

/** Per second of the story. */
type Series = Uint32Array;

export interface FleetReport {
  /** First contacts of a laptop with continuity since it left Exchange: a session that reads, or a message. */
  readonly continuity: Series;
  /** First sign-ins of a laptop at Exchange since it left it. */
  readonly exchange: Series;
  /** Fresh connections that ask Exchange for no more than its greeting. */
  readonly exchangeProbes: Series;
  /** Connections to neutral hosts, to all of them together. */
  readonly neutralProbes: Series;
  /** Changes of the reading route, of the laptop with the most. */
  readonly mostSwitches: number;
  /** From the moment at which a laptop could know of it (or was started) to its first contact, the longest of all, in ms. */
  readonly longestToContinuity: number;
  readonly longestToExchange: number;
  /** Laptops that are not where they belong at the end. */
  readonly leftBehind: number;
}

/** What a step of the way takes on a good day, in milliseconds. */
const took = { refusal: 20, neutral: 60, greeting: 150, signIn: 400, answer: 50, carryingOver: 5000 };
/** An IMAP session gives up connecting after this: see `ImapLimits`. */
const connectMs = 5000;
/** Laptops that run long since are started within so long from the beginning; nothing should happen before. */
const warmUpMs = 40_000;
/** Events are handled in order of time, to this precision. */
const tickMs = 10;

const pace: Omit<Pace, 'place'> = {
  probeMs: defaultPolicy['failover.probeSeconds'] * 1000,
  deadlineMs: defaultPolicy['failover.deadlineSeconds'] * 1000,
  holdDownMs: defaultPolicy['failover.holdDownSeconds'] * 1000,
  spreadMs: defaultPolicy['failover.spreadSeconds'] * 1000,
};
const pollMs = defaultPolicy['bulletins.pollSeconds'] * 1000;
const neutralHosts = defaultPolicy['network.neutralHosts'].length;

/** Runs of a client that a new one of the same name replaces, as in the controller. */
type Slot = 'greeting' | 'neutral' | 'control' | TimerName;

interface Client {
  readonly pace: Pace;
  state: FailoverState;
  readonly runs: Map<Slot, number>;
  /** When the control session that stands was asked first; null: none stands. */
  controlSince: number | null;
  /** Since when it could know that it is to go there; null: it is there, or has no reason to go. */
  wantsContinuity: number | null;
  wantsExchange: number | null;
  /** Since its route is continuity, whether it has been there. */
  wasThere: boolean;
  arrival: number;
  hasMail: boolean;
  decree: Decree;
  switches: number;
  isOn: boolean;
}

/**
 * Many laptops and one Exchange on a virtual clock: the machine and the pace of the product, and of the controller only
 * what it does with a command. Nothing but the seed is left to chance.
 */
export function simulate(story: Story): FleetReport {
  const random = randomFrom(story.seed);
  const seconds = Math.ceil(story.lengthMs / 1000) + 1;
  const series = (): Series => new Uint32Array(seconds);
  const report = {
    continuity: series(),
    exchange: series(),
    exchangeProbes: series(),
    neutralProbes: series(),
    longestToContinuity: 0,
    longestToExchange: 0,
  };
  const queue: (() => void)[][] = [];
  let now = 0;
  const at = (ms: number, run: () => void): void => {
    const tick = Math.max(Math.ceil(now / tickMs), Math.ceil(ms / tickMs));
    if (tick * tickMs > story.lengthMs) return;
    queue[tick] ??= [];
    queue[tick].push(run);
  };
  const count = (which: Series, many = 1): void => {
    const second = Math.floor(now / 1000);
    which[second] = (which[second] ?? 0) + many;
  };
  const latest = <T>(changes: readonly (readonly [number, T])[], otherwise: T): T =>
    changes.findLast(([since]) => since <= now)?.[1] ?? otherwise;
  let exchange: ExchangeIs = latest(story.exchange, 'up');
  let declared: Decree = 'none';
  let exchangeChangedAt = 0;
  const some = (ms: number): number => ms * (0.5 + random());

  const begin = (client: Client, slot: Slot): (() => boolean) => {
    const mine = cancel(client, slot);
    return () => client.runs.get(slot) === mine;
  };
  const later = (client: Client, slot: Slot, ms: number, event: () => FailoverEvent): void => {
    const isWanted = begin(client, slot);
    at(now + ms, () => {
      if (isWanted()) take(client, event());
    });
  };
  /** Asks Exchange for something that takes `goodMs`; the answer is what it is when it comes. */
  const askExchange = (
    client: Client,
    slot: Slot,
    goodMs: number,
    silenceMs: number,
    answered: () => void,
    failed: (error: AppError) => void,
  ): void => {
    const isWanted = begin(client, slot);
    const asked = exchange;
    const ms = asked === 'up' ? some(goodMs) : asked === 'refusing' ? some(took.refusal) : silenceMs;
    at(now + ms, () => {
      if (!isWanted()) return;
      if (asked === 'up' && exchange === 'up') answered();
      else failed(asked === 'refusing' || exchange === 'refusing' ? refused : timedOut);
    });
  };

  const loseControl = (client: Client): void => {
    client.controlSince = null;
    cancel(client, 'control');
  };
  const controlFails = (client: Client, error: AppError): void => {
    loseControl(client);
    take(client, { kind: 'controlFailed', error });
  };
  const controlStands = (client: Client): void => {
    client.controlSince = now;
    take(client, { kind: 'controlAnswered' });
    if (client.wantsExchange !== null) {
      report.longestToExchange = Math.max(report.longestToExchange, now - client.wantsExchange);
      client.wantsExchange = null;
      count(report.exchange);
    }
  };
  /** Exchange is another: what stands is cut, or hears nothing at its next question. */
  const controlMeets = (client: Client): void => {
    if (client.controlSince === null || exchange === 'up') return;
    const isWanted = begin(client, 'control');
    const cycle = client.pace.probeMs + took.answer;
    const sinceAnswer = (now - client.controlSince) % cycle;
    const { probeMs, deadlineMs } = client.pace;
    const ms = exchange === 'refusing' ? some(took.answer) : probeMs - sinceAnswer + deadlineMs;
    const error = exchange === 'refusing' ? refused : timedOut;
    at(now + ms, () => {
      if (isWanted()) controlFails(client, error);
    });
    // As the last answer has set it.
    later(client, 'recheck', probeMs + deadlineMs - sinceAnswer, () => ({
      kind: 'elapsed',
      timer: 'recheck',
    }));
  };

  const isAtContinuity = (client: Client): void => {
    if (client.wasThere) return;
    client.wasThere = true;
    count(report.continuity);
    if (client.wantsContinuity === null) return;
    report.longestToContinuity = Math.max(report.longestToContinuity, now - client.wantsContinuity);
    client.wantsContinuity = null;
  };

  const take = (client: Client, event: FailoverEvent): void => {
    const before = routesOf(client.state);
    const { state, commands } = step(client.state, event, now);
    client.state = state;
    for (const command of commands) carryOut(client, command);
    const after = routesOf(state);
    if (before.reading !== after.reading) moved(client, before.reading, after.reading);
    if (client.hasMail && after.sending === 'continuity') {
      client.hasMail = false;
      isAtContinuity(client);
    }
  };
  /** As `createArrival` has it; only what was read by continuity is away from Exchange. */
  const moved = (client: Client, from: Route | null, to: Route | null): void => {
    client.switches += from === null || to === null ? 0 : 1;
    client.arrival += 1;
    if (to !== 'continuity') return;
    client.wasThere = false;
    const mine = client.arrival;
    at(now + untilTurn(client.pace, 0, now), () => {
      if (client.arrival === mine) isAtContinuity(client);
    });
  };

  const carryOut = (client: Client, command: FailoverCommand): void => {
    switch (command.kind) {
      case 'connectControl':
        if (client.controlSince !== null && exchange === 'up') {
          later(client, 'control', took.answer, () => ({ kind: 'controlAnswered' }));
        } else if (client.controlSince === null) {
          const failed = (error: AppError): void => controlFails(client, error);
          askExchange(client, 'control', took.signIn, connectMs, () => controlStands(client), failed);
        }
        break;
      case 'dropControl':
        loseControl(client);
        break;
      case 'rest':
        for (const slot of client.runs.keys()) cancel(client, slot);
        loseControl(client);
        break;
      case 'probeGreeting': {
        const { capability } = command;
        count(report.exchangeProbes);
        const greeted = (): void => take(client, { kind: 'greeted', capability });
        const failed = (error: AppError): void => take(client, { kind: 'notGreeted', capability, error });
        askExchange(client, 'greeting', took.greeting, client.pace.deadlineMs, greeted, failed);
        break;
      }
      case 'probeNeutral':
        count(report.neutralProbes, neutralHosts);
        later(client, 'neutral', some(took.neutral), () => ({ kind: 'neutralReached' }));
        break;
      case 'wait': {
        const { timer } = command;
        // A control session that stands answers, and puts it off again and again.
        if (
          timer === 'recheck' &&
          exchange === 'up' &&
          client.controlSince !== null &&
          isOnExchange(client)
        ) {
          begin(client, 'recheck');
          break;
        }
        const ms = pauseOf(command, client.state, client.pace, now);
        later(client, timer, ms, () => ({ kind: 'elapsed', timer }));
        break;
      }
      case 'startReconcile':
        at(now + some(took.carryingOver), () => take(client, { kind: 'reconciled' }));
        break;
      case 'beginOutage':
        client.wantsContinuity ??= exchangeChangedAt;
        client.wantsExchange = null;
        break;
      default:
        break; // Nothing that anybody outside the laptop meets.
    }
  };

  const start = (client: Client, index: number): void => {
    client.isOn = true;
    const isStarted = story.startsAt !== undefined;
    if (isStarted) client.wantsContinuity = exchange === 'up' ? null : now;
    take(client, { kind: 'woke' });
    const poll = (): void => {
      if (client.decree !== declared) {
        client.decree = declared;
        // It could not know earlier.
        if (declared === 'none') client.wantsExchange = now;
        else client.wantsContinuity = now;
        take(client, { kind: 'decreed', decree: declared });
      }
      if (story.decrees !== undefined) at(now + pollMs * (0.75 + random() * 0.5), poll);
    };
    at(now + (isStarted ? 0 : random() * pollMs), poll);
    const write = (): void => {
      const { sending } = routesOf(client.state);
      if (sending === 'continuity') isAtContinuity(client);
      else client.hasMail ||= exchange !== 'up';
      at(now + pauseToNextMessage(), write);
    };
    at(now + pauseToNextMessage(), write);
    clients[index] = client;
  };
  const perHour = story.messagesPerHour ?? 5;
  const pauseToNextMessage = (): number => (-Math.log(1 - random()) * 3_600_000) / perHour;

  const clients: Client[] = Array.from({ length: story.clients }, (_, index) => ({
    pace: { ...pace, place: placeOf(`person${index}@corp.example`) },
    state: initialState(0),
    runs: new Map(),
    controlSince: null,
    wantsContinuity: null,
    wantsExchange: null,
    wasThere: false,
    arrival: 0,
    hasMail: false,
    decree: 'none',
    switches: 0,
    isOn: false,
  }));
  clients.forEach((client, index) => {
    const startsAt = story.startsAt?.(random()) ?? random() * warmUpMs;
    at(Math.max(0, startsAt), () => start(client, index));
  });
  for (const [ms, is] of story.exchange)
    at(ms, () => {
      exchange = is;
      exchangeChangedAt = now;
      for (const client of clients) {
        controlMeets(client);
        const isAway = routesOf(client.state).reading === 'continuity';
        if (is === 'up' && client.isOn && isAway && client.decree === 'none') client.wantsExchange ??= now;
        if (is !== 'up') client.wantsExchange = null;
        if (is !== 'up' && client.isOn && !isAway) client.wantsContinuity = now;
        if (is !== 'up') client.hasMail &&= client.isOn;
      }
    });
  for (const [ms, decree] of story.decrees ?? [])
    at(ms, () => {
      declared = decree;
    });

  const lastTick = Math.floor(story.lengthMs / tickMs);
  for (let tick = 0; tick <= lastTick; tick++) {
    now = tick * tickMs;
    // What is due at once joins the end of the same list.
    for (const run of queue[tick] ?? []) run();
    delete queue[tick];
  }
  const belongs: Route = exchange === 'up' && declared === 'none' ? 'primary' : 'continuity';
  const isWell = ({ state, wasThere }: Client): boolean =>
    routesOf(state).reading === belongs && (belongs === 'primary' ? state.kind === 'primary' : wasThere);
  return {
    ...report,
    mostSwitches: Math.max(...clients.map(({ switches }) => switches)),
    leftBehind: clients.filter((client) => !isWell(client)).length,
  };
}

const isOnExchange = ({ state }: Client): boolean =>
  state.kind === 'primary' || (state.kind === 'returning' && state.stage === 'reconciling');

/** Ends what runs under a name; yields the number of the next. */
function cancel({ runs }: Client, slot: Slot): number {
  const next = (runs.get(slot) ?? 0) + 1;
  runs.set(slot, next);
  return next;
}

const refused = appError('network.unreachable', 'soon');
const timedOut = appError('network.timeout', 'soon');

/** mulberry32: small, fast, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
