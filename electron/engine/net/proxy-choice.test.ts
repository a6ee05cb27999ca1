import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Clock } from '../ports.ts';
import { createProxyChoice } from './proxy-choice.ts';

/** A resolver that answers when it is told to, and a clock that is moved by hand. */
function setUp(secret: string | null = null) {
  const asked: {
    readonly url: string;
    readonly isRetry: boolean;
    readonly answer: (list: string) => void;
  }[] = [];
  const waits: (() => void)[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (_ms, run) => {
      waits.push(run);
      return () => {};
    },
  };
  const choice = createProxyChoice({
    resolveProxy: (url, isRetry) => new Promise((answer) => asked.push({ url, isRetry, answer })),
    secrets: {
      get: async () => (secret === null ? err(appError('auth.missing', 'afterUserAction')) : ok(secret)),
    },
    clock,
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { asked, choice, waits, pass };
}

describe('which proxies lead to a server', () => {
  it('is asked once, however many ask, and remembered', async () => {
    const { asked, choice } = setUp();
    const both = [choice.proxiesFor('mail.corp.example', 993), choice.proxiesFor('mail.corp.example', 993)];
    expect(asked.map(({ url }) => url)).toEqual(['https://mail.corp.example:993/']);
    asked[0]?.answer('PROXY p:8080');
    expect(await Promise.all(both)).toEqual(['PROXY p:8080', 'PROXY p:8080']);
    expect(await choice.proxiesFor('mail.corp.example', 993)).toBe('PROXY p:8080');
    expect(asked).toHaveLength(1);
  });

  it('is asked anew behind an answer that has grown old, which delays nobody', async () => {
    const { asked, choice, pass } = setUp();
    const first = choice.proxiesFor('::1', 993);
    asked[0]?.answer('PROXY old:1');
    await first;
    pass(61_000);
    expect(await choice.proxiesFor('::1', 993)).toBe('PROXY old:1');
    asked[1]?.answer('PROXY new:1');
    await Promise.resolve();
    await Promise.resolve();
    expect(await choice.proxiesFor('::1', 993)).toBe('PROXY new:1');
    expect(asked.map(({ url, isRetry }) => [url, isRetry])).toEqual([
      ['https://[::1]:993/', false],
      ['https://[::1]:993/', false],
    ]);
  });

  it('is waited for after a failure, from a configuration that was read anew', async () => {
    const { asked, choice } = setUp();
    const first = choice.proxiesFor('mail.corp.example', 993);
    asked[0]?.answer('PROXY dead:1');
    await first;
    choice.forget('mail.corp.example', 993);
    const second = choice.proxiesFor('mail.corp.example', 993);
    expect(asked[1]?.isRetry).toBe(true);
    asked[1]?.answer('PROXY alive:1');
    expect(await second).toBe('PROXY alive:1');
  });

  it('is what it was, or not known, where no answer comes in time', async () => {
    const { asked, choice, waits } = setUp();
    const first = choice.proxiesFor('mail.corp.example', 993);
    waits[0]?.();
    expect(await first).toBeNull();
    asked[0]?.answer('PROXY p:1');
    await Promise.resolve();
    await Promise.resolve();
    choice.forget('mail.corp.example', 993);
    const second = choice.proxiesFor('mail.corp.example', 993);
    waits[1]?.();
    expect(await second).toBe('PROXY p:1');
  });

  it.each([
    [null, null],
    ['laptop:pass:word', { user: 'laptop', password: 'pass:word' }],
    ['no colon', null],
  ])('signs in with what the key store has: %s', async (secret, credentials) => {
    expect(await setUp(secret).choice.credentials()).toEqual(credentials);
  });
});
