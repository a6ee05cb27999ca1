import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptAround } from './excerpt.ts';

describe('excerptAround', () => {
  it('shows the text around the first hit, on one line', () => {
    const text = `${'before '.repeat(50)}the\n\tBRÜCKE is closed ${'after '.repeat(50)}`;
    const excerpt = excerptAround(text, ['brucke']);
    expect(excerpt).toMatch(/^….*the BRÜCKE is closed.*…$/);
  });

  it('finds the place behind letters that change their length with their case', () => {
    const text = `${'İ'.repeat(100)} hit ${'x'.repeat(300)}`;
    expect(excerptAround(text, ['HIT']).indexOf('hit')).toBe(41);
  });

  it('shows the beginning where no word occurs', () => {
    expect(excerptAround('Short text', ['elsewhere'])).toBe('Short text');
  });

  it('is short and well-formed, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 1000 }),
        fc.string({ unit: 'binary' }),
        (text, word) => {
          const excerpt = excerptAround(text, [word]);
          expect(excerpt.length).toBeLessThanOrEqual(200);
          expect(excerpt.isWellFormed()).toBe(true);
          expect(excerpt).not.toMatch(/[\r\n]/);
        },
      ),
    );
  });
});
