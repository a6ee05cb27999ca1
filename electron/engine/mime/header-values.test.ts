import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddresses } from './addresses.ts';
import { decodeWords, normalizeWords } from './encoded-words.ts';
import { readHeader } from './header.ts';
import { readStructured } from './parameters.ts';

describe('decodeWords', () => {
  it.each([
    ['a word', '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['words with blanks between them', '=?utf-8?B?w6Q=?= \t=?utf-8?q?b?= c', 'äb c'],
    ['words glued to text', 'a=?utf-8?Q?=C3=A4?=b', 'aäb'],
    [
      'a character divided between words',
      '=?utf-8?B?w?= =?utf-8?B?6Q?= x',
      '� x'.replace('�', decodeWords('=?utf-8?B?w?=') + decodeWords('=?utf-8?B?6Q?=')),
    ],
    ['bytes of a character divided between words', '=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=', 'ä'],
    ['bytes divided between words of two encodings', '=?utf-8?Q?=C3?= =?utf-8?B?pA==?=', 'ä'],
    ['blanks within a word', '=?utf-8?Q?a b =C3=A4?=', 'a b ä'],
    ['a question mark within a word', '=?utf-8?Q?What?_Yes?=', 'What? Yes'],
    ['a word without its end', '=?utf-8?Q?abc', 'abc'],
    ['a word that begins before another has ended', '=?utf-8?Q?a=?utf-8?Q?b?=', 'ab'],
    ['a language', '=?iso-8859-1*de?Q?=E4?=', 'ä'],
    ['no charset', '=??Q?=C3=A4?=', 'ä'],
    ['base64 without its padding', '=?utf-8?B?w6Rh?= =?utf-8?B?YQ?=', 'äaa'],
    ['a charset of seven bits', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['UTF-7', '=?utf-7?Q?+AOQ-?=', 'ä'],
    ['what is no word', '=?x?= =? a ?= ==?', '=?x?= =? a ?= ==?'],
    ['an escape that was folded', '=?utf-8?Q?=C3= A4?=', 'ä'],
  ])('reads %s', (_what, value, text) => {
    expect(decodeWords(value)).toBe(text);
  });

  it('reads any text, and decodes nothing twice', () => {
    const piece = fc.oneof(
      fc.constantFrom('=?utf-8?Q?', '=?utf-8?B?', '?=', '=?', ' ', '=C3', 'w6Q=', '?'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const value = pieces.join('');
        expect(typeof decodeWords(value)).toBe('string');
        expect(decodeWords(normalizeWords(value))).toBe(decodeWords(value));
      }),
      { numRuns: 500 },
    );
  });
});

describe('readStructured', () => {
  const parameter = (value: string, name = 'filename'): string | undefined =>
    readStructured(value).parameters.get(name);

  it.each([
    ['a quoted string', 'attachment; filename="a; \\"b\\".txt"', 'a; "b".txt'],
    ['a Windows path', 'attachment; filename="C:\\temp\\a.txt"', 'C:\\temp\\a.txt'],
    ['blanks without quotes', 'attachment; filename=my file (1).pdf', 'my file (1).pdf'],
    ['a comment', 'attachment; filename=a.txt (the first)', 'a.txt'],
    ['RFC 2231', "attachment; filename*=utf-8''%e2%82%ac.txt", '€.txt'],
    ['RFC 2231 in quotes', 'attachment; filename*="utf-8\'de\'%e2%82%ac.txt"', '€.txt'],
    [
      'sections in any order',
      "attachment; filename*1*=%ac; filename*0*=utf-8''%e2%82; filename*2=.txt",
      '€.txt',
    ],
    ['sections whose bytes are one character', "a; filename*0*=utf-8''%e2; filename*1*=%82%ac", '€'],
    ['both forms, for old programs and new', "a; filename=EUR.txt; filename*=utf-8''%e2%82%ac.txt", '€.txt'],
    ['encoded words', 'a; filename="=?utf-8?B?4oKs?=.txt"', '€.txt'],
    ['encoded words in sections', 'a; filename*0="=?utf-8?B?4oKs"; filename*1="?=.txt"', '€.txt'],
    ['an asterisk that was forgotten', "a; filename=utf-8''%e2%82%ac.txt", '€.txt'],
    ['a semicolon that was forgotten', 'application/pdf filename="a.pdf"', 'a.pdf'],
    ['a quote that is never closed', 'a; filename="a.txt; size=3', 'a.txt'],
    ['what is given twice', 'a; filename=a; filename=b', 'a'],
  ])('reads a name with %s', (_what, value, name) => {
    expect(parameter(value)).toBe(name);
  });

  it('reads any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a=;"\\()*0\'%c '), maxLength: 60 }), (value) => {
        expect(readStructured(value).value).toBe(readStructured(value).value.toLowerCase());
      }),
      { numRuns: 500 },
    );
  });
});

describe('readAddresses', () => {
  it.each([
    [
      'names and groups',
      '"Doe, J" <j@x>, Team: a@x, B <b@x>;',
      [
        ['Doe, J', 'j@x'],
        ['', 'a@x'],
        ['B', 'b@x'],
      ],
    ],
    [
      'comments',
      'a@x (Ann), Bob (the \\) builder) <b@(home)x>',
      [
        ['Ann', 'a@x'],
        ['Bob', 'b@x'],
      ],
    ],
    ['a route', '<@a.example,@b.example:c@x>', [['', 'c@x']]],
    ['blanks', 'a @ b . example', [['', 'a@b.example']]],
    [
      'separators of other programs',
      'a@x; b@x;',
      [
        ['', 'a@x'],
        ['', 'b@x'],
      ],
    ],
    ['nobody', 'undisclosed-recipients:;', []],
  ])('reads %s', (_what, value, addresses) => {
    expect(readAddresses(value, null).map(({ name, address }) => [name, address])).toEqual(addresses);
  });

  it('lets no encoded word become an address, a list or a second name', () => {
    const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
    for (const trick of [
      'a@evil.example',
      'x" <a@evil.example>, "',
      'a@evil.example, b@evil.example',
      'Team: a@evil.example;',
    ])
      expect(readAddresses(`${word(trick)} <true@x>`, null)).toEqual([{ name: trick, address: 'true@x' }]);
  });
});

describe('readHeader', () => {
  const read = (text: string) =>
    readHeader(Buffer.from(text, 'latin1'), null).map(({ name, value }) => `${name}=${value}`);

  it('unfolds, and knows a colon in a continuation', () => {
    expect(read('Subject: a\r\n b\r\nFrom\r\n : c\r\n')).toEqual(['subject=a b', 'from=c']);
  });

  it('leaves out lines that belong to nothing', () => {
    expect(read('no colon\r\nA: b\r\n two words: c\r\n')).toEqual(['a=b two words: c']);
    expect(read('\u00a0From: evil\r\nTwo words: c\r\nA: b')).toEqual(['a=b']);
  });
});
