import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AppError, appError, errorCodes } from '../../../../shared/errors.ts';
import { causeOf, signOf } from './evidence.ts';
import { initialState, step } from './machine.ts';
import type { Capability, Decree, FailoverCommand, FailoverEvent, FailoverState } from './state.ts';
import { routesOf, statusOf, urgentRouteOf } from './status.ts';

/** `npm run test:deep` plays 100,000 histories for each rule. */
const histories = Number(process.env.FAILOVER_HISTORIES);
const deep = histories > 0 ? { numRuns: histories } : {};
const timeout = histories > 0 ? 3_600_000 : 120_000;
const holds = <T>(property: fc.IProperty<T>): void => fc.assert(property, deep);

const capability = fc.constantFrom<Capability>('reading', 'sending');
const route = fc.constantFrom('primary' as const, 'continuity' as const);
const error: fc.Arbitrary<AppError> = fc.oneof(
  fc.constantFrom(...errorCodes).map((code) => appError(code, 'soon')),
  fc.constantFrom('alert', 'certificate').map((reason) => appError('network.tls', 'soon', { reason })),
);
const byBulletin = ['quiet', 'drill', 'outage', 'incident'] as const;
const byPerson = ['chosenExchange', 'chosenContinuity'] as const;
const decree = fc.constantFrom<Decree>('none', 'none', ...byBulletin, ...byPerson);
const kinds = [
  'woke',
  'networkChanged',
  'controlAnswered',
  'neutralReached',
  'neutralUnreached',
  'reconciled',
  'leftUrgently',
] as const;
const anyEvent: fc.Arbitrary<FailoverEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...kinds).map((kind) => ({ kind })) },
  error.map((error) => ({ kind: 'controlFailed', error }) as const),
  capability.map((capability) => ({ kind: 'greeted', capability }) as const),
  fc
    .record({
      capability,
      error,
      doors: fc.constantFrom('shut' as const, 'open' as const, 'unknown' as const),
    })
    .map((met) => ({ kind: 'notGreeted', ...met }) as const),
  fc
    .record({ capability, route, error: fc.option(error) })
    .map((traffic) => ({ kind: 'traffic', ...traffic }) as const),
  fc
    .constantFrom('recheck', 'reconnect', 'holdDown', 'signIn')
    .map((timer) => ({ kind: 'elapsed', timer }) as FailoverEvent),
  decree.map((decree) => ({ kind: 'decreed', decree }) as const),
);

/** Any events at any time, on a clock that jumps as it likes. */
const anyHistory = fc.array(fc.tuple(anyEvent, fc.integer({ min: -1e12, max: 1e12 })), {
  maxLength: 120,
  size: 'max',
});

function* replay(history: readonly (readonly [FailoverEvent, number])[]) {
  let before = initialState(0);
  for (const [event, now] of history) {
    const { state, commands } = step(before, event, now);
    yield { before, event, state, commands };
    before = state;
  }
}

/** `expect`, a thousand times as fast where nothing is wrong: for what is asked after every event. */
function must(isSo: boolean, ...seen: readonly unknown[]): void {
  if (!isSo) expect.fail(JSON.stringify(seen));
}

