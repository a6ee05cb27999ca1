import { describe, expect, it } from 'vitest';
import { readDate } from './date.ts';

describe('readDate', () => {
  it.each([
    ['Mon, 23 Nov 2026 10:00:00 +0100', '2026-11-23T09:00:00Z'],
    ['23 Nov 2026 10:00 -0330 (Newfoundland)', '2026-11-23T13:30:00Z'],
    ['Mon,23 Nov 2026 10.00.00 GMT+01:00', '2026-11-23T09:00:00Z'],
    ['Mo, 23 November 2026 10:00:00 +0100 CET', '2026-11-23T09:00:00Z'],
    ['Mon, 23-Nov-26 10:00:00 EST', '2026-11-23T15:00:00Z'],
    ['Fri, 12 Mar 99 10:00:00 GMT', '1999-03-12T10:00:00Z'],
    ['Wed, 12 Mar 103 10:00:00 Z', '2003-03-12T10:00:00Z'],
    ['Mon, 23 Nov 2026 10:00:00 XYZ', '2026-11-23T10:00:00Z'],
    ['Mon, 23 Nov 2026 10:00:00', '2026-11-23T10:00:00Z'],
    ['Mon 23 Nov 2026 06:09:22 PM CET', '2026-11-23T17:09:22Z'],
    ['23 Nov 26 12:29:13 AM', '2026-11-23T00:29:13Z'],
    ['Mon Nov 23 10:00:00 2026', '2026-11-23T10:00:00Z'],
    ['Mon Nov 23 10:00:00 JST 2026', '2026-11-23T01:00:00Z'],
    ['2026-11-23T10:00:00.123+01:00', '2026-11-23T09:00:00Z'],
    ['2026-11-23 10:00', '2026-11-23T10:00:00Z'],
  ])('reads %j', (value, expected) => {
    expect(readDate(value)).toBe(Date.parse(expected));
  });

  it.each([
    '',
    'yesterday',
    '5',
    'Thu, 1 Jan 1970 00:00:00 +0000',
    'Mon, 30 Jun 3609 15:33:50 +0600',
    'Mon, 23 Nox 2026 10:00:00',
  ])('takes no time from %j', (value) => {
    expect(readDate(value)).toBeNull();
  });
});
