import type { Address } from '../../../shared/model/address.ts';
import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import {
  attachmentPrint,
  compareFingerprints,
  compareHeaders,
  type Fingerprint,
  fingerprintOf,
  type Likeness,
  type StableHeaders,
  stableHeaders,
  wordsOf,
} from '../mime/fingerprint.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { decompress } from './compression.ts';
import type { Database } from './database.ts';

/** A Date header further ahead of the arrival than this is wrong, and would stand at the head of the list for years. */
const maximumAhead = 24 * 60 * 60 * 1000;

export interface KnownMessage {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  /** It was changed where it stands: the same message, which says something else now. */
  readonly isEdited: boolean;
}

/** The Date header where it can be believed; null: missing, impossible or far ahead of the arrival. */
export function believedDate({ sentAt }: Pick<ParsedMessage, 'sentAt'>, receivedAt: EpochMs): EpochMs | null {
  return sentAt === null || sentAt > receivedAt + maximumAhead ? null : sentAt;
}

/**
 * The message in the copy that this one is, if any.
 *
 * By its Message-ID, or by the one that it bore before a server renamed it: then neither may contradict the other in what
 * no server changes, so that two mails with one Message-ID stay two. One that has lost its place, and contradicts in
 * content only, was edited there (Exchange gives it a new UID then).
 * Without a Message-ID in common: one that is equal in everything and has lost its place, or was handed to a server and was
 * not met since.
 */
export function findMessage(
  db: Database,
  accountId: AccountId,
  parsed: ParsedMessage,
  { receivedAt, isFromServer }: { readonly receivedAt: EpochMs; readonly isFromServer: boolean },
): KnownMessage | null {
  const named = messagesNamed(db, accountId, [parsed.internetMessageId, parsed.originalMessageId]);
  const mine = fingerprintOf({ ...parsed, sentAt: believedDate(parsed, receivedAt) });
  const likeness = new Map(
    named.map((candidate) => [candidate, compareFingerprints(mine, storedFingerprint(db, candidate))]),
  );
  const best = named.find(is(likeness, 'equal')) ?? named.find(is(likeness, 'alike'));
  if (best !== undefined) return { ...best, isEdited: false };
  const edited = named.filter(
    (candidate) =>
      candidate.fromAddress.toLowerCase() === mine.from &&
      mine.sentAt !== null &&
      sameSecond(candidate.sentAt, mine.sentAt) &&
      hasLostEveryPlace(db, candidate.messageId),
  );
  const [only] = edited;
  if (only !== undefined && edited.length === 1) return { ...only, isEdited: true };
  const renamed = isFromServer ? renamedMessage(db, accountId, mine) : null;
  return renamed === null ? null : { ...renamed, isEdited: false };
}

/**
 * The message without a place whose headers these are (RFC 4549 section 4.1); null also where they tell not enough, and
 * the content has to. `header` is what was parsed of the headers alone.
 */
export function homelessMessage(
  db: Database,
  accountId: AccountId,
  header: ParsedMessage,
  receivedAt: EpochMs,
): MessageId | null {
  const mine = stableHeaders({ ...header, sentAt: believedDate(header, receivedAt) });
  const candidates = isWithoutId(header)
    ? messagesOfSecond(db, accountId, mine.sentAt ?? receivedAt).filter(isWithoutId)
    : messagesNamed(db, accountId, [header.internetMessageId, header.originalMessageId]);
  const alike = candidates.filter(
    (candidate) => compareHeaders(mine, storedHeaders(candidate)) !== 'different',
  );
  const [only] = alike;
  return only !== undefined && alike.length === 1 && hasLostAPlace(db, only.messageId)
    ? only.messageId
    : null;
}

/** What is stored of a message that tells it from others; null: there is no such message. */
export function fingerprintOfStored(db: Database, messageId: MessageId): Fingerprint | null {
  const [stored] = db.prepare<[MessageId], StoredHeaders>(`${selectHeaders} WHERE id = ?`).all(messageId);
  return stored === undefined ? null : storedFingerprint(db, stored);
}

interface StoredHeaders {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly internetMessageId: string;
  readonly fromAddress: string;
  readonly sentAt: EpochMs;
  readonly subject: string;
  readonly recipients: string;
}

const selectHeaders = `SELECT id AS messageId, conversation_id AS conversationId, internet_message_id AS internetMessageId,
  from_address AS fromAddress, sent_at AS sentAt, subject, recipients FROM message`;

