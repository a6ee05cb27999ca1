import {
  endsLongIdling,
  limitsConnections,
  saysByeWhileIdling,
  throttlesForLong,
} from './connection-quirks.ts';
import {
  addsCapabilitiesAfterSignIn,
  dropsUnknownHeaders,
  localisesFolders,
  marksFoldersInPlainList,
  omitsNewUids,
  renamesMessages,
} from './mailbox-quirks.ts';
import { answer, type Conversation, count, type Quirk } from './quirk.ts';
import { type Line, type Piece, textOf, withText } from './wire.ts';

const literalsOf = ({ pieces }: Line): readonly Buffer[] =>
  pieces.filter((piece): piece is Buffer => typeof piece !== 'string');

const systemFlags = /^\\(Seen|Answered|Flagged|Deleted|Draft)$|^\$MDNSent$/i;

/** The sign-in is done: what comes before may not be disturbed, or nobody gets in at all. */
const isSignedIn = ({ commands }: Conversation): boolean => commands > 3;

/**
 * Flags given with APPEND are lost to Outlook, all but \Seen. Here they are not stored at all, which is what a second
 * look from there finds.
 */
export const dropsFlagsOnAppend: Quirk = {
  name: 'dropsFlagsOnAppend',
  source: 'imapsync, FAQ.Exchange: \\Flagged has to be stored afterwards',
  command: ({ name, line }) =>
    name === 'APPEND'
      ? withText(line, (text) => text.replace(/\((\\[^)]*)\)/, (_, flags: string) => `(${seenOf(flags)})`))
      : line,
};
const seenOf = (flags: string): string => (/\\Seen/i.test(flags) ? '\\Seen' : '');

export const refusesKeywords: Quirk = {
  name: 'refusesKeywords',
  source: 'MS-STANXIMAP 2.2.4; mu#1384',
  command: (command, conversation) => {
    const [, flags = ''] = /FLAGS(?:\.SILENT)? \(?([^)]*)\)?$/i.exec(textOf(command.line)) ?? [];
    const unknown = flags.split(' ').some((flag) => flag !== '' && !systemFlags.test(flag));
    return command.name === 'STORE' && unknown
      ? answer(command, conversation, 'BAD Command Argument Error. 11')
      : command.line;
  },
};

/** Offers IMAP4rev2; whoever enables it cannot search any more. */
export const breaksSearchUnderRev2: Quirk = {
  name: 'breaksSearchUnderRev2',
  source: 'MailKit#2016',
  command: (command, conversation) => {
    const { name, line, tag } = command;
    if (name === 'ENABLE' && /IMAP4rev2/i.test(textOf(line))) {
      conversation.memory.set('rev2', 1);
      conversation.say('* ENABLED IMAP4rev2');
      return answer({ ...command, tag }, conversation, 'OK ENABLE completed.');
    }
    return name === 'SEARCH' && conversation.memory.has('rev2')
      ? answer(command, conversation, 'BAD Command Argument Error. 12')
      : line;
  },
  response: (line) =>
    withText(line, (text) => text.replace(/(CAPABILITY [^\]]*?)\bIDLE\b/, '$1ENABLE IMAP4rev2 IDLE')),
};

/** No Exchange, but a gateway before an Exchange of the house that can do more: CONDSTORE and QRESYNC. */
export const offersQresync: Quirk = {
  name: 'offersQresync',
  source: 'RFC 7162; gateways in front of Exchange',
  response: (line) =>
    withText(line, (text) => text.replace(/(CAPABILITY [^\]]*?)\bIDLE\b/, '$1ENABLE CONDSTORE QRESYNC IDLE')),
};

/** Its modification sequences go backwards, although the folder is the same. */
export const losesModSeq = (): Quirk => {
  let next = 1_000_000;
  return {
    name: 'losesModSeq',
    source: 'RFC 7162 section 3.1.2.1 allows it with a new UIDVALIDITY only',
    response: (line) =>
      withText(line, (text) => text.replace(/HIGHESTMODSEQ \d+/, () => `HIGHESTMODSEQ ${--next}`)),
  };
};

/** Tells of modification sequences that it does not offer, as Dovecot does once somebody has used them. */
export const leaksModSeq: Quirk = {
  name: 'leaksModSeq',
  source: 'Dovecot 2.3 with a shortened list of capabilities',
  response: (line, { pending }) =>
    pending?.name === 'SELECT'
      ? withText(line, (text) => text.replace(/\[UIDNEXT \d+\].*$/, '$&\r\n* OK [HIGHESTMODSEQ 1] Highest'))
      : line,
};

