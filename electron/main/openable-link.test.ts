import { describe, expect, it } from 'vitest';
import { isOpenable } from './openable-link.ts';

describe('isOpenable', () => {
  it.each(['https://corp.example/a?b#c', 'HTTP://corp.example', 'mailto:anna@corp.example'])(
    'opens %s',
    (url) => {
      expect(isOpenable(url)).toBe(true);
    },
  );

  it.each([
    'file:///etc/passwd',
    'smb://host/share',
    'ms-msdt:/id PCWDiagnostic',
    'search-ms:query=x',
    'javascript:alert(1)',
    'data:text/html,x',
    '\\\\host\\share',
    'app://relevo/index.html',
    '',
    'no url',
  ])('refuses %s', (url) => {
    expect(isOpenable(url)).toBe(false);
  });
});
