import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonPolicy } from './document.ts';
import { checkPersonalValue, defaultPolicy, type PolicyReading, resolvePolicy } from './resolve.ts';
import { rowOf, settingNames } from './settings.ts';

const nobody = { place: 'settings.json', values: {} };

/** What holds when an administrator writes this. */
const written = (...documents: readonly unknown[]) => {
  const readings = documents.map((document, at) => readJsonPolicy(`${at}.json`, JSON.stringify(document)));
  return joined(readings);
};
const joined = (readings: readonly PolicyReading[]): PolicyReading => ({
  documents: readings.flatMap(({ documents }) => documents),
  refused: readings.flatMap(({ refused }) => refused),
});

describe('resolvePolicy', () => {
  it('lays the person over the defaults, and what is enforced over everything', () => {
    const reading = written({
      defaults: { 'sync.windowDays': 10, 'sync.leftOutFolders': ['A'], 'sync.pollSeconds': 30 },
      enforced: { 'sync.leftOutFolders': ['B'] },
    });
    const person = {
      place: 'settings.json',
      values: { 'sync.windowDays': 20, 'sync.leftOutFolders': ['C'] },
    };
    const { policy, sources, refused } = resolvePolicy(reading, person);
    expect(policy).toEqual({
      ...defaultPolicy,
      'sync.windowDays': 20,
      'sync.leftOutFolders': ['B'],
      'sync.pollSeconds': 30,
    });
    expect(sources).toMatchObject({
      'sync.windowDays': 'person',
      'sync.leftOutFolders': 'enforced',
      'sync.pollSeconds': 'default',
      'failover.probeSeconds': 'product',
    });
    expect(refused).toEqual([]);
  });

  it('enforces what stands in no part', () => {
    const { policy, sources } = resolvePolicy(written({ 'sync.windowDays': 60 }), nobody);
    expect([policy['sync.windowDays'], sources['sync.windowDays']]).toEqual([60, 'enforced']);
  });

  it('takes later documents over earlier ones', () => {
    const reading = written({ 'sync.windowDays': 60 }, { 'sync.windowDays': 61 });
    expect(resolvePolicy(reading, nobody).policy['sync.windowDays']).toBe(61);
  });

  it('takes what it understands, and names the place of what it does not without its value', () => {
    const { policy, refused } = resolvePolicy(
      written({ 'sync.windowDays': 60, 'failover.probeSeconds': 'hunter2', nonsense: 1 }),
      nobody,
    );
    expect(policy).toEqual({ ...defaultPolicy, 'sync.windowDays': 60 });
    expect(refused).toEqual([
      { setting: 'failover.probeSeconds', place: '0.json', reason: 'value: number expected' },
      { setting: 'nonsense', place: '0.json', reason: 'unknown setting' },
    ]);
  });

  it('keeps the default of the administrator when what they enforce does not fit', () => {
    const reading = written({ defaults: { 'sync.windowDays': 10 }, enforced: { 'sync.windowDays': 0 } });
    const { policy, sources } = resolvePolicy(reading, nobody);
    expect([policy['sync.windowDays'], sources['sync.windowDays']]).toEqual([10, 'default']);
  });

  it('refuses a mailbox without TLS: there is no such setting', () => {
    const server = { host: 'imap.example', port: 143, security: 'none' };
    const provider = { imap: server, submission: server, authentication: { kind: 'password', user: 'a' } };
    const account = { address: 'a@b.example', displayName: 'A', exchange: provider, continuity: provider };
    const { policy, refused } = resolvePolicy(written({ accounts: [account] }), nobody);
    expect(policy.accounts).toEqual([]);
    expect(refused.map(({ setting }) => setting)).toEqual(['accounts']);
  });

  it('ignores names that every object has', () => {
    const text = '{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}';
    const { policy, refused } = resolvePolicy(readJsonPolicy('p.json', text), nobody);
    expect(policy).toEqual(defaultPolicy);
    expect(refused).toHaveLength(3);
  });
});