/** News comes before the invitation to wait for news. */
export const saysExistsBeforeIdling: Quirk = {
  name: 'saysExistsBeforeIdling',
  source: 'php-imap#258',
  response: (line, conversation) => {
    const text = textOf(line);
    const [, exists] = /^\* (\d+) EXISTS$/.exec(text) ?? [];
    if (exists !== undefined) conversation.memory.set('exists', Number(exists));
    const known = conversation.memory.get('exists');
    if (text.startsWith('+') && conversation.pending?.name === 'IDLE' && known !== undefined)
      conversation.say(`* ${known} EXISTS`);
    return line;
  },
};

/** The connection ends as a matter of routine, every fortieth command. */
export const endsConnectionsAsRoutine: Quirk = {
  name: 'endsConnectionsAsRoutine',
  source: 'node-imap#561',
  command: ({ line }, conversation) => {
    if (conversation.commands % 40 !== 0) return line;
    conversation.say('* BYE Connection is closed. 13');
    conversation.hangUp();
    return 'answered';
  },
};

/** Every twenty-fifth command is one too many. */
export const throttles: Quirk = {
  name: 'throttles',
  source: 'imapflow#142',
  command: (command, conversation) =>
    isSignedIn(conversation) && conversation.commands % 25 === 0
      ? answer(command, conversation, 'BAD Request is throttled. Suggested Backoff Time: 200 milliseconds')
      : command.line,
};

export const cutsAfterTenErrors: Quirk = {
  name: 'cutsAfterTenErrors',
  source: 'imapsync, FAQ.Exchange',
  response: (line, conversation) => {
    if (/^\S+ (NO|BAD) /.test(textOf(line)) && count(conversation, 'errors') >= 10) conversation.hangUp();
    return line;
  },
};

/** Signed in, and the mailbox is not there: a wrong sign-in or a backend that is down, Exchange says the same. */
export const isAuthenticatedButNotConnected: Quirk = {
  name: 'isAuthenticatedButNotConnected',
  source: 'imapflow#314',
  command: (command, conversation) =>
    ['LIST', 'SELECT', 'EXAMINE', 'STATUS', 'NOOP'].includes(command.name)
      ? answer(command, conversation, 'BAD User is authenticated but not connected.')
      : command.line,
};

export const liesAboutSizes: Quirk = {
  name: 'liesAboutSizes',
  source: 'Set-ImapSettings EnableExactRFC822Size; vandelay#12',
  response: (line) =>
    withText(line, (text) =>
      text.replace(/RFC822\.SIZE (\d+)/, (_, size: string) => `RFC822.SIZE ${Number(size) * 3}`),
    ),
};

/** A hundred thousand bytes here: what is large on a real one (10 to 150 MB) would only be slow. */
export const limitsAppends: Quirk = {
  name: 'limitsAppends',
  source: 'imapsync, FAQ.Exchange',
  command: (command, conversation) =>
    command.name === 'APPEND' && literalsOf(command.line).some(({ length }) => length > 100_000)
      ? answer(command, conversation, 'NO Maximum size of appendable message has been exceeded')
      : command.line,
};

export const refusesLongLinesInAppends: Quirk = {
  name: 'refusesLongLinesInAppends',
  source: 'imapsync, FAQ.Exchange: lines over about 9,900 characters',
  command: (command, conversation) =>
    command.name === 'APPEND' &&
    literalsOf(command.line).some((bytes) =>
      bytes
        .toString('latin1')
        .split('\n')
        .some(({ length }) => length > 9900),
    )
      ? answer(command, conversation, 'BAD Command Argument Error. 11')
      : command.line,
};

/** Says that it is unavailable, and means that the mailbox is full. */
export const sayUnavailableWhenFull: Quirk = {
  name: 'sayUnavailableWhenFull',
  source: 'imapsync, FAQ.Exchange',
  command: (command, conversation) =>
    command.name === 'APPEND' ? answer(command, conversation, 'NO Server Unavailable. 15') : command.line,
};

/** The mailbox is full, and the server says so (RFC 9208). */
export const isOverQuota: Quirk = {
  name: 'isOverQuota',
  source: 'RFC 9208 section 4.3.1',
  command: (command, conversation) =>
    command.name === 'APPEND'
      ? answer(command, conversation, 'NO [OVERQUOTA] The mailbox is full')
      : command.line,
};

export const limitsCommandLines: Quirk = {
  name: 'limitsCommandLines',
  source: 'Set-ImapSettings MaxCommandSize: 10,240 bytes',
  command: (command, conversation) =>
    textOf(command.line).length > 10_240
      ? answer(command, conversation, 'BAD Command line too long. 10')
      : command.line,
};

/** While somebody waits for news, every second piece of it is kept from them. */
export const missesPushes: Quirk = {
  name: 'missesPushes',
  source: 'reports of missing IDLE notifications',
  response: (line, conversation) => {
    const isNews = conversation.pending?.name === 'IDLE' && /^\* \d+ (EXISTS|EXPUNGE)$/.test(textOf(line));
    return isNews && count(conversation, 'news') % 2 === 1 ? null : line;
  },
};

