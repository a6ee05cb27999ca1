import { describe, expect, it } from 'vitest';
import { markWords, wordsOf } from './mark-words.ts';

const marked = (text: string, ...words: string[]) =>
  markWords(text, words)
    .map((run) => (run.isMarked ? `[${run.text}]` : run.text))
    .join('');

describe('markWords', () => {
  it('marks beginnings of words, whatever their case', () => {
    expect(marked('The Clause, clauses and subclause', 'clause')).toBe(
      'The [Clause], [clause]s and subclause',
    );
  });

  it('takes signs in a word for what they are', () => {
    expect(marked('1.5 (a+b) 145', '1.5')).toBe('[1.5] (a+b) 145');
  });

  it('leaves a text whole when there is nothing to mark', () => {
    expect(markWords('Text', [])).toEqual([{ text: 'Text', isMarked: false, at: 0 }]);
  });

  it('loses no letter', () => {
    const text = 'Größe und größer, Ölgröße';
    expect(
      markWords(text, ['größ', 'und'])
        .map((run) => run.text)
        .join(''),
    ).toBe(text);
  });
});

describe('wordsOf', () => {
  it('drops the signs between words', () => {
    expect(wordsOf(' clause-4, "Straße" ')).toEqual(['clause', '4', 'Straße']);
  });
});
