import type { AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { ImapSession } from '../mail/types.ts';
import type { Announce, Clock, IdentitySource, Logger, Random, Routes } from '../ports.ts';
import { type Worker } from '../worker.ts';
/** How long nothing is written before what was written goes to the server, in milliseconds. */
export declare const restMs = 10000;
export interface DraftFilingSetup {
    readonly account: {
        readonly id: AccountId;
    };
    readonly db: Database;
    readonly identities: Pick<IdentitySource, 'list'>;
    readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
    readonly routes: Routes;
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Logger;
    readonly announce: Announce;
}
/**
 * Keeps a copy of every draft in the Drafts folder of the current route, so that other programs and laptops have it, and
 * it is there again when the account is added anew. A convenience: what counts is in the database. A message that stands
 * in a folder never changes (RFC 3501 section 2.3.1.1), so that a new version is put beside the older one, seen, and only
 * then takes its place; and whoever edits it makes another message of it. What is made of that is ruled on by
 * `core/draft-conflicts.ts`.
 */
export declare function createDraftFiling(setup: DraftFilingSetup): Worker & {
    start(): void;
};
