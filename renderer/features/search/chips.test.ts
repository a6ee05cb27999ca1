import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSearch } from '../../../shared/search/parse.ts';
import { joinParts, partsOf, wantedAtEnd } from './chips.ts';

const shown = (text: string) => {
  const { chips, rest } = partsOf(text, 'de');
  return [...chips.map(({ label }) => `[${label}]`), rest].join('|');
};

it('shows an operator as a chip once it is finished, in the person’s language', () => {
  expect(shown('from:anna')).toBe('from:anna');
  expect(shown('from:anna ')).toBe('[von: anna]|');
  expect(shown('offer -subject:"last call" is:unread now')).toBe(
    '[−betreff: last call]|[ist: unread]|offer now',
  );
});

it('leaves as text what is no operator, and what belongs together', () => {
  for (const text of ['before:soon x', 'from:a OR from:b ', '(from:a ) ', 'Re: x '])
    expect(shown(text)).toBe(text);
});

it('changes nothing of what is searched for but the order', () => {
  const part = fc.constantFrom('from:anna', 'offer', '"a b"', 'is:unread', 'before:soon', '-in:"x y"', 'Re:');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.map((one) => `${one} `).join('');
      const { chips, rest } = partsOf(text, 'en');
      const sorted = (of: string) => {
        const { query } = parseSearch(of);
        return (query?.kind === 'all' ? query.parts : [query]).map((one) => JSON.stringify(one)).toSorted();
      };
      expect(sorted(joinParts(chips, rest))).toEqual(sorted(text));
      expect(partsOf(joinParts(chips, rest), 'en')).toEqual({ chips, rest });
    }),
  );
});

it('knows what the end of the text may go on with', () => {
  expect(wantedAtEnd('offer from:an', 'en')).toMatchObject({ of: 'people', text: 'an' });
  expect(wantedAtEnd('in:', 'en')).toMatchObject({ of: 'folders', text: '' });
  expect(wantedAtEnd('ist:un', 'de')).toMatchObject({ options: ['ist:ungelesen'] });
  expect(wantedAtEnd('bet', 'de')).toMatchObject({ options: ['betreff:'] });
  for (const text of ['b', 'from:anna ', '', '"bet', 'subject:x']) expect(wantedAtEnd(text, 'en')).toBeNull();
});
