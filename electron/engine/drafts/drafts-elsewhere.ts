import { type AppError, appError } from '../../../shared/errors.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { AccountId, DraftAttachmentId, DraftId, MessageId } from '../../../shared/model/ids.ts';
import type { Draft, DraftElsewhere, DraftKind } from '../../../shared/model/outgoing.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { richTextOf } from '../cache/draft-body.ts';
import { fingerprintOfStored } from '../cache/identity.ts';
import {
  findDraftElsewhere,
  findReferred,
  listDraftsElsewhere,
  noteDraftCopy,
} from '../cache/queries/draft-copy-store.ts';
import {
  attachFile,
  filesOfMessage,
  findAnswered,
  findDraft,
  htmlOfMessage,
  insertDraft,
  setThreadOfDraft,
} from '../cache/queries/draft-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import { newThread } from '../conversation/reply-headers.ts';
import { topicOf } from '../conversation/subject.ts';
import type { Announce, Clock, IdentitySource, Random } from '../ports.ts';
import { versionOfOurs } from './draft-mime.ts';

interface DraftsElsewhereSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly identities: Pick<IdentitySource, 'list'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly announce: Announce;
}

/** Drafts in the Drafts folders of Exchange and continuity that were begun in another program, on another laptop, or before the account was added anew. */
export interface DraftsElsewhere {
  /** As sync has seen them last, with Exchange or without; of several versions of a laptop's, the newest. */
  list(): readonly DraftElsewhere[];
  /**
   * Makes one a draft here. What stands there is tied to it: it goes once the draft was sent or discarded; an older
   * version of a laptop of the person's, when the newer one stands there. `notFound`: it is gone, or is one here already.
   */
  continue(messageId: MessageId): Result<Draft, AppError>;
}

export function createDraftsElsewhere(setup: DraftsElsewhereSetup): DraftsElsewhere {
  const { account, db, identities, clock, random, announce } = setup;

  function adopt(messageId: MessageId): DraftId | null {
    const place = findDraftElsewhere(db, account.id, messageId);
    const begun = findAnswered(db, messageId);
    const fingerprint = fingerprintOfStored(db, messageId);
    if (place === null || begun === null || fingerprint === null) return null;
    const id = random.uuid() as DraftId;
    const now = clock.now();
    const parentId = findReferred(db, account.id, begun.references);
    const own = identities.list();
    const from = own.find(({ address }) => isSameAddress(address, begun.from.address)) ?? own[0];
    insertDraft(db, {
      id,
      accountId: account.id,
      kind: parentId === null ? 'new' : kindOf(begun.subject),
      parentId,
      from: from.address,
      to: begun.to,
      cc: begun.cc,
      bcc: begun.bcc,
      subject: begun.subject,
      text: begun.text,
      ...richTextOf(htmlOfMessage(db, messageId)),
      updatedAt: now,
    });
    for (const file of filesOfMessage(db, messageId))
      attachFile(db, id, random.uuid() as DraftAttachmentId, file);
    if (parentId === null && begun.references.length > 0) {
      const { threadIndex, threadTopic } = newThread(begun.subject, now, random);
      setThreadOfDraft(db, id, {
        inReplyTo: begun.references.at(-1) ?? null,
        references: begun.references,
        threadIndex: begun.threadIndex ?? threadIndex,
        threadTopic: begun.threadTopic ?? threadTopic,
      });
    }
    noteDraftCopy(db, account.id, {
      draftId: id,
      ...place,
      version: now,
      isOurs: versionOfOurs(place.internetMessageId) !== null,
      notedAt: now,
      fingerprint,
    });
    return id;
  }

  return {
    list: () => newestVersions(listDraftsElsewhere(db, account.id)),
    continue: (messageId) => {
      try {
        const id = db.transaction(() => adopt(messageId)).immediate();
        const draft = id === null ? null : findDraft(db, id);
        if (draft === null) return err(appError('notFound', 'never'));
        announce('drafts');
        announce('conversations');
        return ok(draft);
      } catch (error) {
        return err(classifyStorageError(error));
      }
    },
  };
}

/** An outage leaves the version that Exchange had beside the one that continuity has. */
function newestVersions(all: ReturnType<typeof listDraftsElsewhere>): readonly DraftElsewhere[] {
  const versions = all.map(({ internetMessageId, ...draft }) => ({
    draft,
    ours: versionOfOurs(internetMessageId),
  }));
  const isOlder = (ours: ReturnType<typeof versionOfOurs>): boolean =>
    ours !== null &&
    versions.some((one) => one.ours?.draftId === ours.draftId && one.ours.version > ours.version);
  return versions.filter(({ ours }) => !isOlder(ours)).map(({ draft }) => draft);
}

/** Nothing else says what it was begun as. */
function kindOf(subject: string): DraftKind {
  const isForwarded = /^\s*(?:fwd?|wg|tr|rv|i)\s*:/i.test(subject) && topicOf(subject) !== subject;
  return isForwarded ? 'forward' : 'reply';
}
