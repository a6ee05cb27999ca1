import { describe, expect, it } from 'vitest';
import { type AppError, appError } from '../../../../shared/errors.ts';
import type { OtherDoors } from './evidence.ts';
import { initialState, step } from './machine.ts';
import type { Capability, Decree, FailoverCommand, FailoverEvent, FailoverState } from './state.ts';
import { routesOf, statusOf } from './status.ts';

const refused = appError('network.unreachable', 'soon');
const silent = appError('network.timeout', 'soon');
const cut = appError('network.closed', 'soon');
const notNow = appError('server.unavailable', 'later');

const noted = (error: AppError): FailoverEvent => ({ kind: 'controlFailed', error });
const lost = noted(cut);
const answered: FailoverEvent = { kind: 'controlAnswered' };
const reached: FailoverEvent = { kind: 'neutralReached' };
const unreached: FailoverEvent = { kind: 'neutralUnreached' };
const recheck: FailoverEvent = { kind: 'elapsed', timer: 'recheck' };
const proven: FailoverEvent = { kind: 'elapsed', timer: 'holdDown' };
const woke: FailoverEvent = { kind: 'woke' };
const reconciled: FailoverEvent = { kind: 'reconciled' };
const greeted = (capability: Capability = 'reading'): FailoverEvent => ({ kind: 'greeted', capability });
const notGreeted = (
  error: AppError,
  capability: Capability = 'reading',
  doors: OtherDoors = 'shut',
): FailoverEvent => ({ kind: 'notGreeted', capability, error, doors });
const traffic = (capability: Capability, error: AppError | null): FailoverEvent => ({
  kind: 'traffic',
  capability,
  route: 'primary',
  error,
});

/** Feeds events to the machine, one a second, and keeps what it said last and in all. */
function play(from: FailoverState, ...events: readonly FailoverEvent[]) {
  let state = from;
  let now = from.since;
  const commands: FailoverCommand[] = [];
  for (const event of events) {
    now += 1000;
    const next = step(state, event, now);
    state = next.state;
    commands.push(...next.commands);
  }
  return { state, commands, kinds: commands.map(({ kind }) => kind) };
}

const primary = initialState(0);
/** Somebody waits, since a message could not leave. */
const waits = traffic('sending', refused);
const refusedTwice = [lost, waits, reached, notGreeted(refused), recheck, notGreeted(refused), reached];
const sendingRefusedTwice = [
  traffic('sending', refused),
  reached,
  notGreeted(refused, 'sending'),
  recheck,
  notGreeted(refused, 'sending'),
  reached,
];
const away = play(primary, ...refusedTwice).state;
const sendingAway = play(primary, ...sendingRefusedTwice).state;
const holdingDown = play(away, recheck, greeted(), answered).state;
const reconciling = play(holdingDown, proven).state;
const offline = play(primary, lost, unreached).state;

