import { describe, expect, it } from 'vitest';
import { parseProxyList, proxyUrl } from './proxy-list.ts';

describe('what a PAC file answers', () => {
  it.each([
    ['DIRECT', [null]],
    ['PROXY p.corp.example:8080', [{ kind: 'http', host: 'p.corp.example', port: 8080 }]],
    [
      'HTTPS p:443;SOCKS5 [::1]:1080 ; direct',
      [{ kind: 'https', host: 'p', port: 443 }, { kind: 'socks5', host: '::1', port: 1080 }, null],
    ],
    ['PROXY p', [{ kind: 'http', host: 'p', port: 80 }]],
    ['SOCKS p:1080; QUIC p:443; PROXY; PROXY p:0; PROXY p:65536', []],
    ['', []],
  ])('"%s"', (answer, ways) => {
    expect(parseProxyList(answer)).toEqual(ways);
  });

  it('an address of IPv6 in a URL has brackets', () => {
    expect(proxyUrl({ kind: 'socks5', host: '::1', port: 1080 })).toBe('socks5://[::1]:1080');
  });
});
