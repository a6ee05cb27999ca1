import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutgoingState, outgoingDecisions, outgoingStates } from '../../../../shared/model/outgoing.ts';
import { nextOutgoingState, type OutgoingEvent } from './outgoing-machine.ts';

const stateAfter = (state: OutgoingState, ...events: readonly OutgoingEvent[]): OutgoingState =>
  events.reduce(nextOutgoingState, state);

const released: OutgoingEvent = { kind: 'released' };
const takenForSome: OutgoingEvent = { kind: 'takenForSome' };
const answered: OutgoingEvent = { kind: 'answered' };
const bounced: OutgoingEvent = { kind: 'bounced' };
const sendNow: OutgoingEvent = { kind: 'decided', decision: 'sendNow' };
const attemptStarted: OutgoingEvent = { kind: 'attemptStarted' };
const dotNext: OutgoingEvent = { kind: 'dotNext' };
const accepted: OutgoingEvent = { kind: 'accepted' };
const rejected: OutgoingEvent = { kind: 'rejected' };
const deferred: OutgoingEvent = { kind: 'deferred' };
const lost: OutgoingEvent = { kind: 'lost' };
const restarted: OutgoingEvent = { kind: 'restarted' };
const foundInSent: OutgoingEvent = { kind: 'foundInSent', route: 'continuity' };
const notFoundInSent: OutgoingEvent = { kind: 'notFoundInSent' };
const sendAgain: OutgoingEvent = { kind: 'decided', decision: 'sendAgain' };
const treatAsSent: OutgoingEvent = { kind: 'decided', decision: 'treatAsSent' };
const discard: OutgoingEvent = { kind: 'decided', decision: 'discard' };

const events: readonly OutgoingEvent[] = [
  released,
  takenForSome,
  answered,
  bounced,
  attemptStarted,
  dotNext,
  accepted,
  rejected,
  deferred,
  lost,
  restarted,
  foundInSent,
  notFoundInSent,
  ...outgoingDecisions.map((decision): OutgoingEvent => ({ kind: 'decided', decision })),
];

describe('an outgoing message', () => {
  it('goes from queued to accepted when all is well', () => {
    expect(stateAfter('queued', attemptStarted)).toBe('sending');
    expect(stateAfter('sending', dotNext)).toBe('handedOver');
    expect(stateAfter('handedOver', accepted)).toBe('accepted');
  });

  it('is safe to send again when the crash came before the final dot', () => {
    expect(stateAfter('queued', attemptStarted, restarted)).toBe('queued');
  });

  it('is looked for when the crash came after the final dot, and accepted when it is found', () => {
    expect(stateAfter('handedOver', restarted)).toBe('handedOver');
    expect(stateAfter('handedOver', restarted, foundInSent)).toBe('accepted');
  });

  it('is uncertain when it is looked for and not found', () => {
    expect(stateAfter('handedOver', restarted, notFoundInSent)).toBe('uncertain');
    expect(stateAfter('handedOver', lost, notFoundInSent)).toBe('uncertain');
  });

  it('is looked for when the answer was lost although nobody noted that the dot left', () => {
    expect(stateAfter('sending', lost)).toBe('handedOver');
  });

  it('waits again when the server put it off', () => {
    expect(stateAfter('sending', deferred)).toBe('queued');
    expect(stateAfter('handedOver', deferred)).toBe('queued');
  });

  it('waits for the person when it was refused, before or after the dot', () => {
    expect(stateAfter('sending', rejected)).toBe('rejected');
    expect(stateAfter('handedOver', rejected)).toBe('rejected');
    expect(stateAfter('rejected', treatAsSent)).toBe('rejected');
    expect(stateAfter('rejected', sendAgain)).toBe('queued');
    expect(stateAfter('rejected', discard)).toBe('discarded');
  });

  it('is the person’s to decide when it is uncertain, and turns accepted if it turns up late', () => {
    expect(stateAfter('uncertain', sendAgain)).toBe('queued');
    expect(stateAfter('uncertain', treatAsSent)).toBe('accepted');
    expect(stateAfter('uncertain', discard)).toBe('discarded');
    expect(stateAfter('uncertain', foundInSent)).toBe('accepted');
  });

  it('leaves when the time for which it was held is over, or at once if the person says so', () => {
    expect(stateAfter('held', attemptStarted)).toBe('held');
    expect(stateAfter('held', restarted)).toBe('held');
    expect(stateAfter('held', released)).toBe('queued');
    expect(stateAfter('held', sendNow)).toBe('queued');
    expect(stateAfter('held', discard)).toBe('discarded');
  });

  it('goes on waiting for those that were put off while others have it', () => {
    expect(stateAfter('handedOver', takenForSome)).toBe('queued');
  });

  it('is known to have been taken when somebody answers it, or it comes back', () => {
    expect(stateAfter('uncertain', answered)).toBe('accepted');
    expect(stateAfter('handedOver', bounced)).toBe('accepted');
    expect(stateAfter('queued', answered)).toBe('queued');
  });

  it('can be taken back while it waits, and not once it is on its way', () => {
    expect(stateAfter('queued', discard)).toBe('discarded');
    expect(stateAfter('sending', discard)).toBe('sending');
    expect(stateAfter('handedOver', discard)).toBe('handedOver');
  });
});

describe('whatever happens to an outgoing message', () => {
  const event = fc.constantFrom(...events);
  const state = fc.constantFrom(...outgoingStates);

  it('it is in a state of the specification', () => {
    fc.assert(
      fc.property(state, fc.array(event), (from, happened) => {
        expect(outgoingStates).toContain(stateAfter(from, ...happened));
      }),
    );
  });

  it.each(['accepted', 'discarded'] as const)('%s is the end', (end) => {
    fc.assert(fc.property(fc.array(event), (happened) => stateAfter(end, ...happened) === end));
  });

  it('once the dot may have left, nothing but the server’s refusal or the person makes it wait again', () => {
    const silent = fc.constantFrom(
      ...events.filter(({ kind }) => !['deferred', 'takenForSome', 'decided'].includes(kind)),
    );
    fc.assert(
      fc.property(fc.array(silent), (happened) => {
        let at: OutgoingState = 'handedOver';
        for (const each of happened) {
          at = nextOutgoingState(at, each);
          expect(['queued', 'sending']).not.toContain(at);
        }
      }),
    );
  });

  it('a crash never makes a message accepted, refused or gone', () => {
    fc.assert(
      fc.property(state, (from) => {
        const to = nextOutgoingState(from, restarted);
        expect(from === to || (from === 'sending' && to === 'queued')).toBe(true);
      }),
    );
  });

  it('crashing twice is crashing once', () => {
    fc.assert(
      fc.property(state, (from) => stateAfter(from, restarted, restarted) === stateAfter(from, restarted)),
    );
  });

  it('an end can be reached from everywhere', () => {
    for (const from of outgoingStates) {
      const end = stateAfter(from, restarted, notFoundInSent, discard);
      expect(['accepted', 'discarded']).toContain(end);
    }
  });
});