describe('noticing an outage', () => {
  it('a refused Exchange with a reachable neutral host goes to continuity', () => {
    const { state, commands } = play(primary, ...refusedTwice);
    expect(statusOf(state)).toEqual({
      kind: 'continuity',
      since: 7000,
      outageSince: 1000,
      cause: 'refused',
      override: null,
      network: 'fine',
      signInAwaySince: null,
      evidence: [],
      reading: 'continuity',
      sending: 'continuity',
    });
    expect(commands).toContainEqual({ kind: 'beginOutage', outage: { since: 1000, cause: 'refused' } });
  });

  it('an Exchange that dies between its greeting and the sign-in is away as soon as any other', () => {
    const { state, commands } = play(
      primary,
      woke,
      reached,
      greeted(),
      waits,
      noted(refused),
      recheck,
      notGreeted(refused),
      reached,
    );
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', cause: 'refused' });
    expect(commands.filter(({ kind }) => kind === 'wait').at(-2)).toMatchObject({
      timer: 'recheck',
      pace: 'brief',
    });
  });

  it('an Exchange whose identity provider went first is looked for again soon, not after the long pause', () => {
    const { state, commands } = play(
      primary,
      woke,
      reached,
      greeted(),
      noted(appError('auth.providerUnreachable', 'later')),
    );
    expect(statusOf(state).kind).toBe('primary');
    expect(commands).toContainEqual({ kind: 'wait', timer: 'recheck', pace: 'brief' });
  });

  it('a silent Exchange goes to continuity after one fresh probe', () => {
    const { state } = play(primary, noted(silent), reached, notGreeted(silent), reached);
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', cause: 'hanging' });
  });

  it('an Exchange that says "not now" needs three of them', () => {
    const twice = [lost, reached, notGreeted(notNow), recheck, notGreeted(notNow), recheck];
    expect(play(primary, ...twice).state).toMatchObject({ kind: 'suspect', stage: 'greeting', failures: 2 });
    expect(play(primary, ...twice, notGreeted(notNow), reached).state.kind).toBe('continuity');
  });

  it('an Exchange that greets and then lets nobody in needs three of them', () => {
    const round = [greeted(), noted(cut), recheck];
    expect(play(primary, lost, reached, ...round, ...round).state.kind).toBe('suspect');
    const { state } = play(primary, lost, reached, ...round, ...round, greeted(), noted(notNow), reached);
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', cause: 'unavailable' });
  });

  it('an Exchange that greets and then hangs at sign-in goes to continuity after one', () => {
    const { state } = play(primary, noted(silent), reached, greeted(), noted(silent), reached);
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', cause: 'hanging' });
  });

  it('is noticed by greetings when there is no control connection', () => {
    const { state, kinds } = play(primary, recheck, notGreeted(silent));
    expect(state.kind).toBe('suspect');
    expect(kinds).toEqual(['probeGreeting', 'probeNeutral', 'probeGreeting']);
  });

  it('is noticed by the sync although the control connection lives on', () => {
    const { state } = play(
      primary,
      traffic('reading', refused),
      answered,
      reached,
      answered,
      waits,
      notGreeted(refused),
      recheck,
      notGreeted(refused),
      answered,
      reached,
    );
    expect(state.kind).toBe('continuity');
  });
});

