import { describe, expect, it } from 'vitest';
import { readSource } from './read-source.ts';

describe('readSource', () => {
  it('reads UTF-8 as such, and anything else byte by byte', () => {
    expect(readSource(Buffer.from('Grüße'))).toEqual({ text: 'Grüße', isWhole: true });
    expect(readSource(Buffer.from('Grüße', 'latin1'))).toEqual({ text: 'Grüße', isWhole: true });
  });

  it('says when it is cut off, also in the middle of a letter', () => {
    const { text, isWhole } = readSource(Buffer.from('€'.repeat(400_000)));
    expect(isWhole).toBe(false);
    expect(text).toMatch(/^€+$/);
  });
});