describe('the failover machine, whatever happens in whatever order', { timeout }, () => {
  it('is total, and its state survives being stored', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let last = initialState(0);
        for (const { state } of replay(history)) {
          if (state.kind !== 'returning') must(statusOf(state).kind === state.kind, state);
          last = state;
        }
        expect(JSON.parse(JSON.stringify(last))).toEqual(last);
      }),
    );
  });

  it('leaves Exchange only after it failed on a fresh connection and the network was reached after that', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let suspectedAt = 0;
        const events: FailoverEvent[] = [];
        for (const { before, event, state } of replay(history)) {
          if (before.kind !== 'suspect' && state.kind === 'suspect') suspectedAt = events.length;
          events.push(event);
          for (const way of ['reading', 'sending'] as const) {
            if (routesOf(before)[way] !== 'primary' || routesOf(state)[way] !== 'continuity') continue;
            if (event.kind === 'decreed') continue;
            const failedAt = events.findLastIndex(
              (past) =>
                (past.kind === 'notGreeted' || past.kind === 'controlFailed') &&
                (causeOf(past.error) !== null || signOf(past.error) === 'signInAway'),
            );
            // A sign-in that is away is no doubt, until it has been so for as long as policy says.
            const isSignIn = before.kind === 'suspect' && 'cause' in before && before.cause === 'signIn';
            expect(failedAt).toBeGreaterThan(isSignIn ? -1 : suspectedAt);
            expect(failedAt).toBeLessThan(events.length - 1);
            expect(event.kind).toBe('neutralReached');
          }
        }
      }),
    );
  });

  it('goes back to Exchange only when a hold-down has elapsed, or the person says so', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let last: { [way in Capability]: 'primary' | 'continuity' } = {
          reading: 'primary',
          sending: 'primary',
        };
        // Chosen without a network, it shows when there is one.
        let isChosen = false;
        for (const { before, event, state } of replay(history)) {
          const routes = routesOf(state);
          if (event.kind === 'decreed' && event.decree === 'chosenExchange') isChosen = true;
          if (routes.reading === 'continuity' || routes.sending === 'continuity') isChosen = false;
          for (const way of ['reading', 'sending'] as const) {
            if (last[way] === 'continuity' && routes[way] === 'primary' && !isChosen) {
              expect(event).toEqual({ kind: 'elapsed', timer: 'holdDown' });
              expect(before).toMatchObject({ kind: 'returning', stage: 'holdDown' });
            }
          }
          last = { reading: routes.reading ?? last.reading, sending: routes.sending ?? last.sending };
        }
      }),
    );
  });

  it('keeps one outage row open exactly while its status names an outage', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let isOpen = false;
        for (const { state, commands } of replay(history)) {
          for (const { kind } of commands) {
            if (kind !== 'beginOutage' && kind !== 'endOutage') continue;
            must(isOpen === (kind === 'endOutage'), state, kind);
            isOpen = kind === 'beginOutage';
          }
          must((statusOf(state).outageSince !== null) === isOpen, state);
        }
      }),
    );
  });
});

describe('what bulletins decree, whatever else happens', { timeout }, () => {
  const toExchange = new Set(['connectControl', 'probeGreeting', 'startReconcile']);

  it('lets no command go to Exchange in an incident, nor by a step that leads into one', () => {
    holds(
      fc.property(anyHistory, (history) => {
        for (const { state, commands } of replay(history)) {
          if (state.kind !== 'incident') continue;
          expect(commands.filter(({ kind }) => toExchange.has(kind))).toEqual([]);
          expect(routesOf(state)).toEqual({ reading: 'continuity', sending: 'continuity' });
        }
      }),
    );
  });

  it('asks nothing of Exchange while it is declared away, nor in a quiet time', () => {
    holds(
      fc.property(anyHistory, (history) => {
        for (const { state, commands } of replay(history)) {
          if (statusOf(state).override !== 'bulletin') continue;
          must(!commands.some(({ kind }) => toExchange.has(kind)), state, commands);
        }
      }),
    );
  });

  it('is what it says after every event, until it is replaced', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let last: Decree = 'none';
        for (const { event, state } of replay(history)) {
          if (event.kind === 'decreed') last = event.decree;
          const { kind, override, sending } = statusOf(state);
          must((kind === 'incident') === (last === 'incident'), state, last);
          must((kind === 'quiet') === (last === 'quiet'), state, last);
          const by = byPerson.some((chosen) => chosen === last) ? 'person' : 'bulletin';
          must(override === (last === 'none' ? null : by), state, last);
          const isAway = override === 'bulletin' || last === 'chosenContinuity';
          must(!isAway || sending !== 'primary', state, last);
          must(last !== 'chosenExchange' || sending !== 'continuity', state, last);
        }
      }),
    );
  });

  it('leaves every message one way at most, the urgent ones too, which Exchange never gets while they are held', () => {
    holds(
      fc.property(anyHistory, fc.boolean(), (history, isUrgent) => {
        for (const { state } of replay(history)) {
          const { sending } = routesOf(state);
          const ways = [sending, isUrgent ? urgentRouteOf(state) : null].filter((way) => way !== null);
          must(ways.length <= 1, state, ways);
          must(state.kind !== 'quiet' || !ways.includes('primary'), state, ways);
        }
      }),
    );
  });

  it('changes nothing when it is told again', () => {
    holds(
      fc.property(anyHistory, decree, (history, decree) => {
        let state = initialState(0);
        for (const each of replay(history)) state = each.state;
        const once = step(state, { kind: 'decreed', decree }, 1).state;
        expect(step(once, { kind: 'decreed', decree }, 2)).toEqual({ state: once, commands: [] });
      }),
    );
  });

  it('is all there is to tell two clocks apart: the routes are the same whatever the time', () => {
    holds(
      fc.property(anyHistory, (history) => {
        let [jumping, still] = [initialState(0), initialState(0)];
        for (const [event, now] of history) {
          jumping = step(jumping, event, now).state;
          still = step(still, event, 0).state;
          const [one, other] = [routesOf(jumping), routesOf(still)];
          must(one.reading === other.reading && one.sending === other.sending, jumping, still);
          must(jumping.kind === still.kind, jumping, still);
        }
      }),
    );
  });
});

