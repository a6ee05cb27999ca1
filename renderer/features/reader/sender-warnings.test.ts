import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUnicode } from './punycode.ts';
import { looksLike, senderWarnings } from './sender-warnings.ts';

const nothing = { replyTo: [], isFirstContact: false, knownDomains: ['puertosur.example', 'microsoft.com'] };
const own = 'alice@nordlicht.example';
const warn = (address: string, name = '', facts = {}) =>
  senderWarnings({ name, address }, { ...nothing, ...facts }, own);

describe('the warnings about a sender', () => {
  it('are none for who is known, nor for the hosts of their house', () => {
    expect(warn('mj@puertosur.example')).toEqual([]);
    expect(warn('news@mail.puertosur.example')).toEqual([]);
    expect(warn('bob@elsewhere.example')).toEqual([]);
  });

  it.each([
    ['rnicrosoft.com', 'microsoft.com'],
    ['micros0ft.com', 'microsoft.com'],
    ['mlcrosoft.com', 'microsoft.com'],
    ['microsfot.com', 'microsoft.com'],
    ['microsoftt.com', 'microsoft.com'],
    ['micro-soft.com', 'microsoft.com'],
    ['microsoft.co', 'microsoft.com'],
    ['microsoft.com.evil.test', 'microsoft.com'],
    ['puertosür.example', 'puertosur.example'],
    ['nordIicht.example', 'nordlicht.example'],
    [domainToASCII('рuertosur.example'), 'puertosur.example'],
    [domainToASCII('micrοsoft.com'), 'microsoft.com'],
  ])('tell %s from %s', (domain, of) => {
    expect(warn(`mj@${domain}`)).toEqual([{ kind: 'lookalike', domain: domain.toLowerCase(), of }]);
  });

  it.each([
    ['macro-shop.com', 'microsoft.com'],
    ['abc.de', 'abd.de'],
    ['microsoft.com', 'microsoft.com'],
    ['outlook.com', 'microsoft.com'],
  ])('do not take %s for %s', (domain, known) => expect(looksLike(domain, known)).toBe(false));

  it('name where an answer would go, if that is another house that nobody here deals with', () => {
    const replyTo = [{ name: '', address: 'mj@freemail.test' }];
    expect(warn('mj@puertosur.example', '', { replyTo })).toEqual([
      { kind: 'replyElsewhere', address: 'mj@freemail.test' },
    ]);
    expect(warn('mj@a.test', '', { replyTo: [{ name: '', address: 'mj@microsoft.com' }] })).toEqual([]);
    expect(warn('mj@a.test', '', { replyTo: [{ name: '', address: 'mj@mail.a.test' }] })).toEqual([]);
  });

  it('see an address of somebody else that stands as the name', () => {
    expect(warn('x@evil.test', 'The boss <boss@nordlicht.example>')).toEqual([
      { kind: 'nameIsAddress', address: 'boss@nordlicht.example' },
    ]);
    expect(warn('boss@mail.a.test', 'boss@a.test')).toEqual([]);
  });

  it('say that somebody was never heard of', () => {
    expect(warn('x@a.test', '', { isFirstContact: true })).toEqual([{ kind: 'firstContact' }]);
  });
});

describe('toUnicode', () => {
  it('reads what the system writes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöüßéñαβγбвгд中文]{1,12}$/), (label) => {
        const ascii = domainToASCII(`${label}.example`);
        fc.pre(ascii !== '');
        expect(toUnicode(ascii)).toBe(`${label}.example`.normalize('NFC'));
      }),
    );
  });

  it('leaves alone what is none', () => {
    for (const domain of ['xn--.example', 'plain.example', 'xn--\u00fc.example', ''])
      expect(() => toUnicode(domain)).not.toThrow();
  });
});
