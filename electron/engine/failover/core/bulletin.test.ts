import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bulletin,
  isMeantFor,
  type Person,
  type Refusal,
  refusalOf,
  type Scope,
  shareOf,
  standing,
  type Taken,
} from './bulletin.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 24, 20);
const trusted = { keys: ['it', 'it-next'], graveKeys: ['grave'] };
const anna: Person = { address: 'anna@corp.example', groups: ['sales'], platform: 'win32' };

const bulletin = (change: Partial<Bulletin> = {}): Bulletin => ({
  issuer: 'IT of Corp',
  matter: 'm-1',
  sequence: 7,
  kind: 'outage',
  issuedAt: now - minute,
  expiresAt: now + day,
  window: null,
  scope: {},
  texts: { en: 'Exchange is down.' },
  ...change,
});
const tonight = { from: now + 2 * hour, until: now + 4 * hour };
const maintenance = (change: Partial<Bulletin> = {}): Bulletin =>
  bulletin({ kind: 'maintenance', window: tonight, ...change });
const taken = (of: Bulletin, key = 'it', former: Taken['former'] = null, takenAt = now): Taken => ({
  bulletin: of,
  key,
  former,
  takenAt,
});
const at = (time: number, ...all: readonly Taken[]) => standing(all, anna, trusted, time);

describe('what is not believed', () => {
  const known = taken(bulletin());
  const cases: readonly [string, Bulletin, string, Taken | null, Refusal | null][] = [
    ['the first on a matter is taken', bulletin(), 'it', null, null],
    ['the next number is taken', bulletin({ sequence: 8 }), 'it', known, null],
    ['the next number by another trusted key is taken', bulletin({ sequence: 8 }), 'it-next', known, null],
    ['a key of nobody', bulletin(), 'mallory', null, 'key'],
    ['the same number once more', bulletin({ texts: {} }), 'it', known, 'replayed'],
    ['a number from before', bulletin({ sequence: 6 }), 'it', known, 'rolledBack'],
    ['one that has expired', bulletin({ expiresAt: now }), 'it', null, 'expired'],
    ['one from the future', bulletin({ issuedAt: now + 11 * minute }), 'it', null, 'future'],
    ['one from a clock a little ahead is taken', bulletin({ issuedAt: now + 9 * minute }), 'it', null, null],
    ['an incident by the ordinary key', bulletin({ kind: 'incident' }), 'it', null, 'graveKey'],
    ['an incident by the grave key is taken', bulletin({ kind: 'incident' }), 'grave', null, null],
    ['an outage by the grave key is taken', bulletin(), 'grave', null, null],
    [
      'the end of an incident by the ordinary key',
      bulletin({ kind: 'end', sequence: 8 }),
      'it',
      taken(bulletin({ kind: 'incident' }), 'grave'),
      'graveKey',
    ],
    [
      'the end of an incident by the grave key is taken',
      bulletin({ kind: 'end', sequence: 8 }),
      'grave',
      taken(bulletin({ kind: 'incident' }), 'grave'),
      null,
    ],
    [
      'a low number after a high one of a key that is trusted no more is taken',
      bulletin({ sequence: 2 }),
      'it',
      taken(bulletin({ sequence: 1e15 }), 'stolen'),
      null,
    ],
  ];
  it.each(cases)('%s', (_, fresh, key, before, refusal) => {
    expect(refusalOf(fresh, key, before, trusted, now)).toBe(refusal);
  });

  it('a clock that is wrong by a year takes nothing, and what was taken holds or ends without harm', () => {
    expect(refusalOf(bulletin(), 'it', null, trusted, now + 365 * day)).toBe('expired');
    expect(refusalOf(bulletin(), 'it', null, trusted, now - 365 * day)).toBe('future');
    expect(at(now + 365 * day, taken(bulletin())).decree).toBe('none');
    expect(at(now - 365 * day, taken(maintenance())).decree).toBe('none');
  });
});

