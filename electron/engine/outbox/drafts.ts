import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Address } from '../../../shared/model/address.ts';
import { type Identity, isSameAddress } from '../../../shared/model/identity.ts';
import type {
  DraftAttachmentId,
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../../shared/model/ids.ts';
import type { Draft, DraftKind, DraftStart, HeldMessage } from '../../../shared/model/outgoing.ts';
import { swapSignature } from '../../../shared/model/signature.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { bodyOfDraft, shows } from '../cache/draft-body.ts';
import { storeMessage } from '../cache/messages.ts';
import { noteFlagChange } from '../cache/queries/conversation-store.ts';
import {
  type AnsweredMessage,
  type AttachedFile,
  attachedFile,
  attachedFiles,
  attachFile,
  bringBackDraft,
  deleteDraft,
  detachFile,
  filesOfMessage,
  findAnswered,
  findDraft,
  findReturned,
  htmlOfMessage,
  insertDraft,
  listDrafts,
  noteOnItsWay,
  savedQuotation,
  threadOfDraft,
  touchDraft,
  updateDraft,
} from '../cache/queries/draft-store.ts';
import { noteForwarding } from '../cache/queries/forwarding-store.ts';
import {
  findOutgoing,
  insertOutgoing,
  maxSizeOf,
  noteRefusalsKnown,
  type RecipientOutcome,
  recipientOutcomes,
} from '../cache/queries/outbox-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import { newThread, replyThread } from '../conversation/reply-headers.ts';
import { forwardSubject, replySubject } from '../conversation/subject.ts';
import type { Envelope } from '../mail/types.ts';
import { composeMessage } from '../mime/compose.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ParsedMessage } from '../mime/types.ts';
import type { Announce, Clock, IdentitySource, Random } from '../ports.ts';
import { isOneself, pickIdentity } from './core/pick-identity.ts';
import { asFile, attachFilesOf, keepThreadOf } from './pass-on.ts';
import { forwarded, forwardedHtml, quotationHtml, quotation as quotationOf } from './quotation.ts';
import { answerRecipients, envelopeAddress, envelopeRecipients } from './recipients.ts';
import { happen } from './transition.ts';

export interface DraftsOptions {
  readonly account: AccountSummary;
  readonly db: Database;
  readonly identities: Pick<IdentitySource, 'list'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly announce: Announce;
  readonly policy: { readonly undoSeconds: number };
  /** Called after a message has been queued, or is held. */
  readonly queued: () => void;
}

export interface DraftText {
  /** The address of the identity. Whatever it is, it is kept: sending asks whether it may be used. */
  readonly from: string;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string | null | undefined;
  /** Absent: as it was. */
  readonly quotedHtml?: string | null | undefined;
}

/** What a message that was sent is known by, and until when it can be taken back for certain. */
export interface SentDraft {
  readonly outgoingId: OutgoingId;
  readonly heldUntil: EpochMs | null;
}

/** What one account's person is writing. Errors of all: `notFound`, `storage.full`, `storage.failed`. */
export interface Drafts {
  list(): readonly Draft[];
  create(kind: DraftKind, parentId: MessageId | null): Result<Draft, AppError>;
  /** The same, and what takes its time: a message that goes along as a file, or is sent once more. */
  begin(start: DraftStart, parentId: MessageId | null): Promise<Result<Draft, AppError>>;
  save(id: DraftId, text: DraftText): Result<Draft, AppError>;
  discard(id: DraftId): Result<null, AppError>;
  /**
   * Freezes the bytes and queues them. All or nothing, before any network: the message stands in its conversation and
   * in the outbox and the draft is no draft any more, or the draft stays. It is held until `leavesAt`, or, null, for as
   * long as policy lets it be taken back. `input.invalid` names the `field` that is wrong; of `size`, what Exchange takes
   * as `limit`. `identity.notAllowed`: not as this one, or not while mail leaves through the continuity provider.
   */
  send(id: DraftId, leavesAt?: EpochMs | null): Promise<Result<SentDraft, AppError>>;
  /** The bytes go into the database at once. `input.invalid` for `size`: more than all files of a message may have. */
  attach(id: DraftId, file: AttachedFile): Result<Draft, AppError>;
  detach(id: DraftId, attachmentId: DraftAttachmentId): Result<Draft, AppError>;
  readAttachment(id: DraftId, attachmentId: DraftAttachmentId): Result<AttachedFile, AppError>;
  /** Hostile until the window has cleaned and saved it. `notFound`: it quotes no HTML. */
  quotation(id: DraftId): Result<string, AppError>;
  /**
   * Makes a message that no server has a draft again. One that some have comes back for those who were refused.
   * `input.invalid`: it has left, or may have left.
   */
  takeBack(id: OutgoingId): Result<Draft, AppError>;
}

export function createDrafts(options: DraftsOptions): Drafts {
  const { account, db, clock, random, announce } = options;

  function find(id: DraftId): Result<Draft, AppError> {
    const draft = findDraft(db, id);
    return draft === null || draft.accountId !== account.id ? err(appError('notFound', 'never')) : ok(draft);
  }

  function create(kind: DraftKind, parentId: MessageId | null): Result<Draft, AppError> {
    const answered = parentId === null ? null : findAnswered(db, parentId);
    if (kind !== 'new' && answered?.accountId !== account.id) return err(appError('notFound', 'never'));
    const id = random.uuid() as DraftId;
    const filledIn = fillIn(kind, answered, options.identities.list());
    const stored = storing(() =>
      db
        .transaction(() => {
          insertDraft(db, {
            id,
            accountId: account.id,
            kind,
            parentId: kind === 'new' ? null : parentId,
            ...filledIn,
            updatedAt: clock.now(),
          });
          if (kind !== 'forward' || parentId === null) return;
          attachFilesOf(db, parentId, id, random);
        })
        .immediate(),
    );
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  async function begin(start: DraftStart, parentId: MessageId | null): Promise<Result<Draft, AppError>> {
    if (start === 'forwardAttached') return forwardAttached(parentId);
    return start === 'resend' ? resend(parentId) : create(start, parentId);
  }

  function ownMessage(id: MessageId | null): AnsweredMessage | null {
    const found = id === null ? null : findAnswered(db, id);
    return found?.accountId === account.id ? found : null;
  }

  async function forwardAttached(parentId: MessageId | null): Promise<Result<Draft, AppError>> {
    const message = ownMessage(parentId);
    if (message === null) return err(appError('notFound', 'never'));
    const file = await asFile(db, message);
    const { text, ...filledIn } = fillIn('new', null, options.identities.list());
    return beginWith(
      { ...filledIn, text, kind: 'forward', parentId: message.id, subject: forwardSubject(message.subject) },
      (id) => attachFile(db, id, random.uuid() as DraftAttachmentId, file),
    );
  }

  function resend(parentId: MessageId | null): Result<Draft, AppError> {
    const returned = parentId === null ? null : findReturned(db, parentId);
    const message = ownMessage(returned?.originalId ?? parentId);
    if (message === null || !message.isFromMe) return err(appError('notFound', 'never'));
    const failed = new Set(returned?.failed.map((address) => address.toLowerCase()));
    const missed = (people: readonly Address[]): readonly Address[] =>
      failed.size === 0 ? people : people.filter(({ address }) => failed.has(address.toLowerCase()));
    const [to, cc] = [missed(message.to), missed(message.cc)];
    const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
    const hidden = (returned?.failed ?? []).filter((address) => !named.has(address.toLowerCase()));
    const identities = options.identities.list();
    const from =
      identities.find(({ address }) => isSameAddress(address, message.from.address)) ?? identities[0];
    return beginWith(
      {
        kind: 'new',
        parentId: null,
        from: from.address,
        to,
        cc,
        // In no header: it was a blind copy, or somebody's address behind one of the names.
        bcc: named.size > 0 || hidden.length === 0 ? hidden.map(nameless) : [],
        ...(named.size === 0 && hidden.length > 0 ? { to: hidden.map(nameless) } : {}),
        subject: message.subject,
        text: message.text,
      },
      (id) => {
        keepThreadOf(db, message, id, random);
        attachFilesOf(db, message.id, id, random);
      },
    );
  }

  function beginWith(
    draft: DraftText & Pick<Draft, 'kind' | 'parentId'>,
    complete: (id: DraftId) => void,
  ): Result<Draft, AppError> {
    const id = random.uuid() as DraftId;
    const stored = storing(() =>
      db
        .transaction(() => {
          insertDraft(db, { id, accountId: account.id, ...draft, updatedAt: clock.now() });
          complete(id);
        })
        .immediate(),
    );
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  function save(id: DraftId, text: DraftText): Result<Draft, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    if (isAsSaved(found.value, text)) return found;
    const stored = storing(() =>
      db
        .transaction(() => {
          updateDraft(db, id, { ...text, updatedAt: clock.now() });
          takePictures(found.value, text.quotedHtml ?? null);
        })
        .immediate(),
    );
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  /** The pictures that a quotation shows are the draft's own from then on. */
  function takePictures({ id, parentId }: Draft, quotedHtml: string | null): void {
    if (quotedHtml === null || parentId === null) return;
    const has = new Set(attachedFiles(db, id).map(({ contentId }) => contentId));
    for (const file of filesOfMessage(db, parentId)) {
      if (file.contentId === null || file.contentId === undefined || has.has(file.contentId)) continue;
      if (shows(quotedHtml, file.contentId)) attachFile(db, id, random.uuid() as DraftAttachmentId, file);
    }
  }

  function quotation(id: DraftId): Result<string, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const { parentId, kind } = found.value;
    const saved = savedQuotation(db, id);
    if (saved !== null) return ok(saved);
    const answered = parentId === null ? null : findAnswered(db, parentId);
    const html = parentId === null ? null : htmlOfMessage(db, parentId);
    if (answered === null || html === null || kind === 'new') return err(appError('notFound', 'never'));
    return ok(kind === 'forward' ? forwardedHtml(answered, html) : quotationHtml(answered, html));
  }

  function readAttachment(id: DraftId, attachmentId: DraftAttachmentId): Result<AttachedFile, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const file = attachedFile(db, id, attachmentId);
    return file === null ? err(appError('notFound', 'never')) : ok(file);
  }

  function discard(id: DraftId): Result<null, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const stored = storing(() => deleteDraft(db, id));
    if (!stored.ok) return stored;
    announce('drafts');
    return ok(null);
  }

  function attach(id: DraftId, file: AttachedFile): Result<Draft, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const size = found.value.attachments.reduce(
      (sum, attachment) => sum + attachment.size,
      file.content.length,
    );
    if (size > maximumAttached)
      return err(appError('input.invalid', 'afterUserAction', { field: 'size', limit: maximumAttached }));
    return changing(id, () => attachFile(db, id, random.uuid() as DraftAttachmentId, file));
  }

  function detach(id: DraftId, attachmentId: DraftAttachmentId): Result<Draft, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    return changing(id, () => detachFile(db, id, attachmentId));
  }

  function changing(id: DraftId, change: () => unknown): Result<Draft, AppError> {
    const stored = storing(() =>
      db
        .transaction(() => {
          change();
          touchDraft(db, id, clock.now());
        })
        .immediate(),
    );
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  function takeBack(id: OutgoingId): Result<Draft, AppError> {
    const stored = storing(() =>
      db
        .transaction(() => {
          const outgoing = findOutgoing(db, id);
          if (outgoing === null || outgoing.accountId !== account.id) return null;
          if (!['held', 'queued', 'rejected', 'accepted'].includes(outgoing.state)) return outgoing.state;
          const outcomes = recipientOutcomes(db, id);
          const now = clock.now();
          const draft = bringBackDraft(db, id, now);
          if (draft === null) return outgoing.state;
          if (outgoing.takenAt !== null) {
            const { to, cc, bcc } = leftOver(draft, outcomes);
            updateDraft(db, draft.id, { ...draft, to, cc, bcc, updatedAt: now });
          }
          happen(db, id, { kind: 'decided', decision: 'discard' }, now);
          noteRefusalsKnown(db, id, now);
          return draft;
        })
        .immediate(),
    );
    if (!stored.ok) return stored;
    if (stored.value === null) return err(appError('notFound', 'never'));
    if (typeof stored.value === 'string')
      return err(appError('input.invalid', 'never', { field: 'takeBack', state: stored.value }));
    for (const topic of ['drafts', 'outbox', 'conversations', 'ledger'] as const) announce(topic);
    return find(stored.value.id);
  }

  async function send(id: DraftId, leavesAt: EpochMs | null = null): Promise<Result<SentDraft, AppError>> {
    for (;;) {
      const found = find(id);
      if (!found.ok) return found;
      const frozen = await freeze(found.value, leavesAt);
      if (!frozen.ok) return frozen;
      const stored = storing(() => queue(found.value, frozen.value));
      if (!stored.ok) return stored;
      // The draft was changed or sent while it was being composed.
      if (stored.value === null) continue;
      announce('drafts');
      announce('outbox');
      announce('conversations');
      options.queued();
      return ok({ outgoingId: stored.value, heldUntil: frozen.value.held?.heldUntil ?? null });
    }
  }

  async function freeze(draft: Draft, leavesAt: EpochMs | null): Promise<Result<Frozen, AppError>> {
    const recipients = envelopeRecipients(draft);
    if (!recipients.ok) return recipients;
    const { list } = options.identities;
    const identity = list().find(({ address }) => isSameAddress(address, draft.from));
    if (identity === undefined) return err(appError('identity.notAllowed', 'afterUserAction'));
    if (identity.unavailable !== null)
      return err(appError('identity.notAllowed', 'later', { reason: identity.unavailable }));
    const { address, displayName } = identity;
    // Bounces go to whoever is answerable for it.
    const sender =
      identity.kind === 'onBehalf' ? { name: account.displayName, address: account.address } : null;
    const from = envelopeAddress(sender?.address ?? address);
    if (from === null) return err(appError('input.invalid', 'afterUserAction', { field: 'from' }));
    const at = clock.now();
    const held = holdFor(leavesAt, at);
    // Whoever gets it reads when it was sent, which is not when it was written.
    const now = held?.hold === 'scheduled' ? held.heldUntil : at;
    const answered = draft.parentId === null ? null : findAnswered(db, draft.parentId);
    const mime = await composeMessage({
      from: { name: displayName, address },
      sender,
      to: draft.to,
      cc: draft.cc,
      subject: draft.subject,
      ...bodyOfDraft(db, draft),
      internetMessageId: `${random.uuid()}@${from.slice(from.lastIndexOf('@') + 1)}` as InternetMessageId,
      sentAt: now,
      thread:
        threadOfDraft(db, draft.id) ??
        (answered === null ? newThread(draft.subject, now, random) : replyThread(answered, now, random)),
    });
    const limit = maxSizeOf(db, account.id, 'primary');
    if (limit !== null && mime.length > limit)
      return err(appError('input.invalid', 'afterUserAction', { field: 'size', limit }));
    const parsed = await parseMessage(mime);
    return ok({ envelope: { from, to: recipients.value }, mime, parsed, at, held });
  }

  function holdFor(leavesAt: EpochMs | null, now: EpochMs): HeldMessage | null {
    if (leavesAt !== null && leavesAt > now) return { hold: 'scheduled', heldUntil: leavesAt };
    const undoMs = options.policy.undoSeconds * 1000;
    return undoMs === 0 ? null : { hold: 'undo', heldUntil: now + undoMs };
  }

  function queue(draft: Draft, { envelope, mime, parsed, at, held }: Frozen): OutgoingId | null {
    const outgoingId = random.uuid() as OutgoingId;
    return db
      .transaction(() => {
        if (JSON.stringify(findDraft(db, draft.id)) !== JSON.stringify(draft)) return null;
        const { messageId } = storeMessage(db, {
          accountId: account.id,
          parsed,
          receivedAt: at,
          flags: ['\\Seen'],
          isFromMe: true,
          folderRole: null,
          keepSource: null,
        });
        insertOutgoing(db, {
          id: outgoingId,
          accountId: account.id,
          messageId,
          envelope,
          mime,
          createdAt: at,
          held,
          answers: answers(draft),
        });
        noteOnItsWay(db, draft.id, outgoingId);
        if (draft.parentId !== null && draft.kind === 'forward')
          noteForwarding(db, { accountId: account.id, outgoingId, messageId: draft.parentId });
        if (draft.parentId !== null && draft.kind !== 'forward')
          noteFlagChange(db, draft.parentId, '\\Answered', true, at);
        return outgoingId;
      })
      .immediate();
  }

  /** The message that this one makes answered; null when it makes none, or it was so before. */
  function answers({ parentId, kind }: Draft): MessageId | null {
    if (parentId === null || kind === 'forward') return null;
    return findAnswered(db, parentId)?.isAnswered === false ? parentId : null;
  }

  return {
    list: () => listDrafts(db, account.id),
    create,
    begin,
    save,
    discard,
    send,
    attach,
    detach,
    readAttachment,
    quotation,
    takeBack,
  };
}