describe('no false switch', () => {
  it('one lost connection with a fresh one that works stays primary', () => {
    const { state, kinds } = play(primary, lost, reached, greeted(), answered);
    expect(state).toBe(primary);
    expect(kinds).not.toContain('beginOutage');
  });

  it('a service that restarts and refuses once stays primary', () => {
    expect(play(primary, lost, reached, notGreeted(refused), recheck, greeted(), answered).state).toBe(
      primary,
    );
  });

  it('a missing network goes offline', () => {
    expect(statusOf(play(primary, lost, unreached).state)).toMatchObject({
      kind: 'offline',
      reading: null,
      sending: null,
    });
  });

  it('a network that goes while Exchange is probed goes offline', () => {
    const { state } = play(primary, lost, reached, notGreeted(silent), unreached);
    expect(state.kind).toBe('offline');
  });

  it('a network that comes while Exchange is probed does not count the probe', () => {
    const { state } = play(primary, lost, notGreeted(refused), notGreeted(refused), reached);
    expect(state).toMatchObject({ kind: 'suspect', stage: 'greeting', failures: 0 });
  });

  it.each([
    ['throttling', appError('server.throttled', 'later')],
    ['a refused password', appError('auth.refused', 'afterUserAction')],
    ['an expired token', appError('auth.expired', 'afterUserAction')],
    ['a sign-in that wants the person', appError('auth.interactionNeeded', 'afterUserAction')],
    ['a missing secret', appError('auth.missing', 'afterUserAction')],
    ['an interceptor', appError('network.certificateUnknownAuthority', 'afterUserAction')],
    ['an interceptor that signs itself', appError('network.certificateSelfSigned', 'afterUserAction')],
    ['an interceptor under its own name', appError('network.certificateHostname', 'afterUserAction')],
    ['a certificate that has expired', appError('network.certificateExpired', 'afterUserAction')],
    ['a clock that is wrong', appError('network.certificateNotYetValid', 'afterUserAction')],
    ['a key that is not pinned', appError('network.certificatePin', 'afterUserAction')],
    ['a certificate that was revoked', appError('network.tls', 'afterUserAction', { reason: 'certificate' })],
    ['a captive portal', appError('network.tlsStripped', 'afterUserAction')],
    ['a proxy that is down', appError('network.proxyUnreachable', 'soon')],
    ['a proxy that lets no mail through', appError('network.proxyRefused', 'later', { status: 403 })],
    ['a proxy that wants a password', appError('network.proxyAuthentication', 'afterUserAction')],
    ['an unknown name', appError('network.unreachable', 'later', { reason: 'nameUnknown' })],
    ['silence while mail comes', appError('network.timeout', 'soon', { reason: 'queued' })],
    ['a mailbox that says no', appError('server.refused', 'never')],
  ])('%s is no reason to suspect Exchange, nor to leave it', (_, error) => {
    expect(play(primary, noted(error)).state).toBe(primary);
    expect(play(primary, notGreeted(error)).state).toBe(primary);
    expect(play(primary, traffic('reading', error), traffic('sending', error)).state).toBe(primary);
    expect(play(primary, lost, reached, notGreeted(error)).state).toBe(primary);
    expect(play(primary, lost, reached, greeted(), noted(error)).state).toBe(primary);
  });

  it.each([
    ['takes no connection', appError('network.unreachable', 'soon', { reason: 'beyondProxy', status: 502 })],
    ['does not answer', appError('network.timeout', 'soon', { reason: 'beyondProxy', status: 504 })],
  ])('an Exchange that %s, as the proxy before it says, is away like any other', (_, error) => {
    const twice = [notGreeted(error), recheck, notGreeted(error)];
    expect(play(primary, lost, waits, reached, ...twice, reached).state).toMatchObject({
      kind: 'continuity',
    });
  });

  it('a proxy that is down is an outage where the emergency route may go without it', () => {
    const error = appError('network.proxyUnreachable', 'soon', { reason: 'goneRound' });
    const again = [recheck, notGreeted(error)];
    const thrice = [notGreeted(error), ...again, ...again];
    expect(play(primary, lost, reached, ...thrice, reached).state.kind).toBe('suspect');
    expect(statusOf(play(primary, lost, reached, ...thrice, ...again, reached).state)).toMatchObject({
      kind: 'continuity',
      cause: 'proxy',
      sending: 'continuity',
    });
  });

  it.each([
    ['is down', appError('network.proxyUnreachable', 'soon')],
    ['lets no mail through', appError('network.proxyRefused', 'later')],
  ])('a proxy that %s in an outage ends nothing and begins nothing', (_, error) => {
    expect(play(away, notGreeted(error), reached).state).toBe(away);
    expect(play(away, notGreeted(error), unreached).state).toMatchObject({ kind: 'offline' });
  });

  it('does not sign in again at once after a refused sign-in', () => {
    const { kinds, commands } = play(primary, noted(appError('auth.refused', 'afterUserAction')));
    expect(kinds).not.toContain('connectControl');
    expect(commands).toContainEqual({ kind: 'wait', timer: 'reconnect' });
  });

  it('mail that still arrives ends the suspicion', () => {
    const { state } = play(primary, noted(silent), reached, notGreeted(refused), traffic('reading', null));
    expect(state).toBe(primary);
  });

  it('a failing continuity is no evidence about Exchange', () => {
    const event: FailoverEvent = {
      kind: 'traffic',
      capability: 'sending',
      route: 'continuity',
      error: silent,
    };
    expect(play(primary, event).state).toBe(primary);
  });

  it('waking up asks the network first and counts nothing from before', () => {
    const { state, kinds } = play(primary, lost, reached, notGreeted(refused), woke);
    expect(state).toMatchObject({ kind: 'suspect', stage: 'network', failures: 0 });
    expect(kinds.slice(-3)).toEqual(['dropControl', 'probeNeutral', 'probeGreeting']);
  });

  it('suspicion asks Exchange and neutral hosts in the same moment, and never knocks on continuity', () => {
    expect(play(primary, lost).kinds).toEqual(['probeNeutral', 'probeGreeting']);
  });
});