describe('what security depends on', () => {
  it('fails closed when what is enforced does not fit, over a default that would open it', () => {
    const reading = written({
      defaults: { 'keystore.allowUnprotected': true },
      enforced: { 'keystore.allowUnprotected': 'yes' },
    });
    const { policy, sources } = resolvePolicy(reading, nobody);
    expect(policy['keystore.allowUnprotected']).toBe(false);
    expect(sources['keystore.allowUnprotected']).toBe('enforced');
  });

  it('fails closed when a later document does not fit, over an earlier one', () => {
    const reading = written({ 'keystore.allowUnprotected': true }, { 'keystore.allowUnprotected': 1 });
    expect(resolvePolicy(reading, nobody).policy['keystore.allowUnprotected']).toBe(false);
  });

  it('fails closed when a whole source is refused, which might have said anything', () => {
    const broken = readJsonPolicy('broken.json', '{ "keystore');
    const reading = joined([written({ 'keystore.allowUnprotected': true, 'sync.windowDays': 7 }), broken]);
    const { policy, refused } = resolvePolicy(reading, nobody);
    expect(policy['keystore.allowUnprotected']).toBe(false);
    expect(policy['sync.windowDays']).toBe(7);
    expect(refused).toEqual([{ setting: null, place: 'broken.json', reason: 'not a JSON object' }]);
  });

  it('is never for the person to choose', () => {
    expect(
      settingNames.filter((name) => rowOf(name).strictest !== undefined && rowOf(name).isPersonal === true),
    ).toEqual([]);
  });
});

describe('what the person chooses', () => {
  const person = (values: Record<string, unknown>) => ({ place: 'settings.json', values });

  it('is refused where only an administrator decides', () => {
    const { policy, refused } = resolvePolicy(written({}), person({ 'failover.probeSeconds': 9 }));
    expect(policy).toEqual(defaultPolicy);
    expect(refused).toEqual([
      { setting: 'failover.probeSeconds', place: 'settings.json', reason: 'only an administrator sets it' },
    ]);
  });

  it('keeps to the limit of the administrator', () => {
    const limit = written({ 'sync.maximumWindowDays': 60 });
    expect(resolvePolicy(limit, person({ 'sync.windowDays': 60 })).policy['sync.windowDays']).toBe(60);
    const { policy, refused } = resolvePolicy(limit, person({ 'sync.windowDays': 61 }));
    expect(policy['sync.windowDays']).toBe(30);
    expect(refused).toEqual([
      {
        setting: 'sync.windowDays',
        place: 'settings.json',
        reason: 'more than sync.maximumWindowDays allows',
      },
    ]);
  });

  it('says why a value does not fit', () => {
    expect(checkPersonalValue('sync.windowDays', 'many', defaultPolicy)).toEqual({
      isValid: false,
      reason: 'value: number expected',
    });
  });

  it('rests while something else is enforced', () => {
    const { sources, refused } = resolvePolicy(
      written({ 'sync.windowDays': 5 }),
      person({ 'sync.windowDays': 61 }),
    );
    expect(sources['sync.windowDays']).toBe('enforced');
    expect(refused).toEqual([]);
  });
});

describe('whatever anybody writes', () => {
  const value = fc.oneof(fc.jsonValue(), fc.anything());
  const values = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom(...settingNames), fc.string()), value),
    fc.dictionary(fc.constantFrom(...settingNames), value),
  );
  const document = fc.record({
    place: fc.string(),
    layer: fc.constantFrom('default' as const, 'enforced' as const),
    values,
  });
  const reading = fc.record({
    documents: fc.array(document, { maxLength: 4 }),
    refused: fc.array(fc.record({ setting: fc.constant(null), place: fc.string(), reason: fc.string() }), {
      maxLength: 1,
    }),
  });
  const secure = settingNames.filter((name) => rowOf(name).strictest !== undefined);

  it('there is a value for every setting, and the app starts', () => {
    fc.assert(
      fc.property(reading, values, (written, personal) => {
        const { policy } = resolvePolicy(written, { place: 'settings.json', values: personal });
        expect(Object.keys(policy)).toEqual([...settingNames]);
      }),
    );
  });

  it('garbage never loosens what security depends on: it is as it ships, or the strictest', () => {
    const garbage = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.dictionary(fc.string(), value));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...secure), garbage),
        fc.dictionary(fc.constantFrom(...secure), garbage),
        values,
        (defaults, enforced, personal) => {
          const { policy } = resolvePolicy(
            {
              documents: [
                { place: 'a', layer: 'default', values: defaults },
                { place: 'b', layer: 'enforced', values: enforced },
              ],
              refused: [],
            },
            { place: 'settings.json', values: personal },
          );
          for (const name of secure)
            expect([rowOf(name).default, rowOf(name).strictest]).toContainEqual(policy[name]);
        },
      ),
    );
  });

  it('a text is read or refused, but never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { policy } = resolvePolicy(readJsonPolicy('p.json', text), nobody);
        expect(Object.keys(policy)).toEqual([...settingNames]);
      }),
    );
  });
});