/** Of all files of one message together, in bytes: more than any mail server takes. */
const maximumAttached = 150_000_000;

/** Those who have it not, by the fields they stand in. */
function leftOver(draft: Draft, outcomes: readonly RecipientOutcome[]): Pick<Draft, 'to' | 'cc' | 'bcc'> {
  const taken = new Set(
    outcomes.filter(({ outcome }) => outcome === 'taken').map(({ address }) => address.toLowerCase()),
  );
  const left = (people: readonly Address[]): readonly Address[] =>
    people.filter(({ address }) => !taken.has((envelopeAddress(address.trim()) ?? address).toLowerCase()));
  return { to: left(draft.to), cc: left(draft.cc), bcc: left(draft.bcc) };
}

interface Frozen {
  readonly envelope: Envelope;
  readonly mime: Uint8Array;
  readonly parsed: ParsedMessage;
  readonly at: EpochMs;
  readonly held: HeldMessage | null;
}

function fillIn(
  kind: DraftKind,
  answered: AnsweredMessage | null,
  identities: readonly [Identity, ...Identity[]],
): DraftText {
  const { address: from, signature } = pickIdentity(kind, answered, identities);
  const blank: DraftText = { from, to: [], cc: [], bcc: [], subject: '', text: '' };
  const ownAddresses = [from, ...identities.filter(isOneself).map(({ address }) => address)];
  const { text, ...rest } =
    kind === 'new' || answered === null ? blank : { ...blank, ...answerTo(kind, answered, ownAddresses) };
  return { ...rest, text: swapSignature(text, '', signature) };
}

function answerTo(
  kind: Exclude<DraftKind, 'new'>,
  answered: AnsweredMessage,
  ownAddresses: readonly string[],
): Partial<DraftText> {
  if (kind === 'forward') return { subject: forwardSubject(answered.subject), text: forwarded(answered) };
  return {
    ...answerRecipients(kind, answered, ownAddresses),
    subject: replySubject(answered.subject),
    text: quotationOf(answered),
  };
}

const nameless = (address: string): Address => ({ name: '', address });

/** Nothing was changed: then it stays the version that it is, also in the Drafts folder. */
function isAsSaved(draft: Draft, text: DraftText): boolean {
  if (text.quotedHtml !== undefined && text.quotedHtml !== null) return false;
  if ((text.html ?? null) !== draft.html) return false;
  if (draft.html !== null && text.quotedHtml === null && draft.quotesHtml) return false;
  return (['from', 'to', 'cc', 'bcc', 'subject', 'text'] as const).every(
    (field) => JSON.stringify(draft[field]) === JSON.stringify(text[field]),
  );
}

function storing<T>(write: () => T): Result<T, AppError> {
  try {
    return ok(write());
  } catch (error) {
    return err(classifyStorageError(error));
  }
}
