import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/errors.ts';
import type { OutgoingState } from '../../shared/model/outgoing.ts';
import { type Route, routes } from '../../shared/model/route.ts';
import { initialState, step } from './failover/core/machine.ts';
import type { Decree, FailoverEvent, FailoverState } from './failover/core/state.ts';
import { routesOf, urgentRouteOf } from './failover/core/status.ts';
import { nextOutgoingState, type OutgoingEvent } from './outbox/core/outgoing-machine.ts';

const histories = Number(process.env.FAILOVER_HISTORIES);
const deep = histories > 0 ? { numRuns: histories } : {};
const timeout = histories > 0 ? 3_600_000 : 120_000;

const refused = appError('network.unreachable', 'soon');
const decrees: readonly Decree[] = [
  'none',
  'chosenExchange',
  'chosenContinuity',
  'quiet',
  'drill',
  'outage',
  'incident',
];
const failoverEvent: fc.Arbitrary<FailoverEvent> = fc.oneof(
  fc
    .constantFrom(
      'woke',
      'controlAnswered',
      'neutralReached',
      'neutralUnreached',
      'reconciled',
      'leftUrgently',
    )
    .map((kind) => ({ kind }) as FailoverEvent),
  fc.constant<FailoverEvent>({ kind: 'controlFailed', error: refused }),
  fc.constant<FailoverEvent>({ kind: 'notGreeted', capability: 'reading', error: refused }),
  fc.constant<FailoverEvent>({ kind: 'greeted', capability: 'reading' }),
  fc.constantFrom('recheck', 'holdDown').map((timer) => ({ kind: 'elapsed', timer }) as FailoverEvent),
  fc.constantFrom(...decrees).map((decree): FailoverEvent => ({ kind: 'decreed', decree })),
);
type Step =
  | { readonly kind: 'failover'; readonly event: FailoverEvent }
  /** The submitter of a route looks what it may send. */
  | { readonly kind: 'looks'; readonly route: Route }
  | { readonly kind: 'message'; readonly event: OutgoingEvent };
const outcome = fc.constantFrom(
  'dotNext',
  'accepted',
  'rejected',
  'deferred',
  'lost',
  'restarted',
  'notFoundInSent',
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: failoverEvent.map((event): Step => ({ kind: 'failover', event })) },
  { weight: 3, arbitrary: fc.constantFrom(...routes).map((route): Step => ({ kind: 'looks', route })) },
  outcome.map((kind): Step => ({ kind: 'message', event: { kind } })),
);

describe('an outgoing message, whatever becomes of the routes', { timeout }, () => {
  it('is on one route at most, and after a final dot on no other before that server has refused it', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), fc.boolean(), (history, isUrgent) => {
        let failover: FailoverState = initialState(0);
        let message: OutgoingState = 'queued';
        let on: Route | null = null;
        for (const [now, each] of history.entries()) {
          if (each.kind === 'failover') failover = step(failover, each.event, now).state;
          else if (each.kind === 'message') {
            message = nextOutgoingState(message, each.event);
            if (message === 'queued') on = null;
          } else {
            // As the outbox has it: `routeOf` in outbox-runner.ts.
            const way = routesOf(failover).sending ?? (isUrgent ? urgentRouteOf(failover) : null);
            if (message !== 'queued' || way !== each.route) continue;
            expect(on).toBeNull();
            on = each.route;
            message = nextOutgoingState(message, { kind: 'attemptStarted' });
          }
          if (message === 'sending' || message === 'handedOver' || message === 'uncertain')
            expect(on).not.toBeNull();
        }
      }),
      deep,
    );
  });
});
