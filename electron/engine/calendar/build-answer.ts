import ICAL from 'ical.js';
import type { Address } from '../../../shared/model/address.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { MeetingAnswer } from '../../../shared/model/meeting.ts';
import {
  type Component,
  eventsOf,
  type Property,
  propertiesOf,
  readComponents,
  textOf,
} from './read-calendar.ts';

/**
 * What comes back as the organiser wrote it. By UID, SEQUENCE and RECURRENCE-ID an answer is put where it belongs
 * (RFC 5546 section 3.2.3); Exchange wants the times and its own marks back as well (MS-OXCICAL section 2.1.3.1.1.20).
 */
const returned = new Set([
  ...['uid', 'recurrence-id', 'organizer', 'sequence', 'dtstart', 'dtend', 'duration', 'summary', 'location'],
  ...['class', 'priority', 'x-microsoft-cdo-appt-sequence', 'x-microsoft-cdo-ownerapptid'],
  ...['x-microsoft-cdo-owner-critical-change', 'x-microsoft-cdo-alldayevent', 'x-microsoft-cdo-insttype'],
]);

/** The calendar part of an answer to an invitation. Null: it cannot be read, or says neither which meeting nor when. */
export function buildAnswer(
  invitation: Uint8Array,
  {
    attendee,
    answer,
    now,
  }: { readonly attendee: Address; readonly answer: MeetingAnswer; readonly now: EpochMs },
): Uint8Array | null {
  const root = readComponents(invitation);
  const events = root === null ? [] : eventsOf(root);
  const event = events.find((one) => propertiesOf(one, 'recurrence-id').length === 0) ?? events[0];
  if (root === null || event === undefined || textOf(event, 'uid') === '') return null;
  const kept = event[1].filter(([name]) => returned.has(name));
  const stamp = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  const named = new Set(kept.map(([, { tzid }]) => tzid));
  const zones = root[2].filter((one) => one[0] === 'vtimezone' && named.has(textOf(one, 'tzid')));
  const added: readonly Property[] = [
    ['attendee', parametersOf(event, attendee, answer), 'cal-address', `mailto:${attendee.address}`],
    ['dtstamp', {}, 'date-time', stamp],
    ['status', {}, 'text', 'CONFIRMED'],
    ['transp', {}, 'text', answer === 'declined' ? 'TRANSPARENT' : 'OPAQUE'],
    ['x-microsoft-cdo-attendee-critical-change', {}, 'date-time', stamp],
    [
      'x-microsoft-cdo-busystatus',
      {},
      'text',
      { accepted: 'BUSY', tentative: 'TENTATIVE', declined: 'FREE' }[answer],
    ],
  ];
  const calendar: Component = [
    'vcalendar',
    [
      ['method', {}, 'text', 'REPLY'],
      ['prodid', {}, 'text', '-//Relevo//Relevo//EN'],
      ['version', {}, 'text', '2.0'],
    ],
    [...zones, ['vevent', [...kept, ...added], []]],
  ];
  try {
    return Buffer.from(`${ICAL.stringify(calendar as never)}\r\n`, 'utf8');
  } catch {
    return null;
  }
}

/** RFC 5546 section 3.2.3: exactly one attendee, who answers, by the name that the organiser gave them. */
function parametersOf(
  event: Component,
  { name, address }: Address,
  answer: MeetingAnswer,
): Record<string, string> {
  const invited = propertiesOf(event, 'attendee').find(([, , , value]) =>
    isSameAddress(String(value).replace(/^mailto:/i, ''), address),
  );
  const cn = typeof invited?.[1].cn === 'string' ? invited[1].cn : name;
  return { partstat: answer.toUpperCase(), ...(cn === '' ? {} : { cn: cn.replace(/["\r\n]/g, ' ') }) };
}