describe('whom a bulletin concerns', () => {
  const cases: readonly [Scope, boolean][] = [
    [{}, true],
    [{ domains: ['corp.example'] }, true],
    [{ domains: ['other.example'] }, false],
    [{ groups: ['board', 'sales'] }, true],
    [{ groups: ['board'] }, false],
    [{ addresses: ['anna@corp.example'] }, true],
    [{ addresses: ['bob@corp.example'] }, false],
    [{ platforms: ['win32'] }, true],
    [{ platforms: ['darwin', 'linux'] }, false],
    [{ percentage: 100 }, true],
    [{ percentage: 0 }, false],
    [{ domains: ['corp.example'], platforms: ['darwin'] }, false],
  ];
  it.each(cases)('%j: %s', (scope, isMeant) => {
    expect(isMeantFor(bulletin({ scope }), anna)).toBe(isMeant);
  });

  it('a percentage takes about as many, those for less among those for more, and others on another matter', () => {
    const people = Array.from({ length: 5000 }, (_, index) => `p${index}@corp.example`);
    const within = (percentage: number, matter = 'm-1') =>
      people.filter((address) =>
        isMeantFor(bulletin({ matter, scope: { percentage } }), { ...anna, address }),
      );
    const [ten, thirty] = [within(10), within(30)];
    expect(ten.length).toBeGreaterThan(400);
    expect(ten.length).toBeLessThan(600);
    expect(ten.every((address) => thirty.includes(address))).toBe(true);
    expect(within(10, 'm-2')).not.toEqual(ten);
  });

  it('hashes as docs/provider.md says', () => {
    // FNV-1a test vectors, draft-eastlake-fnv.
    expect(Math.round((shareOf('') / 100) * 2 ** 32)).toBe(0x811c9dc5);
    expect(Math.round((shareOf('foobar') / 100) * 2 ** 32)).toBe(0xbf9cf968);
    expect(shareOf('ü')).not.toBe(shareOf('u'));
  });
});