type Health = 'up' | 'refused' | 'silent' | 'notNow' | 'lettingNobodyIn' | 'signInAway';

/** Seconds on a clock of its own: Exchange, a network and a controller that keep their word, nothing else. */
class World {
  now = 0;
  imap: Health = 'up';
  submission: Health = 'up';
  hasNetwork = true;
  state: FailoverState = initialState(0);
  readonly switches: {
    readonly at: number;
    readonly way: Capability;
    readonly to: string;
    readonly isChosen: boolean;
  }[] = [];
  /** Chosen without a network, it shows when there is one. */
  private isExchangeChosen = false;
  /** What the person is shown, after each event. */
  readonly told: string[] = [];
  private readonly running = new Map<string, { readonly due: number; readonly event: () => FailoverEvent }>();

  constructor() {
    this.send({ kind: 'woke' });
  }

  send(event: FailoverEvent): void {
    const before = routesOf(this.state);
    const { state, commands } = step(this.state, event, this.now);
    this.state = state;
    // A doubt is not told.
    const { kind } = statusOf(state);
    if (kind !== 'primary' && kind !== 'suspect') this.told.push(kind);
    const after = routesOf(state);
    if (event.kind === 'decreed' && event.decree === 'chosenExchange') this.isExchangeChosen = true;
    const isChosen = this.isExchangeChosen;
    if (after.reading === 'continuity' || after.sending === 'continuity') this.isExchangeChosen = false;
    for (const way of ['reading', 'sending'] as const) {
      const to = after[way];
      const from = before[way] ?? this.switches.findLast((past) => past.way === way)?.to ?? 'primary';
      if (to !== null && to !== from) this.switches.push({ at: this.now, way, to, isChosen });
    }
    for (const command of commands) this.carryOut(command);
  }

  /** Time passes and no timer runs; what was being asked is answered late, or not at all. */
  sleep(seconds: number): void {
    this.now += seconds;
    for (const [name, { due, event }] of this.running)
      this.running.set(name, { due: Math.max(due, this.now), event });
    this.send({ kind: 'woke' });
  }

