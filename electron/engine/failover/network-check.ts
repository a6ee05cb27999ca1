import type { AppError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { Clock } from '../ports.ts';
import { signOf } from './core/evidence.ts';
import { judgePortal, type PortalAnswer } from './core/portal.ts';
import { type ProbeLimits, probeNeutralHost } from './probes.ts';

/** `none`: nobody answered. `portal`: somebody else did. */
export type NetworkMet = 'reached' | 'none' | 'portal';

export interface NetworkCheckPolicy {
  /** "host:port", "[ipv6]:port". */
  readonly neutralHosts: readonly string[];
  readonly portalCheck: string | null;
  readonly portalCheckAnswer: string;
}

/** A page that says who stands in between is waited for this long when a neutral host has answered already. */
const portalMs = 500;
/** What it said holds for this long: a doubt asks twice. */
const memoryMs = 15_000;
const longestPage = 64 * 1024;

/**
 * Whether the network reaches beyond this laptop. Neutral hosts are asked all at once, and the page that everybody knows
 * beside them.
 *
 * A captive portal answers for everybody: with a page of its own, or with a certificate of its own. It is one unless every
 * neutral host has shown its own certificate; then whoever changes pages lets mail through.
 *
 * An address proves less than a name, which needs a name server as well: where names are among the hosts, only they count.
 */
export function createNetworkCheck(clock: Clock) {
  let remembered: { readonly at: number; readonly answer: PortalAnswer } | null = null;

  const askPage = async (policy: NetworkCheckPolicy, limits: ProbeLimits): Promise<PortalAnswer> => {
    if (policy.portalCheck === null) return 'nothing';
    const age = remembered === null ? memoryMs : clock.now() - remembered.at;
    if (remembered !== null && age >= 0 && age < memoryMs) return remembered.answer;
    const answer = await askPortalPage(policy.portalCheck, policy.portalCheckAnswer, limits);
    if (answer !== 'nothing') remembered = { at: clock.now(), answer };
    return answer;
  };

  return async (policy: NetworkCheckPolicy, limits: ProbeLimits): Promise<NetworkMet> => {
    const named = policy.neutralHosts.filter((host) => !isAddress(hostOf(host)));
    const hosts = (named.length > 0 ? named : policy.neutralHosts).map((host) => ({
      isProof: host.endsWith(':443'),
      met: probeNeutralHost(host, limits),
    }));
    const page = askPage(policy, limits);
    const first = await Promise.any([
      ...hosts.map(({ met }) => met.then(orThrow)),
      page.then((answer) => (answer === 'expected' ? answer : Promise.reject(new Error(answer)))),
    ]).catch(() => 'none' as const);
    if (first === 'expected') return 'reached';
    const said = first === 'none' ? await page : await soon(page, clock);
    if (said === 'expected') return 'reached';
    if (said === 'portal') {
      const all = await Promise.all(hosts.map(async ({ isProof, met }) => isProof && (await met).ok));
      return all.length > 0 && all.every(Boolean) ? 'reached' : 'portal';
    }
    if (first !== 'none') return 'reached';
    const failures = (await Promise.all(hosts.map(({ met }) => met))).flatMap((met) =>
      met.ok ? [] : [signOf(met.error)],
    );
    return failures.includes('stranger') ? 'portal' : 'none';
  };
}

const hostOf = (hostAndPort: string): string =>
  hostAndPort.slice(0, hostAndPort.lastIndexOf(':')).replace(/^\[|\]$/g, '');

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

function orThrow(met: Result<null, AppError>): 'reached' {
  if (!met.ok) throw new Error(met.error.code);
  return 'reached';
}

async function soon(page: Promise<PortalAnswer>, clock: Clock): Promise<PortalAnswer> {
  const { promise: late, resolve } = Promise.withResolvers<PortalAnswer>();
  const cancel = clock.after(portalMs, () => resolve('nothing'));
  const said = await Promise.race([page, late]);
  cancel();
  return said;
}

/** In clear, since that is what portals change; nothing is sent but the question. */
async function askPortalPage(address: string, expected: string, limits: ProbeLimits): Promise<PortalAnswer> {
  const { network, clock, stepMs, signal } = limits;
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 80 : Number(url.port);
  const opened = await network.open(
    { host, port, security: 'none', purpose: 'neutral' },
    { totalMs: stepMs, signal },
  );
  if (!opened.ok) return 'nothing';
  const { socket } = opened.value;
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const cancel = clock.after(stepMs, end);
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    if (answer.length > longestPage) end();
  });
  socket.on('error', () => end()).on('close', () => end());
  socket.write(
    `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\nCache-Control: no-cache\r\n\r\n`,
  );
  await over;
  cancel();
  socket.destroy();
  return judgePortal(answer, url, expected);
}
