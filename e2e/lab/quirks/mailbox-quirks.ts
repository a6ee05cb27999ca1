import { createHash } from 'node:crypto';
import type { Quirk } from './quirk.ts';
import { type Line, type Piece, textOf, withText } from './wire.ts';

/** As a German mailbox is called, in modified UTF-7 (RFC 3501 section 5.1.3). */
const germanNames: readonly (readonly [string, string])[] = [
  ['Sent Items', 'Gesendete Elemente'],
  ['Drafts', 'Entw&APw-rfe'],
  ['Deleted Items', 'Gel&APY-schte Elemente'],
  ['Junk Email', 'Junk-E-Mail'],
  ['Archive', 'Archiv'],
  ['Calendar', 'Kalender'],
  ['Contacts', 'Kontakte'],
];

/** Folders are called as the person's Outlook calls them, and no flag says what they are for. */
export const localisesFolders: Quirk = {
  name: 'localisesFolders',
  source: 'Get-MailboxFolderStatistics of localized mailboxes; plain LIST without SPECIAL-USE',
  command: ({ line }) =>
    withText(line, (text) =>
      germanNames.reduce(
        (changed, [name, german]) =>
          changed.replaceAll(`"${german}"`, `"${name}"`).replaceAll(` ${german}`, ` "${name}"`),
        text,
      ),
    ),
  response: (line) =>
    withText(line, (text) => {
      if (!/^\* (LIST|LSUB|STATUS) /.test(text)) return text;
      const [, folder] = germanNames.find(([name]) => endsWithName(text, name)) ?? [];
      const named = folder === undefined ? text : text.replace(/ ("[^"]*"|\S+)$/, ` "${folder}"`);
      return named.replace(/ \\(Sent|Drafts|Trash|Junk|Archive)\b/g, '');
    }),
};

const endsWithName = (text: string, name: string): boolean =>
  text.endsWith(` "${name}"`) || text.endsWith(` ${name}`);

/** What a folder is for stands in a plain LIST, although SPECIAL-USE is not offered. */
export const marksFoldersInPlainList: Quirk = {
  name: 'marksFoldersInPlainList',
  source: 'Exchange Online, by imapflow: it ignores them then',
  response: (line) =>
    withText(line, (text) => {
      const [, flag] = marks.find(([name]) => /^\* LIST /.test(text) && endsWithName(text, name)) ?? [];
      return flag === undefined ? text : text.replace(/^\* LIST \(/, `* LIST (${flag} `);
    }),
};
const marks: readonly (readonly [string, string])[] = [
  ['Sent Items', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Deleted Items', '\\Trash'],
  ['Junk Email', '\\Junk'],
];

/** Offers UIDPLUS, and does not say which UIDs messages have got. */
export const omitsNewUids: Quirk = {
  name: 'omitsNewUids',
  source: 'RFC 4315 section 3: a server need not know them',
  response: (line) =>
    withText(line, (text) => text.replace(/^(\S+ OK) \[(?:COPYUID|APPENDUID) [^\]]*\]/, '$1')),
};

/** Offers after the sign-in what nobody knows. */
export const addsCapabilitiesAfterSignIn: Quirk = {
  name: 'addsCapabilitiesAfterSignIn',
  source: 'MailKit#1494',
  response: (line, { pending }) =>
    withText(line, (text) =>
      pending !== null && ['LOGIN', 'AUTHENTICATE'].includes(pending.name)
        ? text.replace(
            /(CAPABILITY [^\]]*)\]/,
            '$1 CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE]',
          )
        : text,
    ),
};

/** Gives every message another Message-ID, and keeps the one it had beside it. */
export const renamesMessages: Quirk = {
  name: 'renamesMessages',
  source: 'chatmail/core#2250: Outlook.com',
  response: (line) =>
    / FETCH \(/.test(textOf(line))
      ? withLiterals(line, (text) =>
          text.replace(/^Message-ID: <([^>]+)>/im, (_, id: string) => {
            const name = createHash('sha256').update(id).digest('hex').slice(0, 20);
            return `Message-ID: <${name}@outlook.example>\r\nX-Microsoft-Original-Message-ID: <${id}>`;
          }),
        )
      : line,
};

/** Changes literals, and what announces them. */
function withLiterals({ pieces }: Line, change: (text: string) => string): Line {
  const changed = pieces.map(
    (piece): Piece =>
      typeof piece === 'string' ? piece : Buffer.from(change(piece.toString('latin1')), 'latin1'),
  );
  return {
    pieces: changed.map((piece, index) => {
      const next = changed[index + 1];
      return typeof piece === 'string' && Buffer.isBuffer(next)
        ? piece.replace(/\{\d+(\+?)\}\r\n$/, `{${next.length}$1}\r\n`)
        : piece;
    }),
  };
}

/** A gateway in front of the mailbox lets none of the X- headers through that it does not know. */
export const dropsUnknownHeaders: Quirk = {
  name: 'dropsUnknownHeaders',
  source: 'not reported of Exchange; header filters of gateways',
  command: ({ name, line }) => (name === 'APPEND' ? withLiterals(line, withoutOurHeaders) : line),
};

const withoutOurHeaders = (text: string): string => text.replace(/^X-Relevo-[^\r\n]*\r\n/gm, '');