describe('submission alone', () => {
  it('a refused submission moves sending and leaves reading', () => {
    expect(statusOf(sendingAway)).toMatchObject({
      kind: 'continuity',
      cause: 'submission',
      reading: 'primary',
      sending: 'continuity',
    });
  });

  it('keeps the control connection', () => {
    expect(play(primary, ...sendingRefusedTwice).kinds).not.toContain('dropControl');
  });

  it('reading follows when IMAP fails too, in the same outage', () => {
    const { state, kinds } = play(sendingAway, ...refusedTwice);
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', reading: 'continuity', outageSince: 1000 });
    expect(kinds).not.toContain('beginOutage');
  });

  it('comes back when submission greets through the hold-down', () => {
    const { state } = play(sendingAway, recheck, greeted('sending'), recheck, greeted('sending'), proven);
    expect(state).toMatchObject({ kind: 'returning', stage: 'reconciling' });
  });

  it('a doubt about reading ends the hold-down', () => {
    const holding = play(sendingAway, recheck, greeted('sending')).state;
    expect(holding.kind).toBe('returning');
    const { state } = play(holding, lost);
    expect(state).toMatchObject({
      kind: 'suspect',
      of: 'reading',
      behind: { kind: 'continuity', away: 'sending' },
    });
  });

  it('a doubt about reading outweighs one about sending', () => {
    expect(play(primary, traffic('sending', refused), lost).state).toMatchObject({
      kind: 'suspect',
      of: 'reading',
      stage: 'network',
    });
  });
});

describe('offline', () => {
  it('a network that is back has Exchange judged afresh', () => {
    expect(play(offline, recheck, reached).state).toMatchObject({ kind: 'suspect', stage: 'greeting' });
    expect(play(offline, recheck, reached, greeted(), answered).state).toBe(primary);
  });

  it('ends when Exchange answers although no neutral host does', () => {
    expect(play(offline, recheck, greeted(), greeted(), unreached, answered).state).toBe(primary);
  });

  it('ends when mail flows', () => {
    expect(play(offline, traffic('sending', null)).state.kind).toBe('suspect');
  });

  it('goes on looking', () => {
    const { state, kinds } = play(offline, recheck, unreached, recheck);
    expect(state).toBe(offline);
    expect(kinds).toEqual(['probeNeutral', 'probeGreeting', 'wait', 'probeNeutral', 'probeGreeting']);
  });

  it('in an outage comes back to continuity', () => {
    const { state } = play(away, recheck, notGreeted(silent), unreached);
    expect(statusOf(state)).toMatchObject({ kind: 'offline', outageSince: 1000 });
    expect(play(state, recheck, reached).state).toMatchObject(away);
  });
});

describe('coming back', () => {
  it('a greeting alone is not enough, somebody has to be let in', () => {
    expect(play(away, recheck, greeted()).state).toBe(away);
    expect(play(away, recheck, greeted(), noted(notNow)).state).toBe(away);
    const identityAway = appError('auth.providerUnreachable', 'later');
    expect(play(away, recheck, greeted(), noted(identityAway)).state).toBe(away);
  });

  it.each(['auth.refused', 'auth.expired', 'auth.interactionNeeded', 'auth.missing'] as const)(
    'a greeting is enough when the sign-in is what is wrong: %s',
    (code) => {
      const wrong = noted(appError(code, 'afterUserAction'));
      expect(play(away, recheck, greeted(), wrong).state.kind).toBe('returning');
    },
  );

  it('both routes stay on continuity while holding down', () => {
    expect(statusOf(holdingDown)).toMatchObject({
      kind: 'returning',
      reading: 'continuity',
      sending: 'continuity',
    });
  });

  it('Exchange is greeted afresh all through the hold-down', () => {
    const { kinds } = play(away, recheck, greeted(), answered, recheck, greeted(), recheck);
    expect(kinds.filter((kind) => kind === 'probeGreeting')).toHaveLength(3);
    const recheckAgain: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'long' };
    expect(play(away, recheck, greeted(), answered).commands.slice(-2)).toEqual([
      { kind: 'wait', timer: 'holdDown' },
      recheckAgain,
    ]);
    expect(play(holdingDown, greeted()).commands).toEqual([recheckAgain]);
  });

  it.each([
    ['a lost control connection', lost],
    ['a fresh connection that fails', notGreeted(silent)],
    ['a laptop that slept', woke],
  ])('%s ends the hold-down', (_, event) => {
    expect(play(holdingDown, event).state).toMatchObject({ kind: 'continuity', outage: { since: 1000 } });
  });

  it('after the hold-down both routes are primary and reconciling begins', () => {
    const { state, kinds } = play(holdingDown, recheck, greeted(), answered, proven);
    expect(statusOf(state)).toMatchObject({ kind: 'returning', reading: 'primary', sending: 'primary' });
    expect(kinds).toContain('startReconcile');
    expect(kinds).not.toContain('endOutage');
  });

  it('reconciled ends the outage, as of the moment Exchange became the route', () => {
    const { state, commands } = play(reconciling, answered, answered, reconciled);
    expect(statusOf(state)).toMatchObject({ kind: 'primary', outageSince: null, cause: null });
    expect(commands).toContainEqual({ kind: 'endOutage', at: reconciling.since });
  });

  it('an Exchange that dies while reconciling goes to continuity in the same outage', () => {
    const { state, kinds } = play(reconciling, ...refusedTwice);
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', outageSince: 1000 });
    expect(kinds).not.toContain('beginOutage');
    expect(kinds).not.toContain('endOutage');
  });

  it('a connection lost while reconciling goes on reconciling', () => {
    const { state, kinds } = play(reconciling, lost, reached, greeted(), answered);
    expect(state).toBe(reconciling);
    expect(kinds).toContain('startReconcile');
  });

  it('reconciled counts while Exchange is doubted, and not while it is away', () => {
    expect(play(reconciling, lost, reconciled, reached, greeted(), answered).state.kind).toBe('primary');
    expect(play(away, reconciled).state).toBe(away);
  });
});

