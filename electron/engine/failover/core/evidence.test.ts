import { describe, expect, it } from 'vitest';
import { type AppError, appError, errorCodes } from '../../../../shared/errors.ts';
import { type SignKind, signKinds, type Tried } from '../../../../shared/model/evidence.ts';
import { failuresNeeded, type OtherDoors, signOf, signs } from './evidence.ts';
import { initialState, step } from './machine.ts';
import type { FailoverEvent, FailoverState } from './state.ts';
import { statusOf } from './status.ts';

/** What adapters report, and the row of the table that it belongs to. */
const met: readonly (readonly [AppError, SignKind])[] = [
  [appError('network.timeout', 'soon'), 'silent'],
  [appError('network.timeout', 'soon', { reason: 'beyondProxy', status: 504 }), 'silent'],
  [appError('network.unreachable', 'soon'), 'refused'],
  [appError('network.unreachable', 'soon', { reason: 'beyondProxy', status: 502 }), 'refused'],
  [appError('network.closed', 'soon'), 'closed'],
  [appError('network.tls', 'later', { reason: 'alert' }), 'tls'],
  [appError('network.unreachable', 'later', { reason: 'nameGone' }), 'nameGone'],
  [appError('network.unreachable', 'soon', { reason: 'nameServer' }), 'nameServer'],
  [appError('server.unavailable', 'later', { status: '421 4.3.2' }), 'notNow'],
  [appError('server.unavailable', 'later', { reason: 'notConnected' }), 'notNow'],
  [appError('server.unavailable', 'later', { reason: 'bye' }), 'goingDown'],
  [appError('server.protocol', 'later'), 'nonsense'],
  [appError('network.proxyUnreachable', 'soon', { reason: 'goneRound' }), 'proxyPassedBy'],
  [appError('auth.providerUnreachable', 'later'), 'signInAway'],
  [appError('auth.refused', 'afterUserAction'), 'credentials'],
  [appError('auth.expired', 'afterUserAction'), 'credentials'],
  [appError('auth.missing', 'afterUserAction'), 'credentials'],
  [appError('auth.interactionNeeded', 'afterUserAction'), 'credentials'],
  [appError('network.tlsStripped', 'afterUserAction'), 'stranger'],
  [appError('network.certificateSelfSigned', 'afterUserAction'), 'stranger'],
  [appError('network.tls', 'afterUserAction', { reason: 'certificate' }), 'stranger'],
  [appError('network.proxyUnreachable', 'soon'), 'proxy'],
  [appError('network.proxyRefused', 'later'), 'proxy'],
  [appError('network.proxyAuthentication', 'afterUserAction'), 'proxy'],
  [appError('network.unreachable', 'later', { reason: 'nameUnknown' }), 'nameUnknown'],
  [appError('network.timeout', 'soon', { reason: 'elsewhere' }), 'elsewhere'],
  [appError('server.throttled', 'later'), 'throttled'],
  [appError('network.timeout', 'soon', { reason: 'queued' }), 'queued'],
  [appError('server.refused', 'never'), 'saysNo'],
  [appError('storage.full', 'afterUserAction'), 'ours'],
];

const couldNotLeave: FailoverEvent = {
  kind: 'traffic',
  capability: 'sending',
  route: 'primary',
  error: appError('network.unreachable', 'soon'),
};

/** Exchange meets `error` on every fresh connection from now on, with a network that is there. */
function* failing(
  error: AppError,
  doors: OtherDoors,
  first: AppError,
  isAwaited: boolean,
): Generator<FailoverState> {
  let state: FailoverState = initialState(0);
  const send = (event: FailoverEvent): FailoverState => {
    ({ state } = step(state, event, 1));
    return state;
  };
  yield send({ kind: 'controlFailed', error: first });
  if (isAwaited) yield send(couldNotLeave);
  yield send({ kind: 'neutralReached' });
  for (;;) {
    yield send({ kind: 'notGreeted', capability: 'reading', error, doors });
    yield send({ kind: 'neutralReached' });
    yield send({ kind: 'elapsed', timer: 'recheck' });
  }
}

