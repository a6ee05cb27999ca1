import type { Route } from '../../../../shared/model/route.ts';

/**
 * What a queued message waits for although mail can leave by `route`: an identity that the continuity provider may not
 * send for waits for Exchange, and is never put in the place of another.
 */
export function waitsFor(route: Route | null, mayLeaveByContinuity: boolean): 'exchange' | null {
  return route === 'continuity' && !mayLeaveByContinuity ? 'exchange' : null;
}