describe('what holds', () => {
  it('an outage holds until it expires, or is ended', () => {
    expect(at(now, taken(bulletin()))).toMatchObject({ decree: 'outage', nextAt: now + day });
    expect(at(now + day, taken(bulletin())).decree).toBe('none');
    expect(at(now, taken(bulletin({ kind: 'end' }))).decree).toBe('none');
  });

  it('an incident outlives every clock', () => {
    const incident = taken(bulletin({ kind: 'incident' }), 'grave');
    for (const time of [now - 900 * day, now, now + 900 * day])
      expect(at(time, incident).decree).toBe('incident');
  });

  it('a key that is trusted no more has nothing to say any more', () => {
    expect(at(now, taken(bulletin(), 'stolen'))).toMatchObject({ decree: 'none', notices: [] });
    expect(at(now, taken(bulletin({ kind: 'incident' }), 'it')).decree).toBe('none');
  });

  it('a scope that was narrowed lets go of those it left out', () => {
    expect(at(now, taken(bulletin({ scope: { groups: ['board'] } }))).decree).toBe('none');
  });

  it('a window is announced the day before, runs, and is told for a while afterwards', () => {
    const window = taken(maintenance());
    const phases = [
      [tonight.from - day - 1, 'none', undefined],
      [tonight.from - day, 'none', 'announced'],
      [tonight.from - 1, 'none', 'announced'],
      [tonight.from, 'quiet', 'running'],
      [tonight.until - 1, 'quiet', 'running'],
      [tonight.until, 'none', 'over'],
      [tonight.until + 10 * minute, 'none', undefined],
    ] as const;
    for (const [time, decree, phase] of phases) {
      const { decree: found, notices } = at(time, window);
      expect([time, found, notices[0]?.phase]).toEqual([time, decree, phase]);
    }
  });

  it('a laptop that slept through any of it finds what holds when it wakes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3 * day, max: 3 * day }), (offset) => {
        const time = tonight.from + offset;
        const isWithin = time >= tonight.from && time < tonight.until;
        expect(at(time, taken(maintenance())).decree).toBe(isWithin ? 'quiet' : 'none');
      }),
    );
  });

  it('a window that was moved says so; shortened and lengthened, its new end holds', () => {
    const former = { kind: 'maintenance', window: tonight } as const;
    const shorter = { from: tonight.from, until: tonight.from + hour };
    const moved = at(tonight.from, taken(maintenance({ window: shorter }), 'it', former));
    expect(moved).toMatchObject({ decree: 'quiet', nextAt: shorter.until });
    expect(moved.notices[0]).toMatchObject({ window: shorter, formerWindow: tonight });
    expect(at(shorter.until, taken(maintenance({ window: shorter }), 'it', former)).decree).toBe('none');
    const unchanged = at(tonight.from, taken(maintenance(), 'it', former));
    expect(unchanged.notices[0]?.formerWindow).toBeNull();
  });

  it('a window that is called off before or within it says which, and holds nothing', () => {
    const former = { kind: 'maintenance', window: tonight } as const;
    const before = taken(bulletin({ kind: 'end' }), 'it', former, tonight.from - hour);
    const within = taken(bulletin({ kind: 'end' }), 'it', former, tonight.from + hour);
    const after = taken(bulletin({ kind: 'end' }), 'it', former, tonight.until + hour);
    expect(at(before.takenAt, before)).toMatchObject({
      decree: 'none',
      notices: [{ kind: 'maintenance', phase: 'cancelled' }],
      nextAt: before.takenAt + 10 * minute,
    });
    expect(at(within.takenAt, within).notices).toMatchObject([{ phase: 'over' }]);
    expect(at(after.takenAt, after).notices).toEqual([]);
  });

  it('the weightiest comes first, whatever order they were taken in', () => {
    const all = [
      taken(bulletin({ matter: 'd', kind: 'drill', window: { from: now, until: now + hour } })),
      taken(maintenance({ matter: 'm', window: { from: now, until: now + hour } })),
      taken(bulletin({ matter: 'o' })),
      taken(bulletin({ matter: 'i', kind: 'incident' }), 'grave'),
    ];
    expect(at(now, ...all).notices.map(({ matter }) => matter)).toEqual(['i', 'o', 'm', 'd']);
    const decrees = [4, 3, 2, 1, 0].map((count) => at(now, ...all.slice(0, count)).decree);
    expect(decrees).toEqual(['incident', 'outage', 'quiet', 'drill', 'none']);
  });

  it('comes back at a moment of this laptop’s own', () => {
    const window = taken(maintenance());
    expect(standing([window], anna, trusted, tonight.until + 59_999, minute).decree).toBe('quiet');
    expect(standing([window], anna, trusted, tonight.until + minute, minute).decree).toBe('none');
  });

  it('names the next moment at which it may be different, and nothing is different before', () => {
    const time = fc.integer({ min: now - 2 * day, max: now + 2 * day });
    const one = fc.record({
      matter: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('outage', 'maintenance', 'drill', 'end') satisfies fc.Arbitrary<Bulletin['kind']>,
      from: time,
      takes: fc.integer({ min: 1, max: day }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), time, fc.nat(1000), (many, start, permille) => {
        const all = many.map(({ matter, kind, from, takes }) =>
          taken(
            bulletin({
              matter,
              kind,
              issuedAt: from - day,
              expiresAt: from + takes,
              window: kind === 'maintenance' || kind === 'drill' ? { from, until: from + takes } : null,
            }),
            'it',
            { kind: 'maintenance', window: { from, until: from + takes } },
            start,
          ),
        );
        const first = at(start, ...all);
        const last = first.nextAt === null ? start + day : first.nextAt - 1;
        const between = start + Math.floor(((last - start) * permille) / 1000);
        expect(at(between, ...all)).toEqual(first);
      }),
    );
  });
});
