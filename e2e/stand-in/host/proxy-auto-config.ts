import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';
import { createContext, Script } from 'node:vm';

export type Pac = (url: URL) => Promise<string>;

/** What a script may take, in milliseconds. */
const longestMs = 1000;

/**
 * Makes a PAC file's FindProxyForURL callable. Names are looked up before the script runs, those of the URL only: a
 * script that asks for another gets null.
 */
export function compilePac(source: string): Pac {
  const script = new Script(`${source}\n;String(FindProxyForURL(asked.url, asked.host))`);
  return async (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = await lookup(host, { family: 4 }).then(
      (found) => found.address,
      () => null,
    );
    const resolve = (name: string): string | null => (isIPv4(name) ? name : name === host ? address : null);
    const isInNet = (name: string, network: string, mask: string): boolean => {
      const found = resolve(name);
      if (found === null) return false;
      const bits = mask
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('')
        .replace(/0+$/, '').length;
      const list = new BlockList();
      list.addSubnet(network, bits, 'ipv4');
      return list.check(found, 'ipv4');
    };
    const sandbox = createContext({
      // Chromium shows a script no more of an https URL than where it leads.
      asked: { url: url.protocol === 'https:' ? `${url.origin}/` : url.href, host },
      isPlainHostName: (name: string) => !name.includes('.'),
      dnsDomainIs: (name: string, domain: string) => name.toLowerCase().endsWith(domain.toLowerCase()),
      localHostOrDomainIs: (name: string, whole: string) =>
        name === whole || (!name.includes('.') && whole.startsWith(`${name}.`)),
      isResolvable: (name: string) => resolve(name) !== null,
      dnsResolve: resolve,
      myIpAddress: () => '127.0.0.1',
      dnsDomainLevels: (name: string) => name.split('.').length - 1,
      shExpMatch: (text: string, pattern: string) => {
        const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
        return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
      },
      isInNet,
      alert: () => {},
    });
    return String(script.runInContext(sandbox, { timeout: longestMs }));
  };
}
