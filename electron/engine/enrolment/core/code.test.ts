import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCode, checkCharacter, printedCode } from './code.ts';

const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const code = fc
  .array(fc.constantFrom(...alphabet), { minLength: 15, maxLength: 15 })
  .map((characters) => characters.join(''))
  .map((characters) => characters + checkCharacter(characters));

describe('an enrolment code', () => {
  it('is read as it is printed, and however a person types it', () => {
    fc.assert(
      fc.property(code, (one) => {
        expect(canonicalCode(printedCode(one))).toBe(one);
        expect(canonicalCode(` ${printedCode(one).toLowerCase().replaceAll('-', ' – ')} `)).toBe(one);
        expect(canonicalCode(one.replaceAll('1', 'l').replaceAll('0', 'o'))).toBe(one);
        expect(canonicalCode(one.replaceAll('1', 'I').replaceAll('0', 'O'))).toBe(one);
      }),
    );
  });

  it('shows every single wrong character', () => {
    fc.assert(
      fc.property(code, fc.nat(15), fc.constantFrom(...alphabet), (one, at, other) => {
        fc.pre(one[at] !== other);
        expect(canonicalCode(one.slice(0, at) + other + one.slice(at + 1))).toBeNull();
      }),
    );
  });

  it('shows every swap of two characters', () => {
    fc.assert(
      fc.property(code, fc.nat(15), fc.nat(15), (one, at, other) => {
        fc.pre(one[at] !== one[other]);
        const swapped = [...one];
        [swapped[at], swapped[other]] = [one[other] ?? '', one[at] ?? ''];
        expect(canonicalCode(swapped.join(''))).toBeNull();
      }),
    );
  });

  it.each(['', '0', 'hello', 'U'.repeat(16), '0'.repeat(17), 'ÄÖÜß'.repeat(4)])('is not %j', (text) => {
    expect(canonicalCode(text)).toBeNull();
  });
});
