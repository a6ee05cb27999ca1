import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AppError, appError } from '../../../../shared/errors.ts';
import { signOf, signs } from './evidence.ts';
import { addressClassOf, type Home, seenFrom } from './whereabouts.ts';

const silent = appError('network.timeout', 'soon');
const refused = appError('network.unreachable', 'soon');
const unknownName = appError('network.unreachable', 'later', { reason: 'nameUnknown' });
const office = '10.1.0.0/16';
const cafe = '192.168.7.0/24';
const inHouse: Home = { addresses: 'private', network: office };
const inCloud: Home = { addresses: 'public', network: office };
const inner = ['10.9.0.25'];
const outer = ['52.98.1.2'];

describe('a failure, seen from where the laptop is', () => {
  it.each<[string, AppError, string, Home | null, { network: string; addresses: readonly string[] }, string]>(
    [
      [
        'in the house, from the house',
        silent,
        'mail.corp',
        inHouse,
        { network: office, addresses: inner },
        'silent',
      ],
      [
        'in the house, from a café',
        silent,
        'mail.corp',
        inHouse,
        { network: cafe, addresses: inner },
        'elsewhere',
      ],
      [
        'in the house, its name unknown',
        unknownName,
        'mail.corp',
        inHouse,
        { network: cafe, addresses: [] },
        'elsewhere',
      ],
      [
        'in the house, its name leads out',
        refused,
        'mail.corp',
        inHouse,
        { network: office, addresses: outer },
        'elsewhere',
      ],
      ['a name never seen', unknownName, 'mail.corp', null, { network: cafe, addresses: [] }, 'nameUnknown'],
      [
        'in the cloud, from a café',
        silent,
        'mail.corp',
        inCloud,
        { network: cafe, addresses: outer },
        'silent',
      ],
      [
        'in the cloud, its name gone',
        unknownName,
        'mail.corp',
        inCloud,
        { network: office, addresses: [] },
        'nameGone',
      ],
      [
        'in the cloud, led inwards',
        silent,
        'mail.corp',
        inCloud,
        { network: cafe, addresses: inner },
        'elsewhere',
      ],
      [
        'Exchange Online dark at the first start',
        unknownName,
        'outlook.office365.com',
        null,
        { network: cafe, addresses: [] },
        'nameGone',
      ],
    ],
  )('%s', (_, error, host, home, here, sign) => {
    expect(signOf(seenFrom(error, host, home, here))).toBe(sign);
  });

  it('never makes a reason to switch of what was none, but for a name that everybody knew', () => {
    const home = fc.option(
      fc.record({
        addresses: fc.constantFrom<Home['addresses']>('private', 'public', 'own'),
        network: fc.constantFrom(office, cafe),
      }),
    );
    const error = fc.constantFrom(
      silent,
      unknownName,
      appError('auth.refused', 'afterUserAction'),
      appError('network.tlsStripped', 'afterUserAction'),
      appError('server.throttled', 'later'),
    );
    const here = fc.record({
      network: fc.constantFrom(office, cafe),
      addresses: fc.constantFrom<readonly string[]>([], inner, outer),
    });
    fc.assert(
      fc.property(error, home, here, (met, livedIn, from) => {
        const seen = signOf(seenFrom(met, 'mail.corp', livedIn, from));
        const became = signs[seen].fault !== null && signs[signOf(met)].fault === null;
        expect(became).toBe(seen === 'nameGone');
      }),
    );
  });
});

it.each([
  [['10.0.0.1'], 'private'],
  [['172.31.9.9'], 'private'],
  [['172.32.0.1'], 'public'],
  [['100.64.0.1'], 'private'],
  [['100.128.0.1'], 'public'],
  [['fd00::1'], 'private'],
  [['2603:1026::1', '52.98.1.2'], 'public'],
  [['::ffff:192.168.1.1'], 'private'],
  [['127.0.0.1', '::1'], 'own'],
  [[], null],
])('the addresses %j are %s', (addresses, expected) => {
  expect(addressClassOf(addresses)).toBe(expected);
});
