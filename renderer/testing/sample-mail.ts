import type { AccountSummary } from '../../shared/model/account.ts';
import type { Address } from '../../shared/model/address.ts';
import type { ConversationDetail, MessageView } from '../../shared/model/conversation.ts';
import type {
  AccountId,
  AttachmentId,
  ConversationId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../shared/model/ids.ts';
import type { LedgerEntry } from '../../shared/model/ledger.ts';
import type { MessageNature } from '../../shared/model/message-nature.ts';
import type { OutgoingState, OutgoingSummary } from '../../shared/model/outgoing.ts';

export const minute = 60_000;
export const day = 24 * 60 * minute;
export const accountId = 1 as AccountId;

export const alice: Address = { name: 'Alice Hoffmann', address: 'alice.hoffmann@nordlicht.example' };
export const account: AccountSummary = {
  id: accountId,
  address: alice.address,
  displayName: alice.name,
  isShared: false,
};
export const sharedAccount: AccountSummary = {
  id: 2 as AccountId,
  address: 'info@nordlicht.example',
  displayName: 'Nordlicht Info',
  isShared: true,
};
const people: readonly Address[] = [
  { name: 'Jonas Weber', address: 'jonas.weber@nordlicht.example' },
  { name: 'María José Iglesias', address: 'mj.iglesias@puertosur.example' },
  { name: 'Oliver Grant', address: 'oliver@grantandsons.example' },
  { name: 'Weiß, Katharina', address: 'katharina.weiss@nordlicht.example' },
  { name: '', address: 'no-reply@tickets.example' },
  { name: 'Chiara Bellini', address: 'c.bellini@studiobellini.example' },
];
export const person = (index: number): Address => people[index % people.length] ?? alice;

const newsletter = `<html><head><style>@import url(https://track.example/a.css);</style></head><body bgcolor="#f4f4f4">
<table width="600" cellpadding="0" cellspacing="0" align="center" style="background:#ffffff;border:1px solid #ddd"><tr><td colspan="2" style="padding:20px;background:#20456b url(https://img.example/head.png) no-repeat;color:#fff;font-size:22px">Harbour quarter, phase two</td></tr>
<tr><td width="400" valign="top" style="padding:20px"><p>Dear Alice,</p><p>the <b>revised schedule</b> is attached. The milestones:</p><ul><li>Foundation approval: <b>4 December</b></li><li>Steel delivery: 18 December</li><li>Handover of the east wing: 30 January</li></ul><p>Details are on <a href="https://portal.puertosur.example/projects/42?from=mail">the project portal</a>.</p></td>
<td width="200" valign="top" style="padding:20px;background:#f0f4f8"><img src="https://img.example/site.jpg" width="160" height="100" alt="The site"><p style="font-size:12px;color:#666">The site on 20 November</p><img src="cid:logo@puertosur" alt="Puerto Sur" width="120"></td></tr></table>
<img src="https://track.example/open.gif?id=77" width="1" height="1"><script>alert(1)</script><form action="https://evil.example"><input name="password"></form></body></html>`;

interface Written {
  readonly from: Address;
  readonly text: string;
  readonly html?: string;
  readonly age: number;
  readonly isSeen?: boolean;
  readonly outgoing?: OutgoingState;
  readonly attachments?: MessageView['attachments'];
  readonly isByContinuity?: boolean;
  readonly copies?: MessageView['copies'];
  readonly isApart?: boolean;
  readonly nature?: Partial<MessageNature>;
}

let lastId = 100;

function conversation(
  now: EpochMs,
  topic: string,
  written: readonly Written[],
  isFlagged = false,
): ConversationDetail {
  const id = ++lastId as ConversationId;
  const messages = written.map((one): MessageView => {
    const isFromMe = one.from === alice;
    return {
      id: ++lastId as MessageId,
      from: one.from,
      to: isFromMe ? [person(1)] : [alice],
      cc: isFromMe ? [] : [person(0)],
      sentAt: now - one.age,
      subject: topic,
      isSeen: one.isSeen ?? true,
      isFlagged,
      isFromMe,
      isAnswered: false,
      isForwarded: false,
      text: one.text,
      html: one.html ?? null,
      attachments: one.attachments ?? [],
      routes:
        one.outgoing !== undefined && one.outgoing !== 'accepted'
          ? []
          : [one.isByContinuity === true ? 'continuity' : 'primary'],
      copies: one.copies ?? [],
      isApart: one.isApart ?? false,
      outgoing: one.outgoing ?? null,
      nature:
        one.nature === undefined
          ? null
          : { protection: null, report: null, calendarMethod: null, ...one.nature },
    };
  });
  const newest = messages.at(-1);
  return {
    summary: {
      id,
      accountId,
      topic,
      participants: [...new Set(written.map(({ from }) => from))],
      snippet: (newest?.text ?? '').replace(/\s+/g, ' ').slice(0, 200),
      latestAt: newest?.sentAt ?? now,
      messageCount: messages.length,
      unreadCount: messages.filter(({ isSeen }) => !isSeen).length,
      hasAttachments: messages.some(({ attachments }) => attachments.some(({ isInline }) => !isInline)),
      isFlagged,
      isInInbox: true,
      isPinned: false,
      putAway: null,
      outgoing: newest?.outgoing ?? null,
      isByContinuity: written.some(({ isByContinuity }) => isByContinuity === true),
    },
    messages,
  };
}

const attachments: MessageView['attachments'] = [
  {
    id: 501 as AttachmentId,
    fileName: 'Schedule phase two, revised.pdf',
    contentType: 'application/pdf',
    size: 482_133,
    isHere: true,
    contentId: null,
    isInline: false,
  },
  {
    id: 502 as AttachmentId,
    fileName: 'Bill of quantities.xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    size: 2_310_400,
    isHere: true,
    contentId: null,
    isInline: false,
  },
  {
    id: 503 as AttachmentId,
    fileName: 'logo.png',
    contentType: 'image/png',
    size: 4_100,
    isHere: true,
    contentId: 'logo@puertosur',
    isInline: true,
  },
];

export function mailbox(now: EpochMs): readonly ConversationDetail[] {
  lastId = 100;
  const quoted = 'Thanks, I will look at it today.\n\n2026-11-24 08:05, Jonas Weber <jonas@x.example>:\n';
  return [
    conversation(now, 'Contract for the east wing', [
      {
        from: person(0),
        text: 'Could you both look at clause 4? It is at https://portal.example/c/4.',
        age: 95 * minute,
      },
      {
        from: alice,
        text: `${quoted}> Could you both look at clause 4?\n> It is urgent.`,
        age: 80 * minute,
        outgoing: 'accepted',
      },
      {
        from: person(1),
        text: 'Clause 4 has changed once more.\n\nWe would need your answer before noon, otherwise the notary moves the appointment to next week. The new wording follows:\n\n> 4.1 The contractor delivers by 30 January.\n> 4.2 Each week of delay costs 0.5 %.\n>> formerly: 1 %\n\nKind regards\nMaría José',
        age: 12 * minute,
        isSeen: false,
        isByContinuity: true,
      },
      { from: alice, text: 'Understood, we accept the change.', age: 4 * minute, outgoing: 'queued' },
    ]),
    conversation(
      now,
      'Harbour quarter, phase two: revised schedule',
      [
        {
          from: person(1),
          text: 'Dear Alice, the revised schedule is attached. The milestones: Foundation approval: 4 December …',
          html: newsletter,
          age: 31 * minute,
          isSeen: false,
          attachments,
        },
      ],
      true,
    ),
    conversation(now, 'Lunch on Thursday?', [
      {
        from: person(3),
        text: 'The new place at the harbour has a table for six at half past twelve.',
        age: 52 * minute,
        isSeen: false,
      },
      { from: person(2), text: 'Count me in.', age: 47 * minute },
      { from: alice, text: 'Me too!', age: 44 * minute, outgoing: 'accepted', isByContinuity: true },
    ]),
    conversation(now, 'Your tickets for 28 November', [
      {
        from: person(4),
        text: 'Thank you for your order. Your tickets are attached to this message.',
        age: 5 * 60 * minute,
        attachments: attachments.slice(0, 1),
      },
    ]),
    conversation(now, 'Offer 2026-118', [
      {
        from: person(5),
        text: 'Gentile signora Hoffmann, in allegato trova la nostra offerta aggiornata.',
        age: 1.2 * day,
        attachments: attachments.slice(1, 2),
      },
      {
        from: alice,
        text: 'Grazie mille, Le rispondo entro venerdì.',
        age: 1.1 * day,
        outgoing: 'uncertain',
      },
    ]),
    conversation(now, '', [{ from: person(2), text: 'Sent from my phone', age: 2.3 * day }]),
    ...Array.from({ length: 900 }, (_, index) =>
      conversation(now, `Site report ${900 - index}`, [
        {
          from: person(index),
          text: 'Nothing out of the ordinary today; two deliveries, no incidents.',
          age: (3 + index / 2) * day,
        },
      ]),
    ),
  ];
}

/** Mail that is something beyond its words: undelivered, a receipt, encrypted, signed, an invitation. */
export function telling(now: EpochMs): readonly ConversationDetail[] {
  lastId = 200;
  const mailSystem = { name: 'Mail Delivery System', address: 'mailer-daemon@mx.puertosur.example' };
  return [
    conversation(now, 'Minutes of Monday', [
      { from: alice, text: 'The minutes are attached.', age: 50 * minute, outgoing: 'accepted' },
      {
        from: mailSystem,
        text: 'I am sorry to have to inform you that your message could not be delivered.',
        age: 48 * minute,
        nature: {
          report: {
            kind: 'failed',
            originalId: 202 as MessageId,
            recipients: [
              {
                address: 'mj.iglesias@puertosur.example',
                status: '5.1.1',
                reason: '550 5.1.1 <mj.iglesias@puertosur.example>: user unknown',
              },
              { address: 'everybody@puertosur.example', status: '5.7.1', reason: '' },
              ...Array.from({ length: 11 }, (_, index) => ({
                address: `desk-${index + 1}@puertosur.example`,
                status: '5.0.0',
                reason: '',
              })),
            ],
          },
        },
      },
      {
        from: person(0),
        text: 'Your message was read on Tuesday.',
        age: 30 * minute,
        nature: { report: { kind: 'read', originalId: 202 as MessageId, recipients: [] } },
      },
    ]),
    conversation(now, 'Salaries', [
      { from: person(3), text: '', age: 70 * minute, nature: { protection: 'smimeEncrypted' } },
      { from: person(3), text: 'Did you get it?', age: 60 * minute, nature: { protection: 'pgpSigned' } },
    ]),
    conversation(now, 'Site meeting', [
      { from: person(2), text: 'Thursday at ten.', age: 2 * day, nature: { calendarMethod: 'REQUEST' } },
    ]),
  ];
}

/** A message that reached Exchange by two ways. */
export function twice(now: EpochMs, isApart: boolean): readonly ConversationDetail[] {
  const arrived = { uid: 7, arrivedAt: now - 30 * minute };
  return [
    conversation(now, 'Boat hire', [
      {
        from: person(2),
        text: 'The boat is yours on Friday.',
        age: 31 * minute,
        copies: [
          { ...arrived, folder: 'INBOX', role: 'inbox' },
          { ...arrived, folder: 'Archive', role: 'archive' },
        ],
        isApart,
      },
    ]),
  ];
}

export function outgoing(
  now: EpochMs,
  state: OutgoingState,
  subject: string,
  index: number,
): OutgoingSummary {
  const attempts = state === 'queued' ? 0 : index;
  return {
    id: `00000000-0000-4000-8000-00000000000${index}` as OutgoingId,
    accountId,
    conversationId: 101 as ConversationId,
    messageId: 105 as MessageId,
    internetMessageId: `${index}@nordlicht.example` as InternetMessageId,
    state,
    to: [person(index), person(index + 1)],
    subject,
    createdAt: now - (index + 3) * minute,
    route: attempts === 0 ? null : 'continuity',
    attempts,
    lastAttemptAt: attempts === 0 ? null : now - index * minute,
    lastResponse: state === 'rejected' ? '550 5.7.1' : null,
    lastSentence: state === 'rejected' ? '550 5.7.1 Sender not authorized for relay' : null,
    since: now - index * minute,
    reason: state === 'uncertain' ? 'undecided' : state === 'rejected' ? 'refused' : 'noWay',
    nextAttemptAt: null,
    heldUntil: null,
    refused: [],
    isTakenForSome: false,
    canTakeBack: state === 'queued' || state === 'rejected',
    deliveryLog: null,
  };
}

export function entry(
  now: EpochMs,
  index: number,
  outcome: LedgerEntry['outcome'],
  direction: LedgerEntry['direction'],
): LedgerEntry {
  const isThere = outcome === 'appended' || outcome === 'handedOver';
  return {
    key: `message ${index}`,
    messageId: (500 + index) as MessageId,
    conversationId: 101 as ConversationId,
    change: null,
    internetMessageId: `${index}@outage.example` as InternetMessageId,
    direction,
    subject: index % 2 === 0 ? 'Contract for the east wing' : 'Harbour quarter, phase two: revised schedule',
    counterpart: person(index).address,
    at: now - (200 - index * 7) * minute,
    outcome,
    folder: isThere ? (direction === 'sent' ? 'Sent Items' : 'INBOX') : null,
    uid: isThere ? 4711 + index : null,
    verifiedAt: isThere ? now - 20 * minute : null,
    reason: outcome === 'failed' ? 'server.throttled' : null,
  };
}
