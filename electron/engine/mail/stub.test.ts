import { expect, it } from 'vitest';
import { isStub } from './stub.ts';

const words = 'Retrieval using the IMAP4 protocol failed for the following message: 752';
const message = (...lines: readonly string[]) => Buffer.from(lines.join('\r\n'));
const passedOn = ['Received: from a.example by b.example', 'Message-ID: <1@x.example>'];

it.each([
  [
    'by its subject',
    message(`Subject: ${words}`, 'From: Microsoft Exchange Server', '', 'The server couldn’t'),
  ],
  ['folded', message('From: "Microsoft Exchange Server" <>', 'Subject:', ` ${words}`, '', '')],
  ['by its words', message('Subject: x', '', words)],
  [
    'in German',
    message(
      'From: Microsoft Exchange Server 2016',
      'Subject: =?utf-8?Q?Fehler_beim_Abrufen_=C3=BCber_das_IMAP4-Protokoll_f=C3=BCr_die_Nachricht:?=',
      ' =?utf-8?Q?_752?=',
      '',
      '',
    ),
  ],
  [
    'in French, with an id',
    message(
      ...passedOn,
      'From: "Microsoft Exchange Server" <>',
      'Subject: =?iso-8859-1?Q?=C9chec_du_protocole_IMAP4_pour_le_message_suivant_:_752?=',
      '',
      '',
    ),
  ],
  ['with an id', message(...passedOn, 'From: microsoft@unknown', `Subject: ${words}`, '', 'x')],
])('tells a stub: %s', (_how, source) => expect(isStub(source)).toBe(true));

it.each([
  [
    'asks about one',
    message(...passedOn, 'From: anna@corp.example', `Subject: ${words}`, '', 'What is this?'),
  ],
  ['quotes one', message('Message-ID: <1@x.example>', 'From: anna@corp.example', 'Subject: Help', '', words)],
  ['is sent on', message(...passedOn, 'From: Microsoft Exchange Server', `Subject: FW: ${words}`, '', words)],
  [
    'answers one in German',
    message(
      ...passedOn,
      'From: Microsoft Exchange Server',
      'Subject: AW: Abrufen über das IMAP4-Protokoll: 752',
      '',
      'x',
    ),
  ],
  [
    'the product writes about its protocols',
    message('From: Microsoft Exchange Server', 'Subject: Your IMAP4 settings', '', 'x'),
  ],
  ['is about something else', message('Subject: Lunch', '', 'At noon?')],
])('takes for a mail what %s', (_what, source) => expect(isStub(source)).toBe(false));
