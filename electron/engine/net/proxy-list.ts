export type ProxyKind = 'http' | 'https' | 'socks5';

/** A way through a proxy. */
export interface ProxyWay {
  readonly kind: ProxyKind;
  readonly host: string;
  readonly port: number;
}

/** The keywords of a PAC answer that are served, and the port each means when it names none. */
const kinds: Readonly<Record<string, readonly [kind: ProxyKind, port: number]>> = {
  PROXY: ['http', 80],
  HTTP: ['http', 80],
  HTTPS: ['https', 443],
  SOCKS5: ['socks5', 1080],
};

/**
 * Reads what a PAC file and Chromium's resolver answer, e.g. "PROXY p.example:8080; DIRECT": the ways to try in this
 * order, null for the direct one. What is not understood is left out (SOCKS means version 4, which knows no names);
 * an answer without any way that is understood is no reason to go direct.
 */
export function parseProxyList(answer: string): readonly (ProxyWay | null)[] {
  return answer.split(';').flatMap((entry): (ProxyWay | null)[] => {
    const [keyword = '', place = ''] = entry.trim().split(/\s+/);
    if (keyword.toUpperCase() === 'DIRECT') return [null];
    const known = kinds[keyword.toUpperCase()];
    const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(place);
    if (known === undefined || match?.[1] === undefined) return [];
    const [kind, usualPort] = known;
    const port = match[2] === undefined ? usualPort : Number(match[2]);
    if (port < 1 || port > 65_535) return [];
    return [{ kind, host: match[1].replace(/^\[|\]$/g, ''), port }];
  });
}

export const proxyUrl = ({ kind, host, port }: ProxyWay): string =>
  `${kind}://${host.includes(':') ? `[${host}]` : host}:${port}`;