  run(seconds: number): void {
    const end = this.now + seconds;
    for (;;) {
      const [name, next] =
        [...this.running].reduce<[string, { due: number; event: () => FailoverEvent }] | null>(
          (first, entry) => (first === null || entry[1].due < first[1].due ? entry : first),
          null,
        ) ?? [];
      if (name === undefined || next === undefined || next.due > end) break;
      this.now = next.due;
      this.running.delete(name);
      this.send(next.event());
    }
    this.now = end;
  }

  private after(name: string, seconds: number, event: () => FailoverEvent): void {
    this.running.set(name, { due: this.now + seconds, event });
  }

  private carryOut(command: FailoverCommand): void {
    switch (command.kind) {
      case 'connectControl':
        this.askControl(0.3);
        break;
      case 'dropControl':
        this.running.delete('control');
        break;
      case 'rest':
        this.running.clear();
        break;
      case 'probeGreeting': {
        const { capability } = command;
        const asked = this.ask(() => (capability === 'reading' ? this.imap : this.submission), false);
        this.after('greeting', asked.seconds, () => {
          const error = asked.error();
          if (error === null) return { kind: 'greeted', capability };
          const other = capability === 'reading' ? this.submission : this.imap;
          const doors = other === 'refused' ? 'shut' : other === 'silent' ? 'unknown' : 'open';
          return { kind: 'notGreeted', capability, error, doors };
        });
        break;
      }
      case 'probeNeutral': {
        const kind = this.hasNetwork ? 'neutralReached' : 'neutralUnreached';
        this.after('neutral', this.hasNetwork ? 0.05 : 3, () => ({ kind }));
        break;
      }
      case 'wait': {
        const { timer } = command;
        const seconds = command.timer !== 'recheck' ? 60 : { prompt: 1, brief: 2, long: 5 }[command.pace];
        this.after(timer, seconds, () => ({ kind: 'elapsed', timer }));
        break;
      }
      case 'awaitSignIn':
        this.after('signIn', 90, () => ({ kind: 'elapsed', timer: 'signIn' }));
        break;
      case 'startReconcile':
        this.after('reconcile', 5, () => ({ kind: 'reconciled' }));
        break;
      case 'beginOutage':
      case 'endOutage':
        break;
    }
  }

  /** The control connection: judged when it is asked, asked again two seconds after each answer. */
  private askControl(seconds: number): void {
    this.after('control', seconds, () => {
      const error = this.ask(() => this.imap, true).error();
      if (error !== null) return { kind: 'controlFailed', error };
      this.askControl(2);
      return { kind: 'controlAnswered' };
    });
  }

  /** What is lost in a network that is away for a moment is sent again by TCP. */
  private ask(health: () => Health, isSignIn: boolean): { seconds: number; error: () => AppError | null } {
    const { error, seconds } = this.answer(health(), isSignIn);
    if (this.hasNetwork) return { seconds, error: () => error };
    return { seconds, error: () => this.answer(health(), isSignIn).error };
  }

  private answer(health: Health, isSignIn: boolean): { error: AppError | null; seconds: number } {
    if (!this.hasNetwork) return { error: appError('network.timeout', 'soon'), seconds: 3 };
    switch (health) {
      case 'up':
        return { error: null, seconds: 0.1 };
      case 'refused':
        return { error: appError('network.unreachable', 'soon'), seconds: 0.02 };
      case 'silent':
        return { error: appError('network.timeout', 'soon'), seconds: 3 };
      case 'notNow':
        return { error: appError('server.unavailable', 'later'), seconds: 0.1 };
      case 'lettingNobodyIn':
        return { error: isSignIn ? appError('server.unavailable', 'later') : null, seconds: 0.1 };
      case 'signInAway':
        return { error: isSignIn ? appError('auth.providerUnreachable', 'later') : null, seconds: 0.1 };
    }
  }
}

