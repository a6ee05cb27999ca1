import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Address } from '../../../shared/model/address.ts';
import { type Identity, isSameAddress } from '../../../shared/model/identity.ts';
import type {
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../../shared/model/ids.ts';
import type { Draft, DraftKind } from '../../../shared/model/outgoing.ts';
import { swapSignature } from '../../../shared/model/signature.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { storeMessage } from '../cache/messages.ts';
import { noteFlagChange } from '../cache/queries/conversation-store.ts';
import {
  type AnsweredMessage,
  deleteDraft,
  findAnswered,
  findDraft,
  insertDraft,
  listDrafts,
  updateDraft,
} from '../cache/queries/draft-store.ts';
import { insertOutgoing } from '../cache/queries/outbox-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import { newThread, replyThread } from '../conversation/reply-headers.ts';
import { forwardSubject, replySubject } from '../conversation/subject.ts';
import type { Envelope } from '../mail/types.ts';
import { composeMessage } from '../mime/compose.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ParsedMessage } from '../mime/types.ts';
import type { Announce, Clock, IdentitySource, Random } from '../ports.ts';
import { isOneself, pickIdentity } from './core/pick-identity.ts';
import { forwarded, quotation } from './quotation.ts';
import { answerRecipients, envelopeAddress, envelopeRecipients } from './recipients.ts';

export interface DraftsOptions {
  readonly account: AccountSummary;
  readonly db: Database;
  readonly identities: Pick<IdentitySource, 'list'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly announce: Announce;
  /** Called after a message has been queued. */
  readonly queued: () => void;
}

export interface DraftText {
  /** The address of the identity. Whatever it is, it is kept: sending asks whether it may be used. */
  readonly from: string;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly text: string;
}

/** What one account's person is writing. Errors of all: `notFound`, `storage.full`, `storage.failed`. */
export interface Drafts {
  list(): readonly Draft[];
  create(kind: DraftKind, parentId: MessageId | null): Result<Draft, AppError>;
  save(id: DraftId, text: DraftText): Result<Draft, AppError>;
  discard(id: DraftId): Result<null, AppError>;
  /**
   * Freezes the bytes and queues them. All or nothing, before any network: the message stands in its conversation and
   * in the outbox and the draft is gone, or the draft stays. `input.invalid` names the `field` that is wrong;
   * `identity.notAllowed`: not as this one, or not while mail leaves through the continuity provider.
   */
  send(id: DraftId): Promise<Result<{ readonly outgoingId: OutgoingId }, AppError>>;
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
      insertDraft(db, {
        id,
        accountId: account.id,
        kind,
        parentId: kind === 'new' ? null : parentId,
        ...filledIn,
        updatedAt: clock.now(),
      }),
    );
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  function save(id: DraftId, text: DraftText): Result<Draft, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const stored = storing(() => updateDraft(db, id, { ...text, updatedAt: clock.now() }));
    if (!stored.ok) return stored;
    announce('drafts');
    return find(id);
  }

  function discard(id: DraftId): Result<null, AppError> {
    const found = find(id);
    if (!found.ok) return found;
    const stored = storing(() => deleteDraft(db, id));
    if (!stored.ok) return stored;
    announce('drafts');
    return ok(null);
  }

  async function send(id: DraftId): Promise<Result<{ readonly outgoingId: OutgoingId }, AppError>> {
    for (;;) {
      const found = find(id);
      if (!found.ok) return found;
      const frozen = await freeze(found.value);
      if (!frozen.ok) return frozen;
      const stored = storing(() => queue(found.value, frozen.value));
      if (!stored.ok) return stored;
      // The draft was changed or sent while it was being composed.
      if (stored.value === null) continue;
      announce('drafts');
      announce('outbox');
      announce('conversations');
      options.queued();
      return ok({ outgoingId: stored.value });
    }
  }

  async function freeze(draft: Draft): Promise<Result<Frozen, AppError>> {
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
    const now = clock.now();
    const answered = draft.parentId === null ? null : findAnswered(db, draft.parentId);
    const mime = await composeMessage({
      from: { name: displayName, address },
      sender,
      to: draft.to,
      cc: draft.cc,
      subject: draft.subject,
      text: draft.text,
      internetMessageId: `${random.uuid()}@${from.slice(from.lastIndexOf('@') + 1)}` as InternetMessageId,
      sentAt: now,
      thread: answered === null ? newThread(draft.subject, now, random) : replyThread(answered, now, random),
    });
    return ok({ envelope: { from, to: recipients.value }, mime, parsed: await parseMessage(mime), at: now });
  }

  function queue(draft: Draft, { envelope, mime, parsed, at }: Frozen): OutgoingId | null {
    const outgoingId = random.uuid() as OutgoingId;
    return db
      .transaction(() => {
        if (JSON.stringify(findDraft(db, draft.id)) !== JSON.stringify(draft)) return null;
        deleteDraft(db, draft.id);
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
        });
        if (draft.parentId !== null && draft.kind !== 'forward')
          noteFlagChange(db, draft.parentId, '\\Answered', true, at);
        return outgoingId;
      })
      .immediate();
  }

  return { list: () => listDrafts(db, account.id), create, save, discard, send };
}

interface Frozen {
  readonly envelope: Envelope;
  readonly mime: Uint8Array;
  readonly parsed: ParsedMessage;
  readonly at: EpochMs;
}

function fillIn(
  kind: DraftKind,
  answered: AnsweredMessage | null,
  identities: readonly [Identity, ...Identity[]],
): DraftText {
  const { address: from, signature } = pickIdentity(kind, answered, identities);
  const blank: DraftText = { from, to: [], cc: [], subject: '', text: '' };
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
    text: quotation(answered),
  };
}

function storing<T>(write: () => T): Result<T, AppError> {
  try {
    return ok(write());
  } catch (error) {
    return err(classifyStorageError(error));
  }
}
