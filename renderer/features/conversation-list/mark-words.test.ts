import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markWords } from './mark-words.ts';

const marked = (text: string, ...words: string[]) =>
  markWords(text, words)
    .map((run) => (run.isMarked ? `[${run.text}]` : run.text))
    .join('');

describe('markWords', () => {
  it('marks beginnings of words, and what has four letters also inside, whatever their case', () => {
    expect(marked('The Clause, clauses and subclause', 'clause')).toBe(
      'The [Clause], [clause]s and sub[clause]',
    );
    expect(marked('An ant can', 'an')).toBe('[An] [an]t can');
  });

  it('marks what is written with accents, in two characters for one, or without blanks', () => {
    expect(marked('Größe, Cafe\u0301 im 東京都', 'grosse', 'cafe', '京都')).toBe(
      '[Größe], [Cafe\u0301] im 東[京都]',
    );
  });

  it('takes signs in a word for what they are', () => {
    expect(marked('1.5 (a+b) 145', '1.5')).toBe('[1.5] (a+b) 145');
  });

  it('leaves a text whole when there is nothing to mark', () => {
    expect(markWords('Text', [])).toEqual([{ text: 'Text', isMarked: false, at: 0 }]);
  });

  it('loses no letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ minLength: 1 })), (text, words) => {
        expect(
          markWords(text, words)
            .map((run) => run.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