const health = fc.constantFrom<Health>(
  'up',
  'up',
  'refused',
  'silent',
  'notNow',
  'lettingNobodyIn',
  'signInAway',
);
interface Phase {
  readonly imap: Health;
  readonly submission: Health;
  readonly hasNetwork: boolean;
  readonly seconds: number;
  readonly event: FailoverEvent | null;
}
const phase: fc.Arbitrary<Phase> = fc.record({
  imap: health,
  submission: health,
  hasNetwork: fc.boolean(),
  seconds: fc.double({ min: 0, max: 100, noNaN: true }),
  event: fc.option(
    fc.oneof(
      fc.constant<FailoverEvent>({ kind: 'woke' }),
      decree.map((decree): FailoverEvent => ({ kind: 'decreed', decree })),
      fc
        .record({ capability, route, error: fc.constant(appError('network.timeout', 'soon')) })
        .map((traffic): FailoverEvent => ({ kind: 'traffic', ...traffic })),
    ),
  ),
});

const inAMinute = { min: 0, max: 60, noNaN: true };

function live(world: World, phases: readonly Phase[]): void {
  for (const { imap, submission, hasNetwork, seconds, event } of phases) {
    Object.assign(world, { imap, submission, hasNetwork });
    if (event !== null) world.send(event);
    world.run(seconds);
  }
}

