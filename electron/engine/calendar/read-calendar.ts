import ICAL from 'ical.js';
import type { Address } from '../../../shared/model/address.ts';
import type { MeetingAnswer } from '../../../shared/model/meeting.ts';
import {
  type Attendee,
  type CalendarEvent,
  type CalendarPart,
  dayMs,
  earliest,
  frequencies,
  latest,
  type Moment,
  type Observance,
  type Rule,
  type Zone,
} from './core/event.ts';
import { instantOf } from './core/moment.ts';
import { ianaNameOf } from './zones.ts';

/** jCal (RFC 7265), as the library gives it: name, parameters, type, values. */
export type Property = readonly [string, Readonly<Record<string, unknown>>, string, ...unknown[]];
export type Component = readonly [string, readonly Property[], readonly Component[]];

/** No invitation is larger; what is, is not read. */
const maximumBytes = 1_000_000;
const maximumEvents = 200;
const maximumAttendees = 1000;
const maximumDates = 1000;
const maximumText = 1000;

/** The calendar object of a part; null where it is none, or broken. */
export function readComponents(content: Uint8Array): Component | null {
  if (content.length > maximumBytes) return null;
  // A line without a name would make the library give up on all others.
  const text = Buffer.from(content)
    .toString('utf8')
    .replace(/^﻿/u, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
    .filter((line) => /^[A-Za-z0-9-]+[;:]/.test(line))
    .join('\r\n');
  try {
    const parsed: unknown = ICAL.parse(text);
    const root = isComponent(parsed) ? parsed : Array.isArray(parsed) ? parsed.find(isComponent) : undefined;
    return root !== undefined && root[0] === 'vcalendar' ? root : null;
  } catch {
    return null;
  }
}

/** Null: nothing in it that Relevo can show as a meeting. `method` is what the mail's part says. */
export function readCalendar(content: Uint8Array, method: string): CalendarPart | null {
  const root = readComponents(content);
  if (root === null) return null;
  const zones = new Map<string, Zone>();
  for (const zone of root[2].filter(([name]) => name === 'vtimezone').slice(0, 50)) {
    const tzid = textOf(zone, 'tzid');
    zones.set(tzid, zoneNamed(tzid, zone));
  }
  const read = eventsOf(root).flatMap((one) => eventOf(one, zones) ?? []);
  const uid = read[0]?.uid;
  const [first, ...others] = read
    .filter((event) => event.uid === uid)
    .sort((one, other) => Number(one.recurrence !== null) - Number(other.recurrence !== null));
  return first === undefined ? null : { method, events: [first, ...others] };
}

export const eventsOf = (root: Component): readonly Component[] =>
  root[2].filter(([name]) => name === 'vevent').slice(0, maximumEvents);

function eventOf(component: Component, zones: ReadonlyMap<string, Zone>): CalendarEvent | null {
  const moments = (name: string): readonly Moment[] =>
    propertiesOf(component, name)
      .flatMap((property) => momentsOf(property, zones))
      .slice(0, maximumDates);
  const uid = textOf(component, 'uid');
  const [start] = moments('dtstart');
  if (uid === '' || start === undefined) return null;
  const rules = propertiesOf(component, 'rrule');
  const rule = rules.length === 1 ? ruleOf(rules[0]?.[3], zones) : null;
  const busy = textOf(component, 'x-microsoft-cdo-busystatus').toUpperCase();
  return {
    uid,
    sequence: wholeNumber(propertiesOf(component, 'sequence')[0]?.[3], 0, 1_000_000_000) ?? 0,
    stamp: instantOfStamp(moments('dtstamp')[0]),
    recurrence: moments('recurrence-id')[0] ?? null,
    start,
    end: moments('dtend')[0] ?? endAfter(start, propertiesOf(component, 'duration')[0]?.[3]),
    rule,
    hasOtherRule: rules.length > 0 && rule === null,
    added: moments('rdate'),
    except: moments('exdate'),
    title: textOf(component, 'summary'),
    place: textOf(component, 'location'),
    organizer: propertiesOf(component, 'organizer').flatMap((one) => personOf(one) ?? [])[0] ?? null,
    attendees: propertiesOf(component, 'attendee')
      .slice(0, maximumAttendees)
      .flatMap((one) => attendeeOf(one) ?? []),
    isCancelled: textOf(component, 'status').toUpperCase() === 'CANCELLED',
    isFree: textOf(component, 'transp').toUpperCase() === 'TRANSPARENT' || busy === 'FREE',
  };
}

const instantOfStamp = (stamp: Moment | undefined): number =>
  stamp === undefined ? 0 : instantOf(stamp, 'UTC');

/** RFC 5545 section 3.6.1: without an end a day is one day long, and a time takes none. */
function endAfter(start: Moment, duration: unknown): Moment {
  const length = typeof duration === 'string' ? durationOf(duration) : null;
  return { ...start, wall: start.wall + Math.max(0, length ?? (start.isDate ? dayMs : 0)) };
}

/** RFC 5545 section 3.3.6, in milliseconds. */
function durationOf(text: string): number | null {
  const found =
    /^([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/.exec(text);
  if (found === null) return null;
  const [weeks, days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0));
  const total =
    ((weeks ?? 0) * 7 + (days ?? 0)) * dayMs +
    (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
  return found[1] === '-' ? -total : total;
}

function momentsOf(
  [, parameters, , ...values]: Property,
  zones: ReadonlyMap<string, Zone>,
): readonly Moment[] {
  const tzid = typeof parameters.tzid === 'string' ? parameters.tzid : '';
  return values.flatMap((value) => momentOf(value, tzid, zones) ?? []);
}

/** `value` as jCal writes it: "2026-11-24", "2026-11-24T15:00:00" or with a Z behind it. */
function momentOf(value: unknown, tzid: string, zones: ReadonlyMap<string, Zone>): Moment | null {
  const text = typeof value === 'string' ? value : String(value ?? '');
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(Z)?)?$/.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(wall);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (!(wall >= earliest && wall < latest)) return null;
  const isDate = found[4] === undefined;
  if (isDate) return { wall, zone: { kind: 'floating' }, isDate };
  if (found[7] === 'Z') return { wall, zone: { kind: 'utc' }, isDate };
  if (tzid === '') return { wall, zone: { kind: 'floating' }, isDate };
  return { wall, zone: zones.get(tzid) ?? zoneNamed(tzid, null), isDate };
}

/** A name that is known counts for more than the rules beside it, which tell of some years only. */
function zoneNamed(tzid: string, component: Component | null): Zone {
  const name =
    ianaNameOf(tzid) ?? (component === null ? null : ianaNameOf(textOf(component, 'x-lic-location')));
  if (name !== null) return { kind: 'iana', name };
  const observances = (component?.[2] ?? [])
    .filter(([kind]) => kind === 'standard' || kind === 'daylight')
    .slice(0, 100)
    .flatMap((one) => observanceOf(one) ?? []);
  return observances.length === 0 ? { kind: 'floating' } : { kind: 'rules', name: tzid, observances };
}

function observanceOf(component: Component): Observance | null {
  const none: ReadonlyMap<string, Zone> = new Map();
  const start = propertiesOf(component, 'dtstart').flatMap((one) => momentsOf(one, none))[0];
  const offsetTo = offsetOf(propertiesOf(component, 'tzoffsetto')[0]?.[3]);
  if (start === undefined || offsetTo === null) return null;
  const added = propertiesOf(component, 'rdate').flatMap((one) => momentsOf(one, none));
  return {
    start: start.wall,
    offsetFrom: offsetOf(propertiesOf(component, 'tzoffsetfrom')[0]?.[3]) ?? offsetTo,
    offsetTo,
    rule: ruleOf(propertiesOf(component, 'rrule')[0]?.[3], none),
    added: added.slice(0, maximumDates).map(({ wall }) => wall),
  };
}

function offsetOf(value: unknown): number | null {
  const found = /^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(String(value ?? ''));
  if (found === null) return null;
  const [hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0));
  const offset = (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
  return offset > 15 * 60 * 60 * 1000 ? null : found[1] === '-' ? -offset : offset;
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** Null: no rule, or one with parts that Relevo does not count with. */
function ruleOf(value: unknown, zones: ReadonlyMap<string, Zone>): Rule | null {
  if (typeof value !== 'object' || value === null) return null;
  const parts = new Map(Object.entries(value));
  const known = ['freq', 'interval', 'count', 'until', 'byday', 'bymonthday', 'bymonth', 'bysetpos', 'wkst'];
  if ([...parts.keys()].some((name) => !known.includes(name))) return null;
  const frequency = frequencies.find((one) => one.toUpperCase() === parts.get('freq'));
  if (frequency === undefined) return null;
  const list = (name: string): readonly unknown[] => [parts.get(name) ?? []].flat().slice(0, 400);
  const numbers = (name: string, lowest: number, highest: number): readonly number[] =>
    list(name).flatMap((one) => wholeNumber(one, lowest, highest) || []);
  const until = parts.has('until') ? momentOf(parts.get('until'), '', zones) : null;
  if (parts.has('until') && until === null) return null;
  const weekStart = weekdays.indexOf(String(parts.get('wkst') ?? 'MO'));
  return {
    frequency,
    interval: wholeNumber(parts.get('interval'), 1, 10_000) ?? 1,
    count: parts.has('count') ? (wholeNumber(parts.get('count'), 1, 100_000) ?? 1) : null,
    until,
    byDay: list('byday').flatMap((one) => {
      const found = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(String(one));
      return found === null ? [] : [{ nth: Number(found[1] ?? 0), day: weekdays.indexOf(found[2] ?? 'SU') }];
    }),
    byMonthDay: numbers('bymonthday', -31, 31),
    byMonth: numbers('bymonth', 1, 12),
    bySetPos: numbers('bysetpos', -366, 366),
    weekStart: weekStart === -1 ? 1 : weekStart,
  };
}

function wholeNumber(value: unknown, lowest: number, highest: number): number | null {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string'
        ? Number(value.trim() || Number.NaN)
        : Number.NaN;
  return Number.isInteger(number) && number >= lowest && number <= highest ? number : null;
}

const answers: ReadonlyMap<string, MeetingAnswer> = new Map([
  ['ACCEPTED', 'accepted'],
  ['TENTATIVE', 'tentative'],
  ['DECLINED', 'declined'],
]);

function attendeeOf(property: Property): Attendee | null {
  const person = personOf(property);
  const answer = answers.get(String(property[1].partstat ?? '').toUpperCase()) ?? null;
  return person === null ? null : { ...person, answer };
}

/** Exchange writes "invalid:nomail" for who has no address. */
function personOf([, parameters, , value]: Property): Address | null {
  const found = /^mailto:(.{1,500})$/is.exec(typeof value === 'string' ? value.trim() : '');
  if (found?.[1] === undefined) return null;
  return { name: clean(String(parameters.cn ?? '')), address: clean(found[1]) };
}

export function propertiesOf([, properties]: Component, name: string): readonly Property[] {
  return properties.filter((property) => property[0] === name);
}

export function textOf(component: Component, name: string): string {
  const value = propertiesOf(component, name)[0]?.[3];
  return typeof value === 'string' ? clean(value) : '';
}

const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, maximumText)
    .toWellFormed();

const isComponent = (value: unknown): value is Component =>
  Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]) && Array.isArray(value[2]);
