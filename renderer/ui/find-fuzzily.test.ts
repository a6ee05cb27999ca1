import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFuzzily } from './find-fuzzily.ts';

const commands = [
  'Reply',
  'Reply all',
  'Mark as read',
  'Mark as unread',
  'Move to a folder',
  'Outbox',
  'Répertoire',
];
const find = (typed: string) => findFuzzily(commands, typed, (one) => one);

describe('findFuzzily', () => {
  it('keeps the order while nothing is typed', () => expect(find('  ')).toEqual(commands));

  it('finds by the first letters of words', () => {
    expect(find('ra')[0]).toBe('Reply all');
    expect(find('mau')[0]).toBe('Mark as unread');
    expect(find('mtf')).toEqual(['Move to a folder']);
  });

  it('finds by a piece of the name, whatever its case and accents', () => {
    expect(find('OUTB')).toEqual(['Outbox']);
    expect(find('reper')).toEqual(['Répertoire']);
  });

  it('puts the shorter of two that fit as well first', () => expect(find('reply')[0]).toBe('Reply'));

  it('finds nothing where a letter is missing', () => expect(find('zzz')).toEqual([]));

  it('finds every text by any of its letters in order', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{1,20}$/), fc.infiniteStream(fc.boolean()), (text, keep) => {
        const typed = [...text].filter((letter) => letter !== ' ' && keep.next().value).join('');
        expect(findFuzzily([text], typed, (one) => one)).toEqual([text]);
      }),
    );
  });
});