describe('the failover machine in a world that keeps failing', { timeout }, () => {
  it('is back on Exchange soon after everything works again', () => {
    holds(
      fc.property(fc.array(phase, { maxLength: 12, size: 'max' }), (phases) => {
        const world = new World();
        live(world, phases);
        Object.assign(world, { imap: 'up', submission: 'up', hasNetwork: true });
        world.send({ kind: 'decreed', decree: 'none' });
        world.run(120);
        expect(world.state.kind).toBe('primary');
      }),
    );
  });

  it('is on continuity soon after Exchange died for good, wherever it was', () => {
    holds(
      fc.property(
        fc.array(phase, { maxLength: 12, size: 'max' }),
        fc.constantFrom<Health>('refused', 'silent'),
        (phases, imap) => {
          const world = new World();
          live(world, phases);
          Object.assign(world, { imap, hasNetwork: true });
          world.send({ kind: 'decreed', decree: 'none' });
          world.run(20);
          // Submission and sign-in were away already: without a session, reading is asked for once a minute.
          if (world.state.kind === 'continuity' && world.state.away === 'sending') world.run(60);
          expect(routesOf(world.state)).toEqual({ reading: 'continuity', sending: 'continuity' });
        },
      ),
    );
  });

  it('stays away for a whole hold-down at least, each time', () => {
    holds(
      fc.property(fc.array(phase, { maxLength: 20, size: 'max' }), (phases) => {
        const world = new World();
        live(world, phases);
        for (const way of ['reading', 'sending'] as const) {
          const switches = world.switches.filter((past) => past.way === way);
          switches.forEach(({ at, to, isChosen }, index) => {
            const previous = switches[index - 1];
            if (to === 'primary' && previous !== undefined && !isChosen)
              expect(at - previous.at).toBeGreaterThanOrEqual(60);
          });
        }
      }),
    );
  });

  it.each([5, 15, 30, 59])(
    'switches once, and tells of it three times, however often an Exchange comes and goes every %i s for an hour',
    (seconds) => {
      fc.assert(
        fc.property(
          fc.constantFrom<Health>('refused', 'silent', 'notNow'),
          fc.double(inAMinute),
          (dead, phase) => {
            const world = new World();
            world.run(phase);
            for (let passed = 0; passed < 3600; passed += 2 * seconds) {
              world.imap = dead;
              world.run(seconds);
              world.imap = 'up';
              world.run(seconds);
            }
            expect(world.switches.filter(({ way }) => way === 'reading').length).toBeLessThanOrEqual(1);
            const told = world.told.filter((kind, index) => kind !== world.told[index - 1]);
            expect(told.length).toBeLessThanOrEqual(3);
            world.run(120);
            expect(world.state.kind).toBe('primary');
            expect(world.switches.filter(({ way }) => way === 'reading').length).toBeLessThanOrEqual(2);
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  it.each([70, 90, 300])(
    'switches back and forth once each time, however an Exchange comes and goes every %i s for an hour',
    (seconds) => {
      fc.assert(
        fc.property(
          fc.constantFrom<Health>('refused', 'silent', 'notNow'),
          fc.double(inAMinute),
          (dead, phase) => {
            const world = new World();
            world.run(phase);
            const begun = world.now;
            while (world.now - begun < 3600) {
              world.imap = dead;
              world.run(seconds);
              world.imap = 'up';
              world.run(seconds);
            }
            const switches = world.switches.filter(({ way }) => way === 'reading');
            // What docs/failover.md states: two for each time that it goes and stays away, and back for a whole hold-down.
            expect(switches.length).toBe(2 * Math.ceil(3600 / (2 * seconds)));
            switches.forEach(({ at, to }, index) => {
              if (to === 'primary') expect(at - (switches[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(60);
            });
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  it('takes no restart of three seconds for an outage, however it looks, unless a message waits', () => {
    holds(
      fc.property(fc.double(inAMinute), fc.double({ min: 0, max: 3, noNaN: true }), (phase, seconds) => {
        const world = new World();
        world.run(phase);
        Object.assign(world, { imap: 'refused', submission: 'refused' });
        world.run(seconds);
        Object.assign(world, { imap: 'up', submission: 'up' });
        world.run(60);
        expect(world.switches).toEqual([]);
        expect(world.state.kind).toBe('primary');
      }),
    );
  });

  it('lets a message that waits leave within three seconds of its refusal, where everything refuses', () => {
    holds(
      fc.property(fc.double(inAMinute), fc.double({ min: 0, max: 60, noNaN: true }), (phase, seconds) => {
        const world = new World();
        world.run(phase);
        Object.assign(world, { imap: 'refused', submission: 'refused' });
        world.run(seconds);
        const error = appError('network.unreachable', 'soon');
        if (routesOf(world.state).sending === 'primary')
          world.send({ kind: 'traffic', capability: 'sending', route: 'primary', error });
        world.run(3);
        expect(routesOf(world.state).sending).toBe('continuity');
      }),
    );
  });

  it('never switches on a laptop that sleeps through a whole outage, wherever in a probe it fell asleep', () => {
    holds(
      fc.property(fc.double(inAMinute), fc.integer({ min: 1, max: 1e6 }), (phase, seconds) => {
        const world = new World();
        world.run(phase);
        world.sleep(seconds);
        world.run(120);
        expect(world.switches).toEqual([]);
        expect(world.state.kind).toBe('primary');
      }),
    );
  });

  it('goes back by a whole hold-down that began after it woke, wherever in returning it fell asleep', () => {
    holds(
      fc.property(fc.double(inAMinute), health, (phase, imap) => {
        const world = new World();
        world.imap = 'refused';
        world.run(30);
        world.imap = 'up';
        world.run(phase);
        const isHoldingDown = world.state.kind === 'returning' && world.state.stage === 'holdDown';
        world.imap = imap;
        world.sleep(3600);
        const wokeAt = world.now;
        world.run(120);
        const back = world.switches.find(({ way, to }) => way === 'reading' && to === 'primary');
        if (isHoldingDown && back !== undefined) expect(back.at - wokeAt).toBeGreaterThanOrEqual(60);
        world.imap = 'up';
        world.run(200);
        expect(world.state.kind).toBe('primary');
      }),
    );
  });

  it('never switches while only the network comes and goes and the laptop sleeps', () => {
    holds(
      fc.property(fc.array(phase, { maxLength: 20, size: 'max' }), (phases) => {
        const world = new World();
        live(
          world,
          phases.map((each) => ({
            ...each,
            imap: 'up' as const,
            submission: 'up' as const,
            event: each.event?.kind === 'decreed' ? null : each.event,
          })),
        );
        expect(world.switches).toEqual([]);
      }),
    );
  });
});
