import type { FailoverStatus } from '../../../../shared/model/failover.ts';
import type { Route } from '../../../../shared/model/route.ts';
import { outageOf } from './moves.ts';
import type { EverythingAway, FailoverState } from './state.ts';

/** What the person is told, without whose account it is. Each capability has one route at most. */
export function statusOf(
  state: FailoverState,
): Omit<FailoverStatus, 'accountId' | 'exchangeHost' | 'notices' | 'mayGoUrgently' | 'chosen' | 'mayChoose'> {
  const outage = outageOf(state);
  return {
    kind: isToldOnce(state) ? 'continuity' : state.kind,
    since: state.since,
    outageSince: outage?.since ?? null,
    cause: outage?.cause ?? null,
    override: overrideOf(state),
    network: networkOf(state),
    signInAwaySince: signInAwaySince(state),
    evidence: ('tried' in state ? state.tried : null) ?? outage?.tried ?? [],
    ...routesOf(state),
  };
}

function networkOf(state: FailoverState): FailoverStatus['network'] {
  if (state.kind === 'offline') return state.why ?? 'none';
  return state.kind === 'suspect' && state.stage === 'network' ? 'unknown' : 'fine';
}

function signInAwaySince(state: FailoverState): FailoverStatus['signInAwaySince'] {
  const behind = 'behind' in state ? state.behind : state;
  return behind.kind === 'primary' ? (behind.signInAway ?? null) : null;
}

/** An Exchange that comes and goes is told of once in each direction, until it has stayed. */
const isToldOnce = (state: FailoverState): boolean =>
  state.kind === 'returning' && state.stage === 'holdDown' && state.outage.hasRelapsed === true;

function overrideOf(state: FailoverState): FailoverStatus['override'] {
  if (state.kind === 'incident' || state.kind === 'quiet') return 'bulletin';
  const behind = 'behind' in state ? state.behind : state;
  return ('heldBy' in behind ? behind.heldBy : null) ?? null;
}

/** Null: there is no way, or sending is held; wait. */
export function routesOf(state: FailoverState): {
  readonly reading: Route | null;
  readonly sending: Route | null;
} {
  switch (state.kind) {
    case 'primary':
      return { reading: 'primary', sending: 'primary' };
    case 'suspect':
      return routesOf(state.behind);
    case 'offline':
      return { reading: null, sending: null };
    case 'continuity':
      return { reading: state.away === 'both' ? 'continuity' : 'primary', sending: 'continuity' };
    case 'returning':
      return state.stage === 'reconciling'
        ? { reading: 'primary', sending: 'primary' }
        : { reading: state.away === 'both' ? 'continuity' : 'primary', sending: 'continuity' };
    case 'quiet':
      return isEverythingAway(state.behind)
        ? routesOf(state.behind)
        : { reading: routesOf(state.behind).reading, sending: null };
    case 'incident':
      return { reading: 'continuity', sending: 'continuity' };
  }
}

/** While a maintenance holds sending: the route for what cannot wait. Null whenever there is one for everything. */
export function urgentRouteOf(state: FailoverState): Route | null {
  return state.kind === 'quiet' && routesOf(state).sending === null ? 'continuity' : null;
}

const isEverythingAway = (state: FailoverState): state is EverythingAway =>
  state.kind === 'continuity' && state.away === 'both';