describe('a restart', () => {
  it.each([
    ['an outage', away, 'continuity'],
    ['a hold-down', holdingDown, 'continuity'],
    ['no network', offline, 'offline'],
  ])('in %s goes on in it', (_, state, kind) => {
    const stored = JSON.parse(JSON.stringify(state)) as FailoverState;
    expect(play(stored, woke).state.kind).toBe(kind);
    expect(play(stored, woke).commands).not.toEqual([]);
  });

  it('while reconciling starts reconciling again once Exchange has answered', () => {
    const { state, kinds } = play(reconciling, woke, reached, greeted(), answered);
    expect(state).toBe(reconciling);
    expect(kinds).toContain('startReconcile');
  });

  it('the first start in the middle of an outage goes to continuity', () => {
    expect(play(primary, woke, reached, notGreeted(silent), reached).state.kind).toBe('continuity');
  });
});

const decreed = (decree: Decree): FailoverEvent => ({ kind: 'decreed', decree });

describe('a quiet time', () => {
  const quiet = play(primary, decreed('quiet')).state;

  it('holds sending, contacts Exchange for nothing, and judges nothing', () => {
    expect(play(primary, decreed('quiet')).kinds).toEqual(['rest']);
    expect(routesOf(quiet)).toEqual({ reading: 'primary', sending: null });
    expect(statusOf(quiet).override).toBe('bulletin');
    expect(play(quiet, ...refusedTwice, woke, decreed('quiet'))).toMatchObject({
      state: quiet,
      commands: [],
    });
  });

  it('is followed by judging Exchange afresh, so that a maintenance that overruns is an outage like any', () => {
    const over = play(quiet, decreed('none'));
    expect(over.state).toMatchObject({ kind: 'suspect', stage: 'network' });
    const overrun = play(
      over.state,
      reached,
      waits,
      notGreeted(refused),
      recheck,
      notGreeted(refused),
      reached,
    ).state;
    expect(routesOf(overrun)).toEqual({ reading: 'continuity', sending: 'continuity' });
    expect(play(over.state, reached, greeted(), answered).state).toBe(primary);
  });

  it('that begins in an outage holds nothing, and lets nobody back before it is over', () => {
    const { state } = play(away, decreed('quiet'));
    expect(routesOf(state)).toEqual({ reading: 'continuity', sending: 'continuity' });
    expect(play(state, recheck, greeted(), answered, proven).state).toBe(state);
    expect(play(state, decreed('none'), greeted(), answered, proven, reconciled).state.kind).toBe('primary');
  });

  it('that begins while only sending is away holds it', () => {
    expect(routesOf(play(sendingAway, decreed('quiet')).state)).toEqual({
      reading: 'primary',
      sending: null,
    });
  });

  it('carries over afterwards what left urgently, once', () => {
    const urgent = play(quiet, { kind: 'leftUrgently' }, { kind: 'leftUrgently' });
    expect(urgent.kinds).toEqual(['beginOutage']);
    expect(routesOf(urgent.state)).toEqual({ reading: 'primary', sending: null });
    const back = play(urgent.state, decreed('none'), reached, greeted(), answered);
    expect(back.kinds).toContain('startReconcile');
    expect(play(back.state, reconciled)).toMatchObject({ state: { kind: 'primary' }, kinds: ['endOutage'] });
  });

  it('lets nothing be carried over that nothing was sent for', () => {
    expect(play(primary, { kind: 'leftUrgently' }).state).toBe(primary);
  });
});

