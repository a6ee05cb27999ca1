import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Submitted, settle } from './recipient-outcomes.ts';

const to = ['a@x', 'b@x', 'c@x'];
const refusal = (address: string, isPermanent: boolean) => ({
  address,
  isPermanent,
  response: isPermanent ? '550' : '450',
  sentence: 'no',
});
const ended = (kind: Submitted['kind'], ...refused: ReturnType<typeof refusal>[]) =>
  settle({ kind, refused }, to);
const outcomes = ({ recipients }: ReturnType<typeof settle>) =>
  recipients.map(({ address, outcome }) => `${address} ${outcome}`);

it('is accepted when everybody got it', () => {
  expect(ended('accepted').event).toEqual({ kind: 'accepted' });
});

it('is accepted when some are refused for good, who are named', () => {
  const settled = ended('accepted', refusal('b@x', true));
  expect(settled.event).toEqual({ kind: 'accepted' });
  expect(outcomes(settled)).toEqual(['a@x taken', 'b@x refused', 'c@x taken']);
});

it('goes on waiting for those who were put off, and for nobody else', () => {
  const settled = ended('accepted', refusal('b@x', false));
  expect(settled.event).toEqual({ kind: 'takenForSome' });
  expect(outcomes(settled)).toEqual(['a@x taken', 'b@x putOff', 'c@x taken']);
});

it('is refused when everybody is, and put off when only some are', () => {
  expect(ended('rejected', ...to.map((address) => refusal(address, true))).event).toEqual({
    kind: 'rejected',
  });
  const settled = ended('deferred', refusal('a@x', true), refusal('b@x', false), refusal('c@x', false));
  expect(settled.event).toEqual({ kind: 'deferred' });
  expect(outcomes(settled)).toEqual(['a@x refused', 'b@x putOff', 'c@x putOff']);
});

it('says of nobody that he has it unless the server took the message and him', () => {
  const kinds = fc.constantFrom<Submitted['kind']>('accepted', 'rejected', 'deferred', 'unknown');
  const refused = fc
    .subarray(to)
    .chain((some) => fc.tuple(...some.map((one) => fc.boolean().map((is) => refusal(one, is)))));
  fc.assert(
    fc.property(kinds, refused, (kind, those) => {
      const { recipients, event } = settle({ kind, refused: those }, to);
      for (const { address, outcome } of recipients)
        expect(outcome === 'taken').toBe(
          kind === 'accepted' && !those.some((one) => one.address === address),
        );
      if (event.kind === 'takenForSome' || event.kind === 'accepted') expect(kind).toBe('accepted');
      if (kind === 'unknown') expect(event.kind).toBe('lost');
    }),
  );
});
