import type { Route } from '../../../../shared/model/route.ts';

export type Wait = 'exchangeOnly' | 'tooLargeForContinuity';

/**
 * What a queued message waits for although mail can leave by `route`: an identity that the continuity provider may not
 * send for waits for Exchange, and is never put in the place of another; so does what is larger than the provider takes.
 */
export function waitsFor(
  route: Route | null,
  message: { readonly mayLeaveByContinuity: boolean; readonly size: number },
  continuityMaxSize: number | null,
): Wait | null {
  if (route !== 'continuity') return null;
  if (!message.mayLeaveByContinuity) return 'exchangeOnly';
  return continuityMaxSize !== null && message.size > continuityMaxSize ? 'tooLargeForContinuity' : null;
}
