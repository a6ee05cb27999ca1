import { describe, expect, it } from 'vitest';
import type { IdentityEntry } from '../../../../shared/model/identity.ts';
import { type IdentitySources, mergeIdentities } from './merge.ts';

const own = { address: 'anna@corp.example', displayName: 'Anna Berg' };
const entry = (address: string, change: Partial<IdentityEntry> = {}): IdentityEntry => ({
  address,
  displayName: address,
  kind: 'sendAs',
  continuity: true,
  ...change,
});

const merge = (change: Partial<IdentitySources> = {}) =>
  mergeIdentities({
    own,
    policy: [],
    provider: [],
    person: [],
    signatures: [],
    language: 'de',
    isOutage: false,
    ...change,
  });

describe('mergeIdentities', () => {
  it('yields the own address when nobody says anything, in an outage as well', () => {
    const alone = { ...own, kind: 'own', signature: '', unavailable: null, isByHand: false };
    expect(merge()).toEqual([alone]);
    expect(merge({ isOutage: true })).toEqual([alone]);
  });

  it('lists each address once, the own first, then as policy, directory and person have them', () => {
    const merged = merge({
      policy: [entry('desk@corp.example'), entry('ANNA@corp.example', { kind: 'sendAs' })],
      provider: [entry('Desk@corp.example'), entry('press@corp.example')],
      person: [entry('a.berg@corp.example', { kind: 'alias' }), entry('press@corp.example')],
    });
    expect(merged.map(({ address, kind, isByHand }) => [address, kind, isByHand])).toEqual([
      ['anna@corp.example', 'own', false],
      ['desk@corp.example', 'sendAs', false],
      ['press@corp.example', 'sendAs', false],
      ['a.berg@corp.example', 'alias', true],
    ]);
  });

  it('takes nobody else for the own one, whatever policy calls it', () => {
    expect(merge({ policy: [entry('x@corp.example', { kind: 'own' })] })[1]?.kind).toBe('alias');
  });

  it('takes name and kind from policy before the directory, and an empty name for none', () => {
    const [, desk] = merge({
      policy: [entry('desk@corp.example', { kind: 'onBehalf', displayName: '' })],
      provider: [entry('desk@corp.example', { displayName: 'Front Desk' })],
    });
    expect(desk).toMatchObject({ kind: 'onBehalf', displayName: 'Front Desk' });
  });

  describe('in an outage', () => {
    it.each([
      [true, true, null],
      [true, false, 'notByContinuity'],
      [false, true, 'notByContinuity'],
      [null, true, null],
      [true, null, null],
      [null, false, 'notByContinuity'],
    ] as const)('policy says %s and the directory %s: %s', (policy, provider, unavailable) => {
      const said = (continuity: boolean | null) =>
        continuity === null ? [] : [entry('desk@corp.example', { continuity })];
      const sources = { policy: said(policy), provider: said(provider) };
      expect(merge({ ...sources, isOutage: true })[1]?.unavailable).toBe(unavailable);
      expect(merge(sources)[1]?.unavailable).toBe(null);
    });

    it('an address that only the person named is not sent for, whatever they say', () => {
      const person = [entry('a.berg@corp.example', { kind: 'alias' })];
      expect(merge({ person, isOutage: true })[1]?.unavailable).toBe('notByContinuity');
    });

    it('the own address can be taken out', () => {
      const policy = [entry(own.address, { continuity: false })];
      expect(merge({ policy, isOutage: true })[0]?.unavailable).toBe('notByContinuity');
    });
  });

  describe('the signature', () => {
    const policy = [entry(own.address, { signature: { en: 'Regards', de: 'Gruß\r\nAnna \n' } })];
    const signature = (change: Partial<IdentitySources>) => merge(change)[0]?.signature;

    it.each([
      ['de', 'Gruß\nAnna'],
      ['en', 'Regards'],
      ['fr', 'Regards'],
    ])('in %s is %j', (language, text) => {
      expect(signature({ policy, language })).toBe(text);
    });

    it('is in whichever language there is, before there is none', () => {
      expect(signature({ policy: [entry(own.address, { signature: { it: 'Saluti' } })] })).toBe('Saluti');
    });

    it('is the directory’s when policy has none, and the person’s before both, even if they want none', () => {
      const provider = [entry(own.address, { signature: { en: 'From the directory' } })];
      expect(signature({ policy: [entry(own.address)], provider })).toBe('From the directory');
      const signatures = [{ address: 'ANNA@corp.example', text: '' }];
      expect(signature({ policy, provider, signatures })).toBe('');
    });
  });
});
