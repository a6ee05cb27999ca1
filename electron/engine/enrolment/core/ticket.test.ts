import { describe, expect, it } from 'vitest';
import { checkCharacter, printedCode } from './code.ts';
import { readTicket } from './ticket.ts';

const code = `0123456789ABCDE${checkCharacter('0123456789ABCDE')}`;
const key = 'k'.repeat(43);
const provider = { url: 'https://continuity.example/relevo', signingKeys: [key] };
const web = (values: Readonly<Record<string, string>>) =>
  `https://continuity.example/relevo/enrol#${new URLSearchParams(values)}`;
const own = (values: Readonly<Record<string, string>>) => `relevo://enrol?${new URLSearchParams(values)}`;

describe('a code or link', () => {
  it('is redeemed at the provider of the policy when it is a code', () => {
    expect(readTicket(` ${printedCode(code)} `, provider)).toEqual({ ok: true, value: { provider, code } });
  });

  it.each([web({ code, key }), own({ provider: provider.url, code: printedCode(code), key })])(
    'says by itself where: %s',
    (link) => {
      expect(readTicket(link, null)).toEqual({ ok: true, value: { provider, code } });
    },
  );

  it('leads nowhere else than the policy says, and the keys of the policy count', () => {
    const keys = ['p'.repeat(43)];
    expect(readTicket(web({ code, key }), { ...provider, signingKeys: keys })).toMatchObject({
      ok: true,
      value: { provider: { signingKeys: keys } },
    });
    expect(readTicket(web({ code, key }), { url: 'https://other.example', signingKeys: keys })).toMatchObject(
      {
        error: { code: 'enrolment.refused', context: { reason: 'otherProvider' } },
      },
    );
  });

  it.each([
    ['a mistyped code', code.replace('0', '2'), 'mistyped'],
    ['a code, and nobody knows of which provider', code, 'noProvider'],
    ['a link without a key', web({ code }), 'link'],
    ['a link to a provider without TLS', own({ provider: 'http://continuity.example', code, key }), 'link'],
    ['a link without a code', web({ key }), 'mistyped'],
  ])('is refused here already: %s', (_what, text, reason) => {
    expect(readTicket(text, null)).toMatchObject({
      error: { code: 'enrolment.invalidCode', context: { reason } },
    });
  });
});
