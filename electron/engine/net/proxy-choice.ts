import type { Clock, ResolveProxy, Secrets } from '../ports.ts';
import type { ProxyChoice } from './network.ts';

/** How long an answer is used without asking again, in milliseconds. */
const freshMs = 60_000;
/**
 * How long an answer is waited for, in milliseconds: less than the shortest deadline of a sign of life, so that a slow
 * PAC file is not taken for a slow Exchange.
 */
const answerMs = 900;

interface Answer {
  readonly list: string;
  readonly askedAt: number;
}

/**
 * Remembers what the system's resolver answers, since it is asked on the way to every sign of life. An answer that has
 * grown old is used once more while it is asked for anew, so that a slow PAC file delays nobody; only after a failure
 * is the new answer waited for.
 */
export function createProxyChoice(options: {
  readonly resolveProxy: ResolveProxy;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly clock: Clock;
}): ProxyChoice {
  const { resolveProxy, secrets, clock } = options;
  const answers = new Map<string, Answer>();
  const distrusted = new Set<string>();
  const asking = new Map<string, Promise<string>>();

  const ask = (place: string): Promise<string> => {
    const known = asking.get(place);
    if (known !== undefined) return known;
    const isRetry = distrusted.delete(place);
    const asked = resolveProxy(`https://${place}/`, isRetry)
      .then((list) => {
        answers.set(place, { list, askedAt: clock.now() });
        return list;
      })
      .finally(() => asking.delete(place));
    asking.set(place, asked);
    return asked;
  };

  const inTime = (answer: Promise<string>, fallback: string | null): Promise<string | null> => {
    const { promise: late, resolve } = Promise.withResolvers<string | null>();
    const cancel = clock.after(answerMs, () => resolve(fallback));
    return Promise.race([answer, late]).finally(cancel);
  };

  return {
    proxiesFor: (host, port) => {
      const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      const known = answers.get(place);
      if (known === undefined || distrusted.has(place)) return inTime(ask(place), known?.list ?? null);
      if (clock.now() - known.askedAt > freshMs) void ask(place);
      return Promise.resolve(known.list);
    },
    forget: (host, port) => void distrusted.add(`${host.includes(':') ? `[${host}]` : host}:${port}`),
    credentials: async () => {
      const secret = await secrets.get(proxySecret);
      if (!secret.ok) return null;
      const colon = secret.value.indexOf(':');
      return colon < 0
        ? null
        : { user: secret.value.slice(0, colon), password: secret.value.slice(colon + 1) };
    },
  };
}

/** Where the key store has "user:password" of the company's proxy. */
const proxySecret = { address: '', provider: 'proxy' } as const;
