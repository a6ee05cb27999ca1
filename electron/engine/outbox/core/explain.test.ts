import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outgoingDecisions, outgoingReasons, outgoingStates } from '../../../../shared/model/outgoing.ts';
import { explain, type OutgoingFacts } from './explain.ts';
import { nextOutgoingState } from './outgoing-machine.ts';

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const facts: fc.Arbitrary<OutgoingFacts> = fc
  .record({
    state: fc.constantFrom(...outgoingStates),
    hold: fc.constantFrom('undo', 'scheduled'),
    heldUntil: time,
    notBefore: time,
    route: fc.constantFrom('primary', 'continuity', null),
    waitsFor: fc.constantFrom('exchangeOnly', 'tooLargeForContinuity', null),
    lastError: fc.constantFrom(
      null,
      'network.closed',
      'auth.refused',
      'storage.full',
      'server.throttled',
      'server.refused',
    ),
    isAttemptOpen: fc.boolean(),
    isTakenForSome: fc.boolean(),
    hasUnnotedRefusals: fc.boolean(),
  })
  .map((drawn) => (drawn.state === 'held' ? drawn : { ...drawn, hold: null, heldUntil: null })) as never;

it('nothing is stuck: of every message it is said why it stands there, and it goes on by time, event or person', () => {
  fc.assert(
    fc.property(facts, (about) => {
      const { reason, next } = explain(about);
      expect(outgoingReasons).toContain(reason);
      const isOver = about.state === 'discarded' || (about.state === 'accepted' && !about.hasUnnotedRefusals);
      expect(next.kind === 'nothing').toBe(isOver);
      // A message that only a person moves can be moved by a person; one that waits can go on by itself.
      const isMovable = outgoingDecisions.some(
        (decision) => nextOutgoingState(about.state, { kind: 'decided', decision }) !== about.state,
      );
      if (next.kind === 'person' && about.state !== 'accepted') expect(isMovable).toBe(true);
      if (next.kind === 'time') expect(['held', 'queued']).toContain(about.state);
      if (next.kind === 'route' && about.route !== null) expect(about.waitsFor).not.toBeNull();
    }),
  );
});

it('every reason is some message’s', () => {
  const met = new Set(fc.sample(facts, 5_000).map((about) => explain(about).reason));
  expect([...met].sort()).toEqual([...outgoingReasons].sort());
});
