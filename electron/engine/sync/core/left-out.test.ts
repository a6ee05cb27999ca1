import { expect, it } from 'vitest';
import type { ToldPart } from '../../mail/types.ts';
import { planParts } from './left-out.ts';

const megabyte = 1024 * 1024;
const leaf = (section: string, type: string, size: number, isAttached = false): ToldPart => ({
  section,
  type,
  size,
  isAttached,
  children: [],
});
const multipart = (...children: readonly ToldPart[]): ToldPart => ({
  section: '',
  type: 'multipart/mixed',
  size: 0,
  isAttached: false,
  children,
});

it('fetches texts and what is small enough, and leaves out what is larger', () => {
  const told = multipart(
    { ...multipart(leaf('1.1', 'text/plain', 3 * megabyte), leaf('1.2', 'text/html', 9000)), section: '1' },
    leaf('2', 'application/pdf', megabyte, true),
    leaf('3', 'application/zip', megabyte + 1, true),
    leaf('4', 'text/csv', 2 * megabyte, true),
    leaf('5', 'message/rfc822', 30 * megabyte),
  );
  expect(planParts(told, megabyte)).toEqual({
    fetch: ['1.1', '1.2', '2'],
    leaveOut: ['3', '4', '5'],
  });
});

it('takes a text that is longer than anybody reads for a file', () => {
  expect(planParts(leaf('1', 'text/plain', 6 * megabyte), megabyte)).toEqual({ fetch: [], leaveOut: ['1'] });
});

it.each<[string, ToldPart]>([
  ['a part without a type', multipart(leaf('1', '/', 5))],
  ['a part without a size', multipart(leaf('1', 'text/plain', Number.NaN))],
  ['a part without a place', multipart(leaf('', 'text/plain', 5))],
  ['a multipart without parts', multipart()],
  ['a multipart without parts in it', multipart(leaf('1', 'text/plain', 5), multipart())],
])('believes no description with %s', (_, told) => {
  expect(planParts(told, megabyte)).toBeNull();
});
