import { appError } from '../../../../shared/errors.ts';
import { signKinds } from '../../../../shared/model/evidence.ts';
import { failuresNeeded, signs, type Weight } from '../core/evidence.ts';
import { step } from '../core/machine.ts';
import type { FailoverCommand, FailoverEvent, FailoverState, Outage, Suspect } from '../core/state.ts';
import { routesOf, statusOf } from '../core/status.ts';

const outage: Outage = { since: 0, cause: 'refused' };
const primary = { kind: 'primary', since: 0 } as const;
const suspect = (stage: Exclude<Suspect['stage'], 'verdict'>): FailoverState => ({
  kind: 'suspect',
  since: 0,
  failures: stage === 'pause' ? 1 : 0,
  of: 'reading',
  behind: primary,
  stage,
});
const away = { kind: 'continuity', away: 'both', since: 0, outage } as const;

/** One of each kind, by the name that docs/failover.md has for it. */
export const exampleStates: Readonly<Record<string, FailoverState>> = {
  primary,
  'primary, chosen': { ...primary, heldBy: 'person' },
  'primary, sign-in away': { ...primary, signInAway: 0 },
  'suspect, network': suspect('network'),
  'suspect, greeting': suspect('greeting'),
  'suspect, session': suspect('session'),
  'suspect, pause': suspect('pause'),
  'suspect, pause, refused twice': {
    kind: 'suspect',
    since: 0,
    failures: 2,
    of: 'reading',
    behind: primary,
    stage: 'pause',
    onceAwaited: 'refused',
  },
  'suspect, verdict': {
    kind: 'suspect',
    since: 0,
    failures: 2,
    of: 'reading',
    behind: primary,
    stage: 'verdict',
    cause: 'refused',
  },
  'suspect of sending, greeting': {
    kind: 'suspect',
    since: 0,
    failures: 0,
    of: 'sending',
    behind: primary,
    stage: 'greeting',
    isAwaited: true,
  },
  offline: { kind: 'offline', since: 0, behind: primary },
  'offline, elsewhere': { kind: 'offline', since: 0, behind: primary, why: 'elsewhere' },
  continuity: away,
  'continuity, sending only': { kind: 'continuity', away: 'sending', since: 0, outage },
  'continuity, declared': { ...away, heldBy: 'bulletin' },
  'continuity, chosen': { ...away, heldBy: 'person' },
  'returning, hold-down': { kind: 'returning', stage: 'holdDown', since: 0, outage, away: 'both' },
  'returning, reconciling': { kind: 'returning', stage: 'reconciling', since: 0, outage },
  quiet: { kind: 'quiet', since: 0, behind: primary },
  incident: { kind: 'incident', since: 0, outage },
};

const fault = appError('network.unreachable', 'soon');
const signInAway = appError('auth.providerUnreachable', 'later');
const stranger = appError('network.tlsStripped', 'afterUserAction');
const elsewhere = appError('network.timeout', 'soon', { reason: 'elsewhere' });
const noFault = appError('server.throttled', 'later');

const exampleEvents: Readonly<Record<string, FailoverEvent>> = {
  'started or woke': { kind: 'woke' },
  'another network': { kind: 'networkChanged' },
  'control connection answered': { kind: 'controlAnswered' },
  'control connection failed': { kind: 'controlFailed', error: fault },
  'control connection failed, sign-in is away': { kind: 'controlFailed', error: signInAway },
  'control connection failed, a stranger answered': { kind: 'controlFailed', error: stranger },
  'control connection failed, no fault of Exchange': { kind: 'controlFailed', error: noFault },
  'IMAP greeted': { kind: 'greeted', capability: 'reading' },
  'IMAP did not greet': { kind: 'notGreeted', capability: 'reading', error: fault },
  'IMAP did not greet, no fault of Exchange': { kind: 'notGreeted', capability: 'reading', error: noFault },
  'IMAP is in another network': { kind: 'notGreeted', capability: 'reading', error: elsewhere },
  'submission greeted': { kind: 'greeted', capability: 'sending' },
  'submission did not greet': { kind: 'notGreeted', capability: 'sending', error: fault },
  'neutral host reached': { kind: 'neutralReached' },
  'no neutral host reached': { kind: 'neutralUnreached' },
  'a captive portal met': { kind: 'neutralUnreached', why: 'portal' },
  'sync met a fault': { kind: 'traffic', capability: 'reading', route: 'primary', error: fault },
  'sync got an answer': { kind: 'traffic', capability: 'reading', route: 'primary', error: null },
  'outbox met a fault': { kind: 'traffic', capability: 'sending', route: 'primary', error: fault },
  'outbox got an answer': { kind: 'traffic', capability: 'sending', route: 'primary', error: null },
  'recheck is due': { kind: 'elapsed', timer: 'recheck' },
  'reconnect is due': { kind: 'elapsed', timer: 'reconnect' },
  'sign-in was away for too long': { kind: 'elapsed', timer: 'signIn' },
  'hold-down has passed': { kind: 'elapsed', timer: 'holdDown' },
  'everything is carried over': { kind: 'reconciled' },
  'decreed: nothing': { kind: 'decreed', decree: 'none' },
  'the person chooses Exchange': { kind: 'decreed', decree: 'chosenExchange' },
  'the person chooses continuity': { kind: 'decreed', decree: 'chosenContinuity' },
  'decreed: quiet': { kind: 'decreed', decree: 'quiet' },
  'decreed: drill': { kind: 'decreed', decree: 'drill' },
  'decreed: outage': { kind: 'decreed', decree: 'outage' },
  'decreed: incident': { kind: 'decreed', decree: 'incident' },
  'something urgent leaves': { kind: 'leftUrgently' },
};