function messagesNamed(
  db: Database,
  accountId: AccountId,
  names: readonly (string | null)[],
): readonly StoredHeaders[] {
  const find = db.prepare<{ accountId: AccountId; name: string }, StoredHeaders>(
    `${selectHeaders} WHERE account_id = @accountId AND internet_message_id = @name
     UNION
     ${selectHeaders} WHERE account_id = @accountId AND original_message_id = @name`,
  );
  const found = new Map<MessageId, StoredHeaders>();
  for (const name of names)
    if (name !== null) for (const row of find.all({ accountId, name })) found.set(row.messageId, row);
  return [...found.values()].sort((a, b) => a.messageId - b.messageId);
}

function messagesOfSecond(db: Database, accountId: AccountId, at: EpochMs): readonly StoredHeaders[] {
  const second = Math.floor(at / 1000) * 1000;
  return db
    .prepare<[AccountId, EpochMs, EpochMs], StoredHeaders>(
      `${selectHeaders} WHERE account_id = ? AND sent_at BETWEEN ? AND ? ORDER BY id`,
    )
    .all(accountId, second, second + 999);
}

/** A server gave it another Message-ID and did not keep the old one, or it has none and its bytes were made anew. */
function renamedMessage(db: Database, accountId: AccountId, mine: Fingerprint): StoredHeaders | null {
  if (mine.sentAt === null) return null;
  return (
    messagesOfSecond(db, accountId, mine.sentAt).find(
      (candidate) =>
        compareHeaders(mine, storedHeaders(candidate)) === 'equal' &&
        (hasLostEveryPlace(db, candidate.messageId) || isOnItsWay(db, candidate.messageId)) &&
        compareFingerprints(mine, storedFingerprint(db, candidate)) === 'equal',
    ) ?? null
  );
}

/** Its name was made from what it says (`parseMessage`), which a header alone does not know. */
const isWithoutId = ({ internetMessageId }: { readonly internetMessageId: string }): boolean =>
  internetMessageId.endsWith('@no-message-id.invalid');

const is =
  (likeness: ReadonlyMap<StoredHeaders, Likeness>, wanted: Likeness) =>
  (candidate: StoredHeaders): boolean =>
    likeness.get(candidate) === wanted;

const sameSecond = (one: EpochMs, other: EpochMs): boolean =>
  Math.floor(one / 1000) === Math.floor(other / 1000);

const hasAPlace = (db: Database, messageId: MessageId): boolean =>
  db
    .prepare<[MessageId], 1>('SELECT 1 FROM copy WHERE message_id = ? AND uid > 0 LIMIT 1')
    .pluck()
    .get(messageId) === 1;

const hasLostAPlace = (db: Database, messageId: MessageId): boolean =>
  db
    .prepare<[MessageId], 1>('SELECT 1 FROM copy WHERE message_id = ? AND uid < 0 LIMIT 1')
    .pluck()
    .get(messageId) === 1;

const hasLostEveryPlace = (db: Database, messageId: MessageId): boolean =>
  hasLostAPlace(db, messageId) && !hasAPlace(db, messageId);

/** Written here, taken by a server as far as we know, and met nowhere yet. */
const isOnItsWay = (db: Database, messageId: MessageId): boolean =>
  db
    .prepare<{ messageId: MessageId }, 1>(
      `SELECT 1 FROM outgoing WHERE message_id = @messageId AND state IN ('handedOver', 'accepted', 'uncertain')
         AND NOT EXISTS (SELECT 1 FROM copy WHERE message_id = @messageId)`,
    )
    .pluck()
    .get({ messageId }) === 1;

function storedHeaders(stored: StoredHeaders): StableHeaders {
  const { to, cc } = JSON.parse(stored.recipients) as {
    readonly to: readonly Address[];
    readonly cc: readonly Address[];
  };
  return stableHeaders({ ...stored, from: { name: '', address: stored.fromAddress }, to, cc });
}

function storedFingerprint(db: Database, stored: StoredHeaders): Fingerprint {
  const text = db
    .prepare<[MessageId], Buffer>('SELECT text FROM message_body WHERE message_id = ?')
    .pluck()
    .get(stored.messageId);
  const attachments = db
    .prepare<[MessageId], { fileName: string; contentType: string; sha256: Buffer | null }>(
      'SELECT file_name AS fileName, content_type AS contentType, sha256 FROM attachment WHERE message_id = ? ORDER BY id',
    )
    .all(stored.messageId);
  return {
    ...storedHeaders(stored),
    words: text === undefined ? [] : wordsOf(decompress(text).toString('utf8')),
    attachments: attachments.map(({ fileName, contentType, sha256 }) =>
      attachmentPrint(fileName, contentType, sha256),
    ),
  };
}
