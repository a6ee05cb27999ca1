import { createHash } from 'node:crypto';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { loadBulletins, saveBulletin } from '../cache/queries/bulletin-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Clock, Logger } from '../ports.ts';
import { bulletinsIn, largestBoard, readBulletin } from './bulletin-format.ts';
import {
  isMeantFor,
  type Person,
  type Refusal,
  refusalOf,
  type Standing,
  standing,
  type Taken,
} from './core/bulletin.ts';
import { placeOf } from './core/pace.ts';

/** Where bulletins came from. */
export type BulletinSource = 'board' | 'mail' | 'file';

export interface BulletinsOptions {
  readonly account: { readonly id: AccountId; readonly address: string };
  readonly db: Database;
  readonly platform: string;
  /** Read whenever it is needed. */
  readonly policy: {
    readonly keys: readonly string[];
    readonly graveKeys: readonly string[];
    readonly groups: readonly string[];
    readonly spreadSeconds: number;
  };
  readonly clock: Clock;
  readonly log: Logger;
  /** What holds may be different. */
  readonly changed: () => void;
}

/** The bulletins of one account: which are believed, and what they mean now. */
export interface Bulletins {
  /** Bulletins as they were found, one on each line. Whatever they are, they do no harm. */
  take(board: string, source: BulletinSource): Promise<void>;
  standing(): Standing;
}

/** Anybody can send nonsense by mail: so much of it is told, each time. */
const mostLines = 10;
/** What was refused is not said twice; forgotten when there is too much of it. */
const remembered = 1000;
/** What was taken on more matters than these is kept for ever, and nothing new is taken. */
const mostMatters = 1000;

export function createBulletins(options: BulletinsOptions): Bulletins {
  const { account, db, policy, clock, log } = options;
  // Saved by this very program; the schema's migrations change it when its type changes.
  const taken = new Map(
    (loadBulletins(db, account.id) as readonly Taken[]).map((each) => [each.bulletin.matter, each]),
  );
  const told = new Set<string>();
  /** Lines that what is being taken may still add to the log. */
  let linesLeft = 0;
  let queue: Promise<void> = Promise.resolve();

  /** Logs once, however often it comes. */
  function refuse(reason: Refusal | 'scope', jws: string, source: BulletinSource): void {
    const name = `${reason} ${createHash('sha256').update(jws).digest('base64')}`;
    if (told.has(name) || linesLeft === 0) return;
    linesLeft -= 1;
    if (told.size >= remembered) told.clear();
    told.add(name);
    log.warn('bulletin refused', { reason, source });
  }

  async function takeOne(jws: string, source: BulletinSource): Promise<void> {
    const read = await readBulletin(jws);
    if (!read.ok) return refuse(read.error, jws, source);
    const { bulletin, key } = read.value;
    const known = taken.get(bulletin.matter) ?? null;
    // The very one that is known, from another place or once more.
    if (known?.key === key && JSON.stringify(known.bulletin) === JSON.stringify(bulletin)) return;
    const refusal = refusalOf(bulletin, key, known, policy, clock.now());
    if (refusal !== null) return refuse(refusal, jws, source);
    if (known === null && taken.size >= mostMatters) return refuse('oversized', jws, source);
    const former = known === null ? null : { kind: known.bulletin.kind, window: known.bulletin.window };
    const fresh: Taken = { bulletin, key, former, takenAt: clock.now() };
    try {
      saveBulletin(db, account.id, bulletin.matter, fresh);
    } catch (error) {
      // It holds all the same until the next start, and by then it is asked for again.
      log.warn('bulletin not saved', { code: classifyStorageError(error).code });
    }
    taken.set(bulletin.matter, fresh);
    const { kind, sequence } = bulletin;
    log.info('bulletin taken', { kind, sequence, source });
    if (!isMeantFor(bulletin, person())) refuse('scope', jws, source);
  }

  const person = (): Person => ({
    address: account.address.toLowerCase(),
    groups: policy.groups,
    platform: options.platform,
  });

  return {
    take: (board, source) => {
      queue = queue.then(async () => {
        linesLeft = mostLines;
        if (board.length > largestBoard) return refuse('oversized', board, source);
        const { bulletins, rest } = bulletinsIn(board);
        if (rest !== '') refuse('malformed', rest, source);
        for (const jws of bulletins) await takeOne(jws, source);
        options.changed();
      });
      return queue;
    },
    standing: () => {
      const spreadMs = policy.spreadSeconds * 1000 * placeOf(account.address);
      return standing([...taken.values()], person(), policy, clock.now(), Math.round(spreadMs));
    },
  };
}
