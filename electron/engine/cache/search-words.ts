import type { Address } from '../../../shared/model/address.ts';
import type { AccountId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { fold, isUnspacedWord, pairsOf, wordsOf } from '../../../shared/search/fold.ts';
import { decodeText } from '../mime/charset.ts';
import { htmlToText } from '../mime/html-text.ts';
import { decompress } from './compression.ts';
import type { Database } from './database.ts';

/** Characters; more of one message is not searched for. */
const searchedLength = 400_000;
/** Bytes, of a text that is attached. */
const largestText = 500_000;
const shortestLonger = 4;
const longestLonger = 40;

/** What the index has of a message: the same whenever it is asked for, as long as its rows are the same. */
export interface SearchedMessage {
  readonly accountId: AccountId;
  readonly sentAt: EpochMs;
  /** Bytes, about. */
  readonly size: number;
  readonly hasFiles: boolean;
  /** In the order of the index's columns. */
  readonly columns: readonly string[];
}

interface Row {
  readonly accountId: AccountId;
  readonly sentAt: EpochMs;
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly recipients: string;
  readonly text: Buffer;
}

interface FileRow {
  readonly fileName: string;
  readonly contentType: string;
  readonly isInline: 0 | 1;
  readonly size: number;
  readonly content: Buffer | null;
}

/** Null: the message is not here. */
export function searchedMessage(db: Database, messageId: MessageId): SearchedMessage | null {
  const row = db
    .prepare<[MessageId], Row>(
      `SELECT message.account_id AS accountId, sent_at AS sentAt, subject, from_name AS fromName,
              from_address AS fromAddress, recipients, text
       FROM message JOIN message_body ON message_id = message.id WHERE message.id = ?`,
    )
    .get(messageId);
  if (row === undefined) return null;
  const files = db
    .prepare<[MessageId], FileRow>(
      `SELECT file_name AS fileName, content_type AS contentType, is_inline AS isInline, size,
              iif(${isText}, content, NULL) AS content
       FROM attachment LEFT JOIN attachment_content USING (account_id, sha256)
       WHERE message_id = ? ORDER BY attachment.id`,
    )
    .all(messageId);
  const {
    to = [],
    cc = [],
    bcc = [],
  } = JSON.parse(row.recipients) as Partial<Record<'to' | 'cc' | 'bcc', readonly Address[]>>;
  const text = decompress(row.text).toString('utf8');
  return {
    accountId: row.accountId,
    sentAt: row.sentAt,
    size: text.length + files.reduce((sum, { size }) => sum + size, 0),
    hasFiles: files.some(({ isInline }) => isInline === 0),
    columns: [
      row.subject,
      people([{ name: row.fromName, address: row.fromAddress }]),
      people(to),
      people([...cc, ...bcc]),
      text.slice(0, searchedLength),
      files.map(({ fileName }) => fileName).join('\n'),
      files.map(textOf).join('\n').slice(0, searchedLength),
    ].map(indexed),
  };
}

/** Whether a file's own text is in the index while it is here. */
export const isText = `(size <= ${largestText} AND (content_type LIKE 'text/%' OR content_type IN
  ('application/json', 'application/xml', 'application/rtf')))`;

function textOf({ contentType, content }: FileRow): string {
  if (content === null) return '';
  const text = decodeText(decompress(content), null);
  return contentType === 'text/html' ? htmlToText(text) : text;
}

const people = (list: readonly Address[]): string =>
  list.map(({ name, address }) => `${name} ${address}`).join('\n');

/** What is written into the index for a text. */
export function indexed(text: string): string {
  const folded = fold(text);
  return isAscii(folded)
    ? folded
    : wordsOf(folded)
        .flatMap((word) => (isUnspacedWord(word) ? pairsOf(word) : [word]))
        .join(' ');
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** The words in which others may be found. */
export function longerWords(columns: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const column of columns)
    for (const [word] of column.matchAll(/[\p{L}\p{N}\p{M}]+/gu))
      if (word.length >= shortestLonger && word.length <= longestLonger && !isUnspacedWord(word))
        words.add(word);
  return words;
}
