import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRecoveryCode, readRecoveryCode } from './recovery-code.ts';

const codes = fc.constant(null).map(() => makeRecoveryCode());

describe('a recovery code', () => {
  it('is six groups of five characters that cannot be mistaken for each other', () => {
    expect(makeRecoveryCode()).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  it('is another one each time', () => {
    const made = Array.from({ length: 200 }, () => readRecoveryCode(makeRecoveryCode()));
    expect(new Set(made).size).toBe(200);
    expect(made).not.toContain(null);
  });

  it('uses every character as often as any other', () => {
    const text = Array.from({ length: 2000 }, () => readRecoveryCode(makeRecoveryCode())).join('');
    const counts = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].map((sign) => text.split(sign).length - 1);
    // 1625 expected of each; 6 standard deviations are 240.
    for (const count of counts) expect(Math.abs(count - 1625)).toBeLessThan(240);
  });

  it('is understood however it was typed', () => {
    fc.assert(
      fc.property(
        codes,
        fc.array(fc.constantFrom('', ' ', '-', ' - ', '\n', '–', '.'), { minLength: 40 }),
        fc.infiniteStream(fc.nat(3)),
        (code, separators, choices) => {
          const typed = [...code.replaceAll('-', '')]
            .map((sign, index) => {
              const choice = choices.next().value ?? 0;
              const misread = sign === '0' ? 'oO0O'[choice] : sign === '1' ? 'iIlL'[choice] : sign;
              return `${choice % 2 === 0 ? misread : misread?.toLowerCase()}${separators[index] ?? ''}`;
            })
            .join('');
          expect(readRecoveryCode(typed)).toBe(readRecoveryCode(code));
        },
      ),
    );
  });

  it('is refused when one character is another, or two have changed places', () => {
    fc.assert(
      fc.property(codes, fc.nat(28), fc.nat(31), (code, place, other) => {
        const signs = [...code.replaceAll('-', '')];
        const replacement = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[other] ?? '';
        const [here = '', next = ''] = signs.slice(place, place + 2);
        const replaced = signs.toSpliced(place, 1, replacement).join('');
        const swapped = signs.toSpliced(place, 2, next, here).join('');
        if (replacement !== here) expect(readRecoveryCode(replaced)).toBeNull();
        if (here !== next) expect(readRecoveryCode(swapped)).toBeNull();
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it.each(['', 'hello', '0'.repeat(30), `${'0'.repeat(29)}U`, '0'.repeat(500), '\u0000', '💌'.repeat(15)])(
    'is not %j',
    (typed) => {
      expect(readRecoveryCode(typed)).toBeNull();
    },
  );
});
