import type { Identity } from '../../../shared/model/identity.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { DraftId, EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Database } from '../cache/database.ts';
import { bodyOfDraft } from '../cache/draft-body.ts';
import { findAnswered, threadOfDraft } from '../cache/queries/draft-store.ts';
import { newThread, replyThread } from '../conversation/reply-headers.ts';
import { composeMessage } from '../mime/compose.ts';
import type { Random } from '../ports.ts';

/** By which a version of a draft of ours is known in a Drafts folder, to every laptop of the person. */
export function draftMessageId(id: DraftId, version: EpochMs, address: string): InternetMessageId {
  return `relevo-draft.${id}.${version}@${address.slice(address.lastIndexOf('@') + 1)}` as InternetMessageId;
}

/** Which draft of which laptop it is a version of; null: no laptop of the person's put it there. */
export function versionOfOurs(
  internetMessageId: string,
): { readonly draftId: string; readonly version: EpochMs } | null {
  const [, draftId, version] = /^relevo-draft\.([0-9a-f-]{36})\.(\d+)@/.exec(internetMessageId) ?? [];
  return draftId === undefined ? null : { draftId, version: Number(version) };
}

/** A draft as other programs open it: it may have no recipient yet, and its Bcc is in it. */
export function composeDraft(
  db: Database,
  draft: Draft,
  identities: readonly Identity[],
  random: Random,
): Promise<Uint8Array> {
  const answered = draft.parentId === null ? null : findAnswered(db, draft.parentId);
  const identity = identities.find(({ address }) => isSameAddress(address, draft.from));
  return composeMessage({
    from: { name: identity?.displayName ?? '', address: draft.from },
    sender: null,
    to: draft.to,
    cc: draft.cc,
    keptBcc: draft.bcc,
    subject: draft.subject,
    ...bodyOfDraft(db, draft),
    internetMessageId: draftMessageId(draft.id, draft.updatedAt, draft.from),
    sentAt: draft.updatedAt,
    thread:
      threadOfDraft(db, draft.id) ??
      (answered === null
        ? newThread(draft.subject, draft.updatedAt, random)
        : replyThread(answered, draft.updatedAt, random)),
  });
}
