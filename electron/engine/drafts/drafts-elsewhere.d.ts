import { type AppError } from '../../../shared/errors.ts';
import type { AccountId, MessageId } from '../../../shared/model/ids.ts';
import type { Draft, DraftElsewhere } from '../../../shared/model/outgoing.ts';
import { type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { Announce, Clock, IdentitySource, Random } from '../ports.ts';
interface DraftsElsewhereSetup {
    readonly account: {
        readonly id: AccountId;
    };
    readonly db: Database;
    readonly identities: Pick<IdentitySource, 'list'>;
    readonly clock: Clock;
    readonly random: Random;
    readonly announce: Announce;
}
/** Drafts in Exchange's Drafts that were begun in another program, on another laptop, or before the account was added anew. */
export interface DraftsElsewhere {
    /** As sync has seen them last, with Exchange or without. */
    list(): readonly DraftElsewhere[];
    /**
     * Makes one a draft here. What stands in Exchange is tied to it: it goes once the draft was sent or discarded; an older
     * version of a laptop of the person's, when the newer one stands there. `notFound`: it is gone, or is one here already.
     */
    continue(messageId: MessageId): Result<Draft, AppError>;
}
export declare function createDraftsElsewhere(setup: DraftsElsewhereSetup): DraftsElsewhere;
export {};
