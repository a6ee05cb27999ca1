import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError, errorCodes } from '../../../../shared/errors.ts';
import { handoverEndsAt, putOffMs, reasonOf } from './patience.ts';

describe('waiting for the gateway', () => {
  it('ends after the quiet time where nothing comes', () => {
    expect(handoverEndsAt(1_000, null, 30)).toBe(1_030);
  });

  it('goes on while it brings something, and ends all the same', () => {
    expect(handoverEndsAt(1_000, 1_020, 30)).toBe(1_050);
    expect(handoverEndsAt(1_000, 9_999, 30)).toBe(1_300);
  });

  it('never ends before the quiet time, nor later than ten of them', () => {
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat()), fc.nat({ max: 86_400_000 }), (returned, last, quiet) => {
        const endsAt = handoverEndsAt(returned, last, quiet);
        expect(endsAt).toBeGreaterThanOrEqual(returned + quiet);
        expect(endsAt).toBeLessThanOrEqual(returned + 10 * quiet);
      }),
    );
  });
});

describe('what cannot be brought back', () => {
  it('says that the mailbox is full, or the message too large, in whatever words Exchange does', () => {
    const full = appError('server.refused', 'afterUserAction', { reason: 'quota' });
    const unavailable = appError('server.unavailable', 'later', { reason: 'answer' });
    expect(reasonOf(full, true)).toBe('mailbox.full');
    expect(reasonOf(unavailable, true)).toBe('mailbox.full');
    expect(reasonOf(unavailable, false)).toBe('server.unavailable');
    expect(reasonOf(appError('server.refused', 'never', { reason: 'tooLarge' }), true)).toBe('mail.tooLarge');
    expect(reasonOf(appError('notFound', 'later'), true)).toBe('notFound');
  });

  it('is tried again for ever: more rarely, and at least once a day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...errorCodes),
        fc.integer({ min: 1, max: 1_000_000 }),
        (reason, failures) => {
          const pause = putOffMs(reason, failures);
          expect(pause).toBeGreaterThanOrEqual(60_000);
          expect(pause).toBeLessThanOrEqual(24 * 3_600_000);
          expect(putOffMs(reason, failures + 1)).toBeGreaterThanOrEqual(pause);
        },
      ),
    );
  });
});
