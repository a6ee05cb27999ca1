import type { Identity } from '../../../shared/model/identity.ts';
import type { DraftId, EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Database } from '../cache/database.ts';
import type { Random } from '../ports.ts';
/** By which a version of a draft of ours is known in a Drafts folder, to every laptop of the person. */
export declare function draftMessageId(id: DraftId, version: EpochMs, address: string): InternetMessageId;
/** Whether one of the person's laptops put it there. */
export declare function isOfOurs(internetMessageId: string): boolean;
/** A draft as other programs open it: it may have no recipient yet, and its Bcc is in it. */
export declare function composeDraft(db: Database, draft: Draft, identities: readonly Identity[], random: Random): Promise<Uint8Array>;
