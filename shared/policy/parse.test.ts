import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy, parsePolicy } from './parse.ts';

describe('parsePolicy', () => {
  it('takes what it understands, and names what it does not without its value', () => {
    const { policy, problems } = parsePolicy(
      JSON.stringify({ 'sync.windowDays': 60, 'failover.probeSeconds': 'hunter2', nonsense: 1 }),
    );
    expect(policy).toEqual({ ...defaultPolicy, 'sync.windowDays': 60 });
    expect(problems).toEqual([
      { setting: 'failover.probeSeconds', reason: 'value: number expected' },
      { setting: 'nonsense', reason: 'unknown setting' },
    ]);
  });

  it('reads a file that an editor saved with a byte order mark', () => {
    expect(parsePolicy('\uFEFF{"sync.windowDays": 7}').policy['sync.windowDays']).toBe(7);
  });

  it('refuses a mailbox without TLS: there is no such setting', () => {
    const server = { host: 'imap.example', port: 143, security: 'none' };
    const provider = { imap: server, submission: server, authentication: { kind: 'password', user: 'a' } };
    const account = { address: 'a@b.example', displayName: 'A', exchange: provider, continuity: provider };
    const { policy, problems } = parsePolicy(JSON.stringify({ accounts: [account] }));
    expect(policy.accounts).toEqual([]);
    expect(problems.map(({ setting }) => setting)).toEqual(['accounts']);
  });

  it.each(['', 'null', '[]', '"x"', '{', '{"a":1', '\0'])('falls back to the defaults on %j', (text) => {
    expect(parsePolicy(text)).toEqual({
      policy: defaultPolicy,
      problems: [{ setting: null, reason: 'not a JSON object' }],
    });
  });

  it('never throws and always yields every setting, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.dictionary(fc.string(), fc.jsonValue()).map((d) => JSON.stringify(d)),
        ),
        (text) => {
          expect(Object.keys(parsePolicy(text).policy)).toEqual(Object.keys(defaultPolicy));
        },
      ),
    );
  });

  it('ignores names that every object has', () => {
    const { policy, problems } = parsePolicy('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}');
    expect(policy).toEqual(defaultPolicy);
    expect(problems).toHaveLength(3);
  });
});