/** After how many fresh connections everything goes through continuity; null: not within a dozen. */
function switchesAfter(
  error: AppError,
  doors: OtherDoors = 'unknown',
  first = error,
  isAwaited = false,
): number | null {
  let failures = 0;
  let before: FailoverState | null = null;
  for (const state of failing(error, doors, first, isAwaited)) {
    if (state.kind === 'continuity') return failures;
    if (state.kind === 'suspect' && state.failures > 0) failures = state.failures;
    if (failures > 12 || (state === before && state.kind !== 'suspect')) return null;
    before = state;
  }
  return null;
}

describe('the table of evidence', () => {
  it.each(met)('%o is a row of its own', (error, sign) => {
    expect(signOf(error)).toBe(sign);
  });

  it('has an example for each row, and a row for every error there is', () => {
    expect(new Set(met.map(([, sign]) => sign))).toEqual(new Set(signKinds));
    for (const code of errorCodes) expect(signKinds).toContain(signOf(appError(code, 'soon')));
  });

  it.each(met)('%o leads away from Exchange as its row says', (error, sign) => {
    const counts = signs[sign].fault !== null;
    expect(switchesAfter(error)).toBe(counts ? failuresNeeded(sign, 'unknown', {}) : null);
  });

  it('lets nothing switch that has no fault to be put down to', () => {
    for (const { weight, fault } of Object.values(signs))
      expect(fault === null).toBe(weight === 'never' || weight === 'other');
  });
});

describe('a service that restarts, and one that is dead', () => {
  const refused = appError('network.unreachable', 'soon');
  const cut = appError('network.closed', 'soon');
  const bye = appError('server.unavailable', 'later', { reason: 'bye' });

  it('two refusals are enough for a message that waits, where every door is shut, without a word before', () => {
    expect(switchesAfter(refused, 'shut', cut, true)).toBe(2);
  });

  it.each<[string, OtherDoors, AppError, boolean]>([
    ['nobody waits', 'shut', cut, false],
    ['the other door is open', 'open', cut, true],
    ['nothing is known of the other door', 'unknown', cut, true],
    ['it said BYE before', 'shut', bye, true],
  ])('four are needed where %s', (_, doors, first, isAwaited) => {
    expect(switchesAfter(refused, doors, first, isAwaited)).toBe(4);
  });

  const play = (...events: readonly FailoverEvent[]): FailoverState =>
    events.reduce((state, event) => step(state, event, 1).state, initialState(0));
  const shut = { kind: 'notGreeted', capability: 'reading', error: refused, doors: 'shut' } as const;
  const reached = { kind: 'neutralReached' } as const;
  const recheck = { kind: 'elapsed', timer: 'recheck' } as const;
  const refusedTwice = [{ kind: 'controlFailed', error: cut }, reached, shut, recheck, shut] as const;

  it('a message that could not leave after two refusals decides at once, if the network is there', () => {
    expect(play(...refusedTwice)).toMatchObject({ stage: 'pause' });
    expect(play(...refusedTwice, couldNotLeave)).toMatchObject({ stage: 'verdict', cause: 'refused' });
    expect(play(...refusedTwice, couldNotLeave, reached)).toMatchObject({ kind: 'continuity', away: 'both' });
    expect(play(...refusedTwice, couldNotLeave, { kind: 'neutralUnreached' }).kind).toBe('offline');
  });

  it('a message that could not leave before is remembered when reading is doubted too', () => {
    expect(play(couldNotLeave, ...refusedTwice)).toMatchObject({ of: 'reading', stage: 'verdict' });
  });

  it('a message decides nothing after a BYE, nor once Exchange has greeted', () => {
    const heard = { kind: 'controlFailed', error: bye } as const;
    expect(play(...refusedTwice, heard, couldNotLeave)).toMatchObject({ stage: 'pause' });
    const greeted = { kind: 'greeted', capability: 'reading' } as const;
    expect(play(...refusedTwice, recheck, greeted, couldNotLeave)).toMatchObject({ stage: 'session' });
  });

  it('a BYE counts on whichever connection it was heard', () => {
    const play = (heard: FailoverEvent): FailoverState => {
      let state: FailoverState = initialState(0);
      const cutAgain = { kind: 'notGreeted', capability: 'reading', error: refused, doors: 'shut' } as const;
      for (const event of [
        { kind: 'controlFailed', error: cut },
        heard,
        couldNotLeave,
        { kind: 'neutralReached' },
        cutAgain,
        { kind: 'elapsed', timer: 'recheck' },
        cutAgain,
      ] as const)
        ({ state } = step(state, event, 1));
      return state;
    };
    expect(play({ kind: 'networkChanged' })).toMatchObject({ stage: 'verdict' });
    expect(play({ kind: 'controlFailed', error: bye })).toMatchObject({ stage: 'pause' });
    expect(play({ kind: 'traffic', capability: 'reading', route: 'primary', error: bye })).toMatchObject({
      stage: 'pause',
    });
  });

  it('one that starts and says "not now" is given longer than one that was there', () => {
    const notNow = appError('server.unavailable', 'later');
    const away = { kind: 'notGreeted', capability: 'reading', error: cut } as const;
    let state: FailoverState = initialState(0);
    const events: FailoverEvent[] = [
      { kind: 'controlFailed', error: cut },
      { kind: 'neutralReached' },
      away,
      { kind: 'elapsed', timer: 'recheck' },
      away,
      { kind: 'elapsed', timer: 'recheck' },
      { kind: 'notGreeted', capability: 'reading', error: notNow },
      { kind: 'elapsed', timer: 'recheck' },
      { kind: 'notGreeted', capability: 'reading', error: notNow },
    ];
    for (const event of events) ({ state } = step(state, event, 1));
    expect(state).toMatchObject({ kind: 'suspect', stage: 'pause', failures: 4 });
  });
});

