import { expect, it } from 'vitest';
import { judgePortal } from './portal.ts';

const url = new URL('http://check.example/success.txt');
const answer = (status: string, headers: string, body = ''): string =>
  `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`;

it.each([
  ['the page as it is', answer('200 OK', 'Content-Type: text/plain', 'success\n'), 'expected'],
  ['a page of its own', answer('200 OK', 'Server: portal', '<h1>Welcome to Hotel Berg</h1>'), 'portal'],
  ['a way to its own page', answer('302 Found', 'Location: http://login.hotel.example/?u=1'), 'portal'],
  ['an address for it', answer('307 Temporary Redirect', 'location: https://10.0.0.1/login'), 'portal'],
  ['what the RFC has for it', answer('511 Network Authentication Required', 'X: y'), 'portal'],
  ['the same page by HTTPS', answer('301 Moved', 'Location: https://check.example/success.txt'), 'nothing'],
  ['another path there', answer('302 Found', 'Location: /en/success.txt'), 'nothing'],
  ['a filter that forbids it', answer('403 Forbidden', 'X: y', 'blocked by policy'), 'nothing'],
  ['a broken server', answer('503 Service Unavailable', 'X: y'), 'nothing'],
  ['no HTTP', '220 mail.example ESMTP\r\n', 'nothing'],
  ['silence', '', 'nothing'],
])('%s', (_, text, expected) => {
  expect(judgePortal(text, url, 'success')).toBe(expected);
});
