import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operatorNames, roleNames, stateNames, unitNames } from './names.ts';
import { parseSearch } from './parse.ts';
import { printSearch } from './print.ts';
import type { SearchField, SearchQuery } from './query.ts';

const parsed = (text: string) => parseSearch(text).query;
const word = (text: string, field: SearchField | null = null): SearchQuery => ({
  kind: 'words',
  text,
  field,
  match: 'word',
});
const languages = ['en', 'de', 'es', 'fr', 'it'] as const;

describe('parseSearch', () => {
  it('takes words as all wanted, the last as a beginning while it is being typed', () => {
    expect(parsed('offer hambu')).toEqual({
      kind: 'all',
      parts: [word('offer'), { ...word('hambu'), match: 'beginning' }],
    });
    expect(parsed('offer ')).toEqual(word('offer'));
    expect(parsed('off* ')).toEqual({ ...word('off'), match: 'beginning' });
  });

  it('takes what stands in quotation marks as one phrase, also before the second mark', () => {
    const phrase = { ...word('on Monday'), match: 'exact' };
    expect(parsed('"on Monday"')).toEqual(phrase);
    expect(parsed('„on Monday“')).toEqual(phrase);
    expect(parsed('"on Monday')).toEqual(phrase);
  });

  it('understands operators, brackets, OR and what is not wanted', () => {
    expect(parsed('from:anna (offer OR -subject:"last call") is:unread')).toEqual({
      kind: 'all',
      parts: [
        word('anna', 'from'),
        {
          kind: 'any',
          parts: [word('offer'), { kind: 'not', part: { ...word('last call', 'subject'), match: 'exact' } }],
        },
        { kind: 'state', state: 'unread' },
      ],
    });
  });

  it('understands the names of all languages at once, in any case and without accents', () => {
    for (const language of languages) {
      for (const [field, names] of Object.entries(operatorNames).slice(0, 5))
        expect(parsed(`${names[language].toUpperCase()}:x `)).toEqual(word('x', field as SearchField));
      for (const [role, names] of Object.entries(roleNames))
        expect(parsed(`${operatorNames.in[language]}:${names[language]}`)).toEqual({ kind: 'role', role });
      for (const [state, names] of Object.entries(stateNames)) {
        const name = operatorNames[state === 'attachment' ? 'has' : 'is'][language];
        expect(parsed(`${name}:${names[language]}`)).toEqual({ kind: 'state', state });
      }
      for (const [unit, names] of Object.entries(unitNames))
        expect(parsed(`${operatorNames.older_than[language]}:3${names[language]}`)).toEqual({
          kind: 'age',
          than: 'older',
          amount: 3,
          unit,
        });
    }
    expect(parsed('groesser:1k')).not.toEqual(parsed('größer:1k'));
    expect(parsed('GROSSER:1k')).toBeTruthy();
  });

  it.each([
    ['before:2026-10-25', 'before', '2026-10-25'],
    ['vor:25.10.2026', 'before', '2026-10-25'],
    ['after:10/25/2026', 'after', '2026-10-25'],
    ['après:05/10/26', 'after', '2026-10-05'],
    ['after:2026-02', 'after', '2026-02-01'],
    ['after:2026', 'after', '2026-01-01'],
  ])('reads the date of %s', (text, kind, day) => {
    expect(parsed(text)).toEqual({ kind, day });
  });

  it.each([
    ['larger:5M', 5 * 1024 ** 2],
    ['größer:500kB', 500 * 1024],
    ['plus_grand:1,5Mo', 1.5 * 1024 ** 2],
    ['larger:100', 100],
  ])('reads the size of %s', (text, bytes) => {
    expect(parsed(text)).toEqual({ kind: 'size', than: 'larger', bytes });
  });

  it.each([
    ['before:soon', ['before:soon']],
    ['after:31.02.2026', ['after:31.02.2026']],
    ['is:purple has:hair', ['is:purple', 'has:hair']],
    ['offer)', [')']],
    ['(offer ', ['(']],
    ['larger:huge', ['larger:huge']],
  ])('searches literally for what %s cannot mean, and says so', (text, literal) => {
    const answer = parseSearch(text);
    expect(answer.literal).toEqual(literal);
    expect(answer.query).not.toBeNull();
  });

  it('says nothing of a colon that is no operator, nor of an operator that waits for its value', () => {
    expect(parseSearch('https://corp.example/a?b=1 ')).toEqual({
      query: word('https://corp.example/a?b=1'),
      literal: [],
    });
    expect(parseSearch('from:')).toEqual({ query: null, literal: [] });
    expect(parseSearch('  ()  OR -- ""')).toMatchObject({ query: null });
  });
});

const term = fc.oneof(
  fc.constantFrom(
    'offer',
    'Straße',
    '東京',
    '25.10.2026',
    'a@b.example',
    'OR',
    'NOT',
    '-',
    '*',
    '(',
    ')',
    '"',
  ),
  fc.constantFrom(...Object.values(operatorNames).flatMap(Object.values)).map((name) => `${name}:`),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(' ', ':', 'unread', '3d', '5M', 'today', '„'),
);
const typed = fc.array(term, { maxLength: 12 }).map((parts) => parts.join(''));

it('takes anything for something, and for the same when it is written out and read again', () => {
  fc.assert(
    fc.property(typed, fc.constantFrom(...languages), (text, language) => {
      const { query } = parseSearch(text);
      if (query !== null) expect(parseSearch(printSearch(query, language))).toEqual({ query, literal: [] });
    }),
    { numRuns: 3000 },
  );
});

it('ends on brackets and signs without end', () => {
  for (const text of [
    '('.repeat(20_000),
    '-('.repeat(5000),
    'NOT '.repeat(5000),
    'a OR '.repeat(5000),
    '"'.repeat(9999),
  ])
    expect(() => parseSearch(text)).not.toThrow();
});
