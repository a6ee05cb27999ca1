import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './core/moment.ts';
import { occurrences, rhythmOf, timeOf } from './core/times.ts';
import { readCalendar } from './read-calendar.ts';
import { invitation } from './testing/invitations.ts';

const home = 'Europe/Berlin';
const read = (text: string) => readCalendar(Buffer.from(text), 'REQUEST');
const event = (lines: Readonly<Record<string, string>> = {}, more: readonly string[] = []) => {
  const found = read(invitation(lines, { more }))?.events[0];
  if (found === undefined) throw new Error('nothing read');
  return found;
};
const none = { 'DTSTART;TZID=W. Europe Standard Time': '', 'DTEND;TZID=W. Europe Standard Time': '' };
const at = (text: string) => Date.parse(text);

describe('an invitation', () => {
  it('says who, where and when, in the zone that Windows names', () => {
    expect(event()).toMatchObject({
      uid: 'meeting-1',
      title: 'East wing',
      place: 'Room 4',
      organizer: { name: 'Bob Fuchs', address: 'bob@x.example' },
      attendees: [{ name: 'Anna Berg', address: 'Anna@corp.example', answer: null }],
      start: { zone: { kind: 'iana', name: 'Europe/Berlin' } },
    });
    expect(timeOf(event(), 'America/New_York')).toEqual({
      start: at('2026-11-25T14:00:00Z'),
      end: at('2026-11-25T15:00:00Z'),
      isAllDay: false,
    });
  });

  it('of a whole day is from midnight to midnight where one is', () => {
    const day = event({ ...none, 'DTSTART;VALUE=DATE': '20261125' });
    expect(timeOf(day, 'America/New_York')).toEqual({
      start: at('2026-11-25T05:00:00Z'),
      end: at('2026-11-26T05:00:00Z'),
      isAllDay: true,
    });
  });

  it('without a zone is meant wherever one is', () => {
    const floating = event({ ...none, DTSTART: '20261125T090000', DURATION: 'PT90M' });
    expect(timeOf(floating, 'Asia/Tokyo')).toMatchObject({
      start: at('2026-11-25T00:00:00Z'),
      end: at('2026-11-25T01:30:00Z'),
    });
  });

  it('takes the rules that it brings along for a zone that nobody knows', () => {
    const text = invitation().replaceAll('W. Europe Standard Time', 'Customized Time Zone');
    const summer = text.replaceAll('20261125', '20260701');
    const winterStart = read(text)?.events[0].start;
    const summerStart = read(summer)?.events[0].start;
    expect(winterStart?.zone.kind).toBe('rules');
    expect([winterStart, summerStart].map((one) => one && instantOf(one, home))).toEqual([
      at('2026-11-25T14:00:00Z'),
      at('2026-07-01T13:00:00Z'),
    ]);
  });

  it('in the hour that is left out in spring, and in the one that is twice in autumn, is at one time', () => {
    const start = (text: string) =>
      instantOf(event({ ...none, 'DTSTART;TZID=Europe/Berlin': text }).start, home);
    expect(start('20260329T023000')).toBe(at('2026-03-29T01:30:00Z'));
    expect(start('20261025T023000')).toBe(at('2026-10-25T00:30:00Z'));
  });

  it('that repeats keeps its hour over the change of clocks, without what is excepted', () => {
    const series = event({
      RRULE: 'FREQ=WEEKLY;BYDAY=WE;UNTIL=20270407T130000Z',
      'EXDATE;TZID=W. Europe Standard Time': '20261202T150000',
    });
    const times = occurrences(
      [series],
      { from: at('2026-11-01T00:00Z'), until: at('2028-01-01T00:00Z') },
      home,
    );
    expect(times[1]?.time.start).toBe(at('2026-12-09T14:00:00Z'));
    expect(times.at(-1)?.time.start).toBe(at('2027-04-07T13:00:00Z'));
    expect(rhythmOf(series, home)).toEqual({
      every: 'weekly',
      interval: 1,
      until: at('2027-04-07T13:00:00Z'),
    });
  });

  it('that repeats by what nobody counts with is shown for its first time', () => {
    const odd = event({ RRULE: 'FREQ=YEARLY;BYWEEKNO=20' });
    expect(rhythmOf(odd, home)?.every).toBe('otherwise');
    expect(occurrences([odd], { from: 0, until: at('2040-01-01T00:00Z') }, home)).toHaveLength(1);
  });

  it('is read in spite of a line that is broken', () => {
    expect(event({}, ['X-BROKEN', ':', 'DESCRIPTION:fine']).title).toBe('East wing');
  });

  it.each([
    ['nothing', ''],
    ['something else', 'Dear all'],
    ['half of one', invitation().slice(0, 300)],
    ['no time', invitation(none)],
    ['a day that there is not', invitation({ ...none, DTSTART: '20260231T100000Z' })],
    ['a year that nobody means', invitation({ ...none, DTSTART: '99990101T100000Z' })],
    ['too much', invitation({ DESCRIPTION: 'x'.repeat(1_100_000) })],
  ])('that is %s is none', (_, text) => expect(read(text)).toBeNull());

  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      ...['BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VTIMEZONE', 'END:VTIMEZONE', 'BEGIN:STANDARD', 'END:STANDARD'],
      ...[
        'RRULE:FREQ=SECONDLY',
        'RRULE:FREQ=DAILY;COUNT=99999999',
        'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      ],
      ...[
        'RRULE:FREQ=MONTHLY;INTERVAL=9999;BYSETPOS=-366',
        'DTSTART:16010101T000000',
        'DTSTART;VALUE=DATE:21991231',
      ],
      ...[
        'DTEND:16010101T000000Z',
        'DURATION:P9999W',
        'RDATE:20260101,20260102',
        'EXDATE;TZID=Nowhere:20260101T000000',
      ],
      ...[
        'TZOFFSETTO:+9999',
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z',
        'ATTENDEE;CN="a:mailto:x',
        'UID:',
      ],
    ),
  );

  it('never crashes or hangs, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.integer({ min: 0, max: 30 }), (lines, where) => {
        const whole = invitation({ RRULE: 'FREQ=WEEKLY' }).split('\r\n');
        const text = [...whole.slice(0, where), ...lines, ...whole.slice(where)].join('\r\n');
        const began = performance.now();
        const part = read(text);
        if (part !== null) {
          occurrences(part.events, { from: at('2026-01-01T00:00Z'), until: at('2028-01-01T00:00Z') }, home);
          for (const one of part.events) rhythmOf(one, home);
        }
        expect(performance.now() - began).toBeLessThan(5000);
      }),
    );
  });
});