describe('the evidence that a state carries', () => {
  const note = (asked: Tried['asked'], answer: Tried['answer'], at: number): Tried => ({
    at,
    asked,
    host: asked === 'neutral' ? null : 'mail.example',
    from: 'network',
    answer,
  });
  const silent = appError('network.timeout', 'soon');
  const story: readonly FailoverEvent[] = [
    { kind: 'controlFailed', error: silent, tried: note('control', 'silent', 1) },
    { kind: 'neutralReached', tried: note('neutral', 'answered', 2) },
    { kind: 'notGreeted', capability: 'reading', error: silent, tried: note('imap', 'silent', 3) },
    { kind: 'neutralReached', tried: note('neutral', 'answered', 4) },
  ];

  it('is everything that was tried, in the doubt and in the outage after it', () => {
    let state: FailoverState = initialState(0);
    for (const [index, event] of story.entries()) {
      ({ state } = step(state, event, index + 1));
      expect(statusOf(state).evidence).toEqual(story.slice(0, index + 1).map(({ tried }) => tried));
    }
    expect(state.kind).toBe('continuity');
    ({ state } = step(
      state,
      { kind: 'greeted', capability: 'reading', tried: note('imap', 'answered', 5) },
      5,
    ));
    expect(statusOf(state).evidence).toHaveLength(4);
  });

  it('is gone when the doubt is', () => {
    let state: FailoverState = initialState(0);
    const answer = { kind: 'traffic', capability: 'reading', route: 'primary', error: null } as const;
    for (const event of [...story.slice(0, 2), answer]) ({ state } = step(state, event, 1));
    expect(state).toEqual({ kind: 'primary', since: 0 });
  });

  it('does not grow without end', () => {
    let state: FailoverState = initialState(0);
    const unreached = { kind: 'neutralUnreached', tried: note('neutral', 'silent', 2) } as const;
    for (let round = 0; round < 100; round += 1) ({ state } = step(state, unreached, 1));
    expect(statusOf(state).evidence.length).toBeLessThanOrEqual(12);
  });
});
