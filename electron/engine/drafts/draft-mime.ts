import type { Identity } from '../../../shared/model/identity.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { DraftId, EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Database } from '../cache/database.ts';
import { attachedFiles, findAnswered, threadOfDraft } from '../cache/queries/draft-store.ts';
import { newThread, replyThread } from '../conversation/reply-headers.ts';
import { composeMessage } from '../mime/compose.ts';
import type { Random } from '../ports.ts';

/** By which a version of a draft of ours is known in a Drafts folder, to every laptop of the person. */
export function draftMessageId(id: DraftId, version: EpochMs, address: string): InternetMessageId {
  return `relevo-draft.${id}.${version}@${address.slice(address.lastIndexOf('@') + 1)}` as InternetMessageId;
}

/** Whether one of the person's laptops put it there. */
export function isOfOurs(internetMessageId: string): boolean {
  return /^relevo-draft\.[0-9a-f-]{36}\.\d+@/.test(internetMessageId);
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
    text: draft.text,
    attachments: attachedFiles(db, draft.id),
    internetMessageId: draftMessageId(draft.id, draft.updatedAt, draft.from),
    sentAt: draft.updatedAt,
    thread:
      threadOfDraft(db, draft.id) ??
      (answered === null
        ? newThread(draft.subject, draft.updatedAt, random)
        : replyThread(answered, draft.updatedAt, random)),
  });
}
