import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../../shared/model/identity.ts';
import type { MessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { MeetingAnswer } from '../../../shared/model/meeting.ts';
import { err, ok } from '../../../shared/result.ts';
import { composeMessage } from '../mime/compose.ts';
import { type Laptop, openLaptop, ownIdentity } from '../testing/laptop.ts';
import { type Calendar, createCalendar, type ReadyAnswer } from './calendar-service.ts';
import { invitation, invitationMail } from './testing/invitations.ts';

const now = Date.UTC(2026, 10, 24, 9);
const november = { from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 11, 31) };
const pastFive = Buffer.alloc(27);

describe('meetings known from mail', () => {
  let laptop: Laptop;
  let calendar: Calendar;
  let sent: ReadyAnswer[];
  let identities: readonly Identity[];

  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
    sent = [];
    identities = ownIdentity(laptop.account).list();
    calendar = createCalendar({
      account: laptop.account,
      db: laptop.db,
      identities: {
        list: () => identities,
        isOwnAddress: (address) => address.toLowerCase() === 'anna@corp.example',
      },
      locale: 'en-GB',
      clock: { now: () => now, after: () => () => undefined },
      zone: () => 'Europe/Berlin',
      send: async (answer) => {
        sent.push(answer);
        await laptop.receives(Buffer.from(await asMail(answer)).toString());
        return ok({ outgoingId: `sent-${sent.length}` as OutgoingId, heldUntil: null });
      },
    });
  });
  afterEach(() => laptop.remove());

  const asMail = ({ to, subject, text, file }: ReadyAnswer): Promise<Uint8Array> =>
    composeMessage({
      from: { name: 'Anna Berg', address: 'anna@corp.example' },
      sender: null,
      to,
      cc: [],
      subject,
      text,
      attachments: [file],
      internetMessageId: `answer-${sent.length}@corp.example` as never,
      sentAt: now + sent.length,
      thread: { inReplyTo: null, references: [], threadIndex: pastFive, threadTopic: 'East wing' },
    });

  const comes = async (
    calendarText: string,
    mail: Parameters<typeof invitationMail>[1] = {},
  ): Promise<MessageId> => (await laptop.receives(invitationMail(calendarText, mail))).messageId;
  const card = async (id: MessageId) => {
    const found = await calendar.card(id);
    if (!found.ok || found.value === null) throw new Error('no card');
    return found.value;
  };
  const answers = async (id: MessageId, answer: MeetingAnswer) => calendar.answer(id, answer);
  const titles = async () => (await calendar.agenda(november)).map(({ title }) => title);

  it('are invitations that can be answered, and stand in the agenda before they are', async () => {
    const id = await comes(invitation());
    expect(await card(id)).toMatchObject({
      kind: 'invitation',
      title: 'East wing',
      place: 'Room 4',
      organizer: { address: 'bob@x.example' },
      mayAnswer: true,
      answer: null,
      conflicts: [],
      zone: null,
    });
    expect(await calendar.agenda(november)).toMatchObject([{ messageId: id, answer: null }]);
  });

  it('are answered by what the organiser’s server puts where it belongs', async () => {
    const more = ['X-MICROSOFT-CDO-APPT-SEQUENCE:2', 'X-MICROSOFT-CDO-OWNERAPPTID:2118'];
    const id = await comes(invitation({ SEQUENCE: '2' }, { more }));
    await answers(id, 'accepted');
    expect(sent).toMatchObject([
      {
        parentId: id,
        from: 'anna@corp.example',
        to: [{ address: 'bob@x.example' }],
        subject: 'Accepted: East wing',
      },
    ]);
    const [answer] = sent;
    if (answer === undefined) throw new Error('nothing sent');
    const lines = Buffer.from(answer.file.content).toString().replaceAll('\r\n ', '').split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        ...['METHOD:REPLY', 'UID:meeting-1', 'SEQUENCE:2', 'DTSTAMP:20261124T090000Z'],
        ...['DTSTART;TZID=W. Europe Standard Time:20261125T150000', 'TZID:W. Europe Standard Time'],
        ...['ORGANIZER;CN=Bob Fuchs:mailto:bob@x.example', 'X-MICROSOFT-CDO-OWNERAPPTID:2118'],
        'ATTENDEE;PARTSTAT=ACCEPTED;CN=Anna Berg:mailto:anna@corp.example',
      ]),
    );
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(1);
    const mime = Buffer.from(await asMail(answer)).toString();
    expect(mime).toMatch(/Content-Type: multipart\/alternative/);
    expect(mime.replace(/\r\n\s+/g, ' ')).toMatch(
      /Content-Type: text\/calendar; method=REPLY; component=VEVENT; charset=utf-8/,
    );
    expect((await simpleParser(mime)).text?.trim()).toBe('Anna Berg has accepted the invitation.');
  });

  it('are answered once: the same click again sends nothing, another answer does', async () => {
    const id = await comes(invitation());
    const both = await Promise.all([answers(id, 'accepted'), answers(id, 'accepted')]);
    expect(both.map((one) => one.ok && one.value.outgoingId)).toEqual(['sent-1', null]);
    expect((await card(id)).answer).toBe('accepted');
    await answers(id, 'declined');
    expect(sent).toHaveLength(2);
    expect(await card(id)).toMatchObject({ answer: 'declined', mayAnswer: true });
    expect(await titles()).toEqual([]);
  });

  it('are asked about anew when they move, and say what they were', async () => {
    const first = await comes(invitation());
    await answers(first, 'accepted');
    const moved = invitation({
      SEQUENCE: '1',
      'DTSTART;TZID=W. Europe Standard Time': '20261126T150000',
      'DTEND;TZID=W. Europe Standard Time': '20261126T160000',
    });
    const second = await comes(moved, { id: 'moved@x.example', date: 'Tue, 24 Nov 2026 08:30:00 +0000' });
    expect(await card(first)).toMatchObject({ kind: 'outdated', mayAnswer: false });
    expect(await card(second)).toMatchObject({
      kind: 'update',
      answer: null,
      former: { start: Date.UTC(2026, 10, 25, 14) },
    });
    expect(await calendar.agenda(november)).toMatchObject([{ messageId: second }]);
  });

  it('are gone once they are called off, by who invited and by nobody else', async () => {
    const id = await comes(invitation());
    const off = invitation({ SEQUENCE: '1' }, { method: 'CANCEL' });
    const foreign = { method: 'CANCEL', from: 'Eve <eve@y.example>', id: 'eve@y.example' };
    const lie = await comes(off, { ...foreign, date: 'Tue, 24 Nov 2026 08:20:00 +0000' });
    expect((await card(lie)).kind).toBe('unproven');
    expect(await titles()).toEqual(['East wing']);
    const real = await comes(off, {
      ...{ method: 'CANCEL', id: 'off@x.example', date: 'Tue, 24 Nov 2026 08:40:00 +0000' },
    });
    expect((await card(real)).kind).toBe('cancellation');
    expect(await card(id)).toMatchObject({ kind: 'cancelled', mayAnswer: false });
    expect(await titles()).toEqual([]);
  });

  it('of a series are its times, without one that is called off and with one that is moved', async () => {
    const series = { RRULE: 'FREQ=DAILY;COUNT=4' };
    const id = await comes(invitation(series));
    const recurrence = 'RECURRENCE-ID;TZID=W. Europe Standard Time';
    await comes(invitation({ SEQUENCE: '1', [recurrence]: '20261126T150000' }, { method: 'CANCEL' }), {
      ...{ method: 'CANCEL', id: 'one-off@x.example', date: 'Tue, 24 Nov 2026 08:50:00 +0000' },
    });
    await comes(
      invitation({
        ...{ SEQUENCE: '1', [recurrence]: '20261127T150000', SUMMARY: 'East wing, later' },
        'DTSTART;TZID=W. Europe Standard Time': '20261127T170000',
        'DTEND;TZID=W. Europe Standard Time': '20261127T180000',
      }),
      { id: 'one-moved@x.example', date: 'Tue, 24 Nov 2026 08:55:00 +0000' },
    );
    expect((await card(id)).rhythm).toMatchObject({ every: 'daily', until: Date.UTC(2026, 10, 28, 14) });
    expect((await calendar.agenda(november)).map(({ title, time }) => [title, time.start])).toEqual([
      ['East wing', Date.UTC(2026, 10, 25, 14)],
      ['East wing, later', Date.UTC(2026, 10, 27, 16)],
      ['East wing', Date.UTC(2026, 10, 28, 14)],
    ]);
  });

  it('that meet at the same time are said, unless they take nobody’s time', async () => {
    await comes(invitation({ UID: 'other', SUMMARY: 'Harbour' }), { id: 'other@x.example' });
    await comes(invitation({ UID: 'free', SUMMARY: 'Birthday', TRANSP: 'TRANSPARENT' }), {
      id: 'free@x.example',
    });
    const id = await comes(invitation());
    expect((await card(id)).conflicts.map(({ title }) => title)).toEqual(['Harbour']);
  });

  it('are told of by answers of others, as the one who wrote the mail', async () => {
    const answer = invitation({
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Anna Berg': '',
      'ATTENDEE;PARTSTAT=DECLINED;CN=Carla': 'mailto:carla@x.example',
      'ORGANIZER;CN=Bob Fuchs': 'mailto:anna@corp.example',
    });
    const id = await comes(answer, { method: 'REPLY', from: 'carla@x.example', id: 'carla@x.example' });
    expect(await card(id)).toMatchObject({
      kind: 'answer',
      mayAnswer: false,
      from: { person: { name: 'Carla', address: 'carla@x.example' }, answer: 'declined' },
    });
  });

  it('that cannot be read have no card, and cannot be answered', async () => {
    const id = await comes('BEGIN:VCALENDAR\r\nnonsense');
    expect(await calendar.card(id)).toEqual(ok(null));
    expect(await answers(id, 'accepted')).toEqual(err({ code: 'notFound', retry: 'never' }));
  });
});
