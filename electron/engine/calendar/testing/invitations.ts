/** The lines of an invitation as Exchange writes them, for tests to change. */
export function invitation(
  lines: Readonly<Record<string, string>> = {},
  { method = 'REQUEST', more = [] }: { readonly method?: string; readonly more?: readonly string[] } = {},
): string {
  const event = {
    UID: 'meeting-1',
    DTSTAMP: '20261124T080000Z',
    'DTSTART;TZID=W. Europe Standard Time': '20261125T150000',
    'DTEND;TZID=W. Europe Standard Time': '20261125T160000',
    SUMMARY: 'East wing',
    LOCATION: 'Room 4',
    SEQUENCE: '0',
    'ORGANIZER;CN=Bob Fuchs': 'mailto:bob@x.example',
    'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Anna Berg': 'mailto:Anna@corp.example',
    ...lines,
  };
  return [
    ...['BEGIN:VCALENDAR', `METHOD:${method}`, 'PRODID:Microsoft Exchange Server 2010', 'VERSION:2.0'],
    ...['BEGIN:VTIMEZONE', 'TZID:W. Europe Standard Time'],
    ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
    ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10', 'END:STANDARD'],
    ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
    ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3', 'END:DAYLIGHT', 'END:VTIMEZONE'],
    'BEGIN:VEVENT',
    ...Object.entries(event).flatMap(([name, value]) => (value === '' ? [] : [`${name}:${value}`])),
    ...more,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** The mail that brings it, as Exchange writes it. */
export function invitationMail(
  calendar: string,
  {
    from = 'Bob Fuchs <bob@x.example>',
    to = 'Anna Berg <anna@corp.example>',
    method = 'REQUEST',
    id = 'invitation-1@x.example',
    date = 'Tue, 24 Nov 2026 08:00:00 +0000',
    subject = 'East wing',
  }: Readonly<Partial<Record<'from' | 'to' | 'method' | 'id' | 'date' | 'subject', string>>> = {},
): string {
  return [
    ...[`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${date}`, `Message-ID: <${id}>`],
    ...['MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary=b', ''],
    ...['--b', 'Content-Type: text/plain; charset=utf-8', '', 'We meet about the east wing.', ''],
    ...['--b', `Content-Type: text/calendar; charset=utf-8; method=${method}`],
    ...['Content-Transfer-Encoding: base64', '', Buffer.from(calendar).toString('base64'), '--b--', ''],
  ].join('\r\n');
}
