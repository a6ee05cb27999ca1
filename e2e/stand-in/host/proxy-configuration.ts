import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import type * as Electron from 'electron';
import { compilePac, type Pac } from './proxy-auto-config.ts';
import { bypasses, isImplicitlyDirect } from './proxy-bypass.ts';

/** Where WPAD looks by DNS; there is no DHCP here. */
const wpadUrl = 'http://wpad/wpad.dat';
/** A PAC file that takes longer than this is away, as for Chromium. */
const pacMs = 5000;

/**
 * Answers as Chromium's resolver does, for `Session.setProxy` and `resolveProxy`: it has no DevTools method to ask.
 * https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md
 */
export class ProxyConfiguration {
  #config: Electron.ProxyConfig = { mode: 'system' };
  #pac: Promise<Pac | null> | null = null;

  set(config: Electron.ProxyConfig): Promise<void> {
    const mode = config.mode ?? (config.pacScript === undefined ? 'fixed_servers' : 'pac_script');
    this.#config = { ...config, mode };
    return this.reload();
  }

  reload(): Promise<void> {
    this.#pac = null;
    return Promise.resolve();
  }

  async resolve(text: string): Promise<string> {
    const url = new URL(text);
    switch (this.#config.mode) {
      case 'fixed_servers':
        return fixed(url, this.#config);
      case 'pac_script':
        return this.#byPac(url, this.#config.pacScript ?? '');
      case 'auto_detect':
        return this.#byPac(url, wpadUrl);
      default:
        // The system of a test has no proxy.
        return 'DIRECT';
    }
  }

  /** A PAC file that cannot be had, or fails, means direct. */
  async #byPac(url: URL, address: string): Promise<string> {
    if (isImplicitlyDirect(url.hostname)) return 'DIRECT';
    this.#pac ??= load(address).then(compilePac, () => null);
    const pac = await this.#pac;
    return pac === null ? 'DIRECT' : await pac(url).catch(() => 'DIRECT');
  }
}

async function load(address: string): Promise<string> {
  const url = new URL(address);
  if (url.protocol === 'file:') return readFile(fileURLToPath(url), 'utf8');
  const answer = await fetch(url, { signal: AbortSignal.timeout(pacMs) });
  if (!answer.ok) throw new Error(`PAC: ${answer.status}`);
  return answer.text();
}

/** "host:port", "scheme://host:port", or "https=…;http=…;socks=…", each a list separated by commas. */
function fixed(url: URL, { proxyRules = '', proxyBypassRules = '' }: Electron.ProxyConfig): string {
  if (bypasses(url, proxyBypassRules)) return 'DIRECT';
  const scheme = url.protocol.replace(':', '');
  const rules = proxyRules.split(';').map((rule) => rule.trim());
  const named = rules.find((rule) => rule.startsWith(`${scheme}=`))?.slice(scheme.length + 1);
  const general = rules.find((rule) => rule !== '' && !rule.includes('='));
  const list = named ?? general ?? '';
  if (list === '') return 'DIRECT';
  return list
    .split(',')
    .map((server) => pacEntry(server.trim()))
    .join(';');
}

const keywords: Readonly<Record<string, string>> = {
  http: 'PROXY',
  https: 'HTTPS',
  socks: 'SOCKS',
  socks4: 'SOCKS',
  socks5: 'SOCKS5',
};

function pacEntry(server: string): string {
  if (server === 'direct://') return 'DIRECT';
  const [scheme, place] = server.includes('://') ? server.split('://') : ['http', server];
  const keyword = keywords[scheme ?? ''];
  if (keyword === undefined || place === undefined) throw new Error(`stand-in: the proxy ${server}`);
  return `${keyword} ${isIP(place) === 6 ? `[${place}]` : place}`;
}