export const permitsNoFlagsWhenExamined: Quirk = {
  name: 'permitsNoFlagsWhenExamined',
  source: 'MailKit#1446',
  response: (line, { pending }) =>
    pending?.name === 'EXAMINE'
      ? withText(line, (text) => text.replace(/PERMANENTFLAGS \([^)]*\)/, 'PERMANENTFLAGS ()'))
      : line,
};

/** A search forgets its newest hit. */
export const searchesUnreliably: Quirk = {
  name: 'searchesUnreliably',
  source: 'isync on Exchange 2010: fetches new UIDs instead of searching for them',
  response: (line) =>
    withText(line, (text) => (/^\* SEARCH .* \d+$/.test(text) ? text.replace(/ \d+$/, '') : text)),
};

/** The first message asked for in a round does not come, the first time it is asked for. */
export const fetchesNothingAtFirst: Quirk = {
  name: 'fetchesNothingAtFirst',
  source: 'MailKit#1615',
  response: (line, conversation) => {
    const [, uid] = /^\* \d+ FETCH \(.*\bUID (\d+)/.exec(textOf(line)) ?? [];
    const isBody = literalsOf(line).some(({ length }) => length > 0);
    if (uid === undefined || !isBody || Number(uid) % 5 !== 0) return line;
    return count(conversation, `fetched ${uid}`) === 1 ? null : line;
  },
};

/** In place of an item that it cannot render. */
const stub =
  'Subject: Retrieval using the IMAP4 protocol failed for the following message: 7\r\nFrom: Microsoft Exchange Server\r\n\r\nThe server couldn’t retrieve the following message.\r\n';

/** Every seventh message cannot be rendered. */
export const givesStubs: Quirk = {
  name: 'givesStubs',
  source: 'MailKit#152',
  response: (line) => {
    const [, uid] = /^\* \d+ FETCH \(.*\bUID (\d+)/.exec(textOf(line)) ?? [];
    if (uid === undefined || Number(uid) % 7 !== 0) return line;
    return { pieces: replaceBody(line.pieces, Buffer.from(stub)) };
  },
};

function replaceBody(pieces: readonly Piece[], body: Buffer): Piece[] {
  return pieces.map((piece, index) => {
    if (typeof piece !== 'string') return /BODY\[\] \{/.test(String(pieces[index - 1])) ? body : piece;
    return piece.replace(/(BODY\[\] )\{\d+\}\r\n$/, `$1{${body.length}}\r\n`);
  });
}

/** The same message, byte for byte another one. */
export const neverGivesTheSameBytes: Quirk = {
  name: 'neverGivesTheSameBytes',
  source: 'reported; unverified',
  response: (line, conversation) => {
    const [body] = literalsOf(line).filter(({ length }) => length > 100);
    if (body === undefined || !/BODY\[\] \{/.test(textOf(line))) return line;
    const header = Buffer.from(`X-MS-Exchange-Fetch: ${count(conversation, 'bodies')}\r\n`);
    return { pieces: replaceBody(line.pieces, Buffer.concat([header, body])) };
  },
};

/** A structure that no grammar knows. */
export const garblesBodystructure: Quirk = {
  name: 'garblesBodystructure',
  source: 'MailKit#919',
  response: (line) => withText(line, (text) => text.replace(/BODYSTRUCTURE \(/, 'BODYSTRUCTURE (NIL ')),
};

/** All that a session can live with: what works with these works with Exchange on a bad day. */
export const everydayQuirks: readonly Quirk[] = [
  dropsFlagsOnAppend,
  refusesKeywords,
  breaksSearchUnderRev2,
  saysExistsBeforeIdling,
  endsConnectionsAsRoutine,
  throttles,
  cutsAfterTenErrors,
  liesAboutSizes,
  refusesLongLinesInAppends,
  limitsCommandLines,
  missesPushes,
  permitsNoFlagsWhenExamined,
  fetchesNothingAtFirst,
  neverGivesTheSameBytes,
  garblesBodystructure,
  marksFoldersInPlainList,
  addsCapabilitiesAfterSignIn,
];

/** Those that take something away for good, each for a test of its own. */
export const grimQuirks: readonly Quirk[] = [
  isAuthenticatedButNotConnected,
  limitsAppends,
  sayUnavailableWhenFull,
  isOverQuota,
  searchesUnreliably,
  givesStubs,
  throttlesForLong,
  limitsConnections(16),
  endsLongIdling(30 * 60_000),
  saysByeWhileIdling,
  localisesFolders,
  omitsNewUids,
  renamesMessages,
  dropsUnknownHeaders,
];