describe('an outage by bulletin', () => {
  const declared = play(primary, decreed('outage')).state;

  it('takes everybody to continuity at once, though Exchange answers, and keeps them there', () => {
    const { kinds, commands } = play(primary, decreed('outage'));
    expect(statusOf(declared)).toMatchObject({
      kind: 'continuity',
      cause: 'declared',
      override: 'bulletin',
      reading: 'continuity',
      sending: 'continuity',
    });
    expect(kinds[0]).toBe('rest');
    expect(commands).toContainEqual({ kind: 'beginOutage', outage: { since: 1000, cause: 'declared' } });
    const later = play(declared, woke, recheck, reached, greeted(), answered, proven, decreed('outage'));
    expect(later.state).toBe(declared);
    expect(later.kinds).not.toContain('probeGreeting');
    expect(later.kinds).not.toContain('connectControl');
  });

  it('still notices that this laptop has no network', () => {
    const { state } = play(declared, recheck, unreached);
    expect(statusOf(state)).toMatchObject({ kind: 'offline', override: 'bulletin' });
    expect(play(state, recheck, reached).state).toBe(declared);
  });

  it('reaches a laptop that is offline, and is lifted there too', () => {
    const { state } = play(offline, decreed('outage'));
    expect(state).toMatchObject({ kind: 'offline', behind: { kind: 'continuity', heldBy: 'bulletin' } });
    expect(play(state, reached).state).toMatchObject({ kind: 'continuity' });
    expect(play(state, decreed('none'), reached).kinds).toContain('probeGreeting');
  });

  it('takes over an outage that was seen, and its beginning and cause', () => {
    const { state, kinds } = play(away, decreed('outage'));
    expect(statusOf(state)).toMatchObject({ outageSince: 1000, cause: 'refused', override: 'bulletin' });
    expect(kinds).not.toContain('beginOutage');
  });

  it('that has ended comes back like any other, by a hold-down', () => {
    const { state } = play(declared, decreed('none'));
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', override: null });
    expect(play(state, recheck, greeted(), answered, proven, reconciled).state.kind).toBe('primary');
  });

  it('by a drill is the same, under its own name', () => {
    expect(statusOf(play(primary, decreed('drill')).state)).toMatchObject({
      kind: 'continuity',
      cause: 'drill',
    });
  });
});

describe('an incident', () => {
  const incident = play(primary, decreed('incident')).state;

  it('goes to continuity and lets nothing contact Exchange', () => {
    const { kinds } = play(primary, decreed('incident'));
    expect(routesOf(incident)).toEqual({ reading: 'continuity', sending: 'continuity' });
    expect(kinds).toEqual(['rest', 'beginOutage']);
    expect(play(incident, woke, recheck, greeted(), answered, proven, lost)).toMatchObject({
      state: incident,
      commands: [],
    });
  });

  it('comes over every state', () => {
    for (const state of [away, sendingAway, holdingDown, reconciling])
      expect(play(state, decreed('incident'))).toMatchObject({
        state: { kind: 'incident' },
        kinds: ['rest'],
      });
    // Where no outage is under way yet, one begins: what is received and sent from now on is carried over.
    expect(play(offline, decreed('incident'))).toMatchObject({
      state: { kind: 'incident' },
      kinds: ['rest', 'beginOutage'],
    });
  });

  it('comes back like any outage once it is released', () => {
    const { state } = play(incident, decreed('none'));
    expect(play(state, recheck, greeted(), answered, proven, reconciled).state.kind).toBe('primary');
  });

  it('gives way to what else is decreed', () => {
    expect(play(incident, decreed('outage')).state).toMatchObject({ kind: 'continuity', heldBy: 'bulletin' });
    expect(play(incident, decreed('quiet')).state).toMatchObject({
      kind: 'quiet',
      behind: { kind: 'continuity' },
    });
  });
});