/** The table of evidence, as Markdown. */
export function evidenceTable(): string {
  const words: Readonly<Record<Weight, string>> = {
    atOnce: 'at once',
    repeated: 'if it repeats',
    slowly: 'if it repeats, slowly',
    never: 'does not count',
    other: 'means something else',
  };
  const rows = signKinds.map((kind) => {
    const { weight, seen, means } = signs[kind];
    const needed = signs[kind].fault === null ? '' : failuresNeeded(kind, 'unknown', {});
    return `| ${kind} | ${seen} | ${means} | ${words[weight]} | ${needed} |`;
  });
  return [
    '| sign | seen | what it says | counts | fresh connections |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The tables of docs/failover.md, as Markdown: what every state routes, and what every event does in it. */
export function stateTables(): string {
  const routes = Object.entries(exampleStates).map(([name, state]) => {
    const { reading, sending } = routesOf(state);
    return `| ${name} | ${reading ?? 'none'} | ${sending ?? 'none'} | ${statusOf(state).override ?? ''} |`;
  });
  const tables = Object.entries(exampleStates).map(([name, state]) => {
    const rows = Object.entries(exampleEvents).flatMap(([event, happened]) => {
      const next = step(state, happened, 1);
      if (next.state === state && next.commands.length === 0) return [];
      const to = next.state === state ? 'stays' : nameOf(next.state);
      return [`| ${event} | ${to} | ${next.commands.map(wordsOf).join(', ')} |`];
    });
    const left = Object.keys(exampleEvents).length - rows.length;
    return [
      `### ${name}`,
      '',
      '| event | becomes | does |',
      '|---|---|---|',
      ...rows,
      '',
      left === 0 ? '' : `The other ${left} events mean nothing here.`,
    ].join('\n');
  });
  return [
    '| state | reading | sending | overridden by |',
    '|---|---|---|---|',
    ...routes,
    '',
    ...tables.flatMap((table) => [table, '']),
  ]
    .join('\n')
    .trimEnd();
}

function nameOf(state: FailoverState): string {
  switch (state.kind) {
    case 'suspect':
      return `suspect${state.of === 'sending' ? ' of sending' : ''}, ${state.stage}`;
    case 'continuity':
      if (state.away === 'sending') return 'continuity, sending only';
      if (state.heldBy === 'person') return 'continuity, chosen';
      return state.heldBy === 'bulletin' ? 'continuity, declared' : 'continuity';
    case 'returning':
      if (state.stage === 'holdDown') return 'returning, hold-down';
      return state.heldBy === 'person' ? 'returning, reconciling, chosen' : 'returning, reconciling';
    case 'primary':
      if (state.heldBy === 'person') return 'primary, chosen';
      return state.signInAway === undefined ? 'primary' : 'primary, sign-in away';
    case 'offline':
      return state.why === undefined ? 'offline' : `offline, ${state.why}`;
    default:
      return state.kind;
  }
}

function wordsOf(command: FailoverCommand): string {
  switch (command.kind) {
    case 'connectControl':
      return 'connect or ask control';
    case 'dropControl':
      return 'drop control';
    case 'probeGreeting':
      return command.capability === 'reading' ? 'probe IMAP' : 'probe submission';
    case 'probeNeutral':
      return 'probe neutral hosts';
    case 'wait':
      return command.timer === 'recheck'
        ? `recheck ${{ prompt: 'promptly', brief: 'soon', long: 'later' }[command.pace]}`
        : command.timer === 'reconnect'
          ? 'reconnect later'
          : 'start hold-down';
    case 'awaitSignIn':
      return 'wait for sign-in';
    case 'rest':
      return 'rest';
    case 'beginOutage':
      return 'record the outage';
    case 'endOutage':
      return 'close the outage';
    case 'startReconcile':
      return 'carry over';
  }
}
