import { describe, expect, it } from 'vitest';
import { linkParts } from './link-parts.ts';

const shown = (link: string) => Object.values(linkParts(link));

describe('linkParts', () => {
  it('names the host that is really asked, not the one that is written first', () => {
    expect(shown('https://bank.example@evil.example/login')).toEqual([
      'https://bank.example@',
      'evil.example',
      '/login',
    ]);
    expect(shown('https://bank.example.evil.example')).toEqual([
      'https://',
      'bank.example.evil.example',
      '/',
    ]);
    expect(shown('https://evil.example/bank.example@x')).toEqual([
      'https://',
      'evil.example',
      '/bank.example@x',
    ]);
  });

  it('tells look-alike letters apart', () => {
    expect(linkParts('https://аpple.com/').host).toBe('xn--pple-43d.com');
  });

  it('names the recipients of a mail link', () => {
    expect(shown('mailto:a@x.example?subject=b')).toEqual(['mailto:', 'a@x.example', '?subject=b']);
  });

  it('loses nothing of the address', () => {
    for (const link of ['https://u:p@x.example:8443/a?b#c', 'http://[::1]/a', 'https://x.example/?a@b'])
      expect(shown(link).join('')).toBe(new URL(link).href);
  });
});