describe('the person', () => {
  const chosenAway = play(primary, decreed('chosenContinuity')).state;
  const chosenExchange = play(away, decreed('chosenExchange'));

  it('leaves Exchange though it answers, and stays away whatever it does', () => {
    const left = play(primary, decreed('chosenContinuity'));
    expect(statusOf(left.state)).toMatchObject({
      kind: 'continuity',
      cause: 'chosen',
      override: 'person',
      reading: 'continuity',
      sending: 'continuity',
    });
    expect(left.kinds).toContain('beginOutage');
    const later = play(left.state, woke, recheck, reached, greeted(), answered, proven);
    expect(later.state).toBe(left.state);
    expect(later.kinds).not.toContain('probeGreeting');
  });

  it('goes by Exchange at once though it fails, carries over what there is, and is not led away again', () => {
    expect(statusOf(chosenExchange.state)).toMatchObject({
      kind: 'returning',
      override: 'person',
      reading: 'primary',
      sending: 'primary',
    });
    expect(chosenExchange.kinds).toContain('startReconcile');
    const doubted = play(chosenExchange.state, ...refusedTwice);
    expect(doubted.state).toEqual(chosenExchange.state);
    expect(doubted.kinds).not.toContain('dropControl');
    const carried = play(chosenExchange.state, reconciled).state;
    expect(carried).toMatchObject({ kind: 'primary', heldBy: 'person' });
    for (const events of [refusedTwice, sendingRefusedTwice])
      expect(play(carried, ...events).state).toEqual(carried);
  });

  it('is told all the same that this laptop has no network, and is where they chose when it is back', () => {
    const lost = play(chosenExchange.state, noted(cut), unreached).state;
    expect(statusOf(lost)).toMatchObject({ kind: 'offline', override: 'person' });
    expect(
      play(lost, reached, waits, notGreeted(refused), recheck, notGreeted(refused), reached).state,
    ).toEqual(chosenExchange.state);
    const gone = play(chosenAway, recheck, unreached).state;
    expect(statusOf(gone)).toMatchObject({ kind: 'offline', override: 'person' });
    expect(play(gone, reached).state).toBe(chosenAway);
  });

  it('chooses while offline, and goes that way once there is a network', () => {
    const chosen = play(offline, decreed('chosenContinuity')).state;
    expect(routesOf(chosen).sending).toBeNull();
    expect(routesOf(play(chosen, reached).state).sending).toBe('continuity');
  });

  it('chooses one way after the other', () => {
    const back = play(chosenAway, decreed('chosenExchange')).state;
    expect(routesOf(back).reading).toBe('primary');
    expect(routesOf(play(back, decreed('chosenContinuity')).state).reading).toBe('continuity');
  });

  it('leaves it to Relevo again: away, it goes by the evidence, and comes back by a hold-down', () => {
    const { state, kinds } = play(chosenAway, decreed('none'));
    expect(statusOf(state)).toMatchObject({ kind: 'continuity', override: null });
    expect(kinds).not.toContain('startReconcile');
    expect(play(state, recheck, greeted(), answered, proven, reconciled).state).toMatchObject({
      kind: 'primary',
    });
    const judged = play(chosenExchange.state, decreed('none'));
    expect(statusOf(judged.state).override).toBeNull();
    expect(play(judged.state, ...refusedTwice).state.kind).toBe('continuity');
    const doubting = play(chosenExchange.state, lost, reached, decreed('none')).state;
    expect(play(doubting, waits, notGreeted(refused), recheck, notGreeted(refused), reached).state.kind).toBe(
      'continuity',
    );
  });

  it('gives way to every bulletin', () => {
    for (const chosen of [chosenAway, chosenExchange.state])
      for (const decree of ['quiet', 'drill', 'outage', 'incident'] as const)
        expect(statusOf(play(chosen, decreed(decree)).state).override).toBe('bulletin');
  });
});
