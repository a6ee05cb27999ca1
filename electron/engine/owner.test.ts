import { describe, expect, it } from 'vitest';
import type { AccountId, OutgoingId } from '../../shared/model/ids.ts';
import type { Database } from './cache/database.ts';
import { type FrozenMessage, frozenMessage, type HandedMessage } from './cache/queries/outbox-store.ts';
import type { Doors } from './outbox/doors.ts';
import type { createOutbox } from './outbox/outbox-runner.ts';
import { type OwnedBy, type Owner, withOwner } from './owner.ts';

const account = (id: number) => id as AccountId;

/**
 * What must not compile, and does not: without one of the errors that `@ts-expect-error` names, the type check fails.
 * Never run.
 */
function mixing<Mine, Theirs>(
  db: Database,
  id: OutgoingId,
  mine: Owner<Mine>,
  theirs: Owner<Theirs>,
  myDoors: Doors<Mine>,
  theirDoors: Doors<Theirs>,
  handed: HandedMessage<Mine>,
  outbox: typeof createOutbox,
  rest: Omit<Parameters<typeof createOutbox<Mine>>[0], 'owner' | 'doors'>,
) {
  const message: FrozenMessage<Mine> = frozenMessage(db, mine, id);
  const data = { beforeDot: async () => {} };
  void myDoors.submit('primary', message, data);
  // @ts-expect-error a message of one account through the servers of another
  void theirDoors.submit('primary', message, data);
  // @ts-expect-error the same on the emergency route
  void theirDoors.submit('continuity', message, data);
  void theirDoors.withSentFolder('primary', (folder) => {
    // @ts-expect-error looked for in the Sent folder of another
    void folder.has(handed);
    // @ts-expect-error filed there
    return folder.file(handed, message) as never;
  });
  outbox({ ...rest, owner: mine, doors: myDoors });
  // @ts-expect-error the queue of one account with the servers of another
  outbox({ ...rest, owner: mine, doors: theirDoors });
  // @ts-expect-error nor does a message change hands by being given another type
  const changed: FrozenMessage<Theirs> = message;
  // @ts-expect-error or by being called anybody's
  const anybodys: FrozenMessage<unknown> = message;
  // @ts-expect-error or nobody's
  const nobodys: FrozenMessage<never> = message;
  // @ts-expect-error and none can be made without its account
  const made: FrozenMessage<Mine> = { envelope: message.envelope, mime: message.mime };
  // @ts-expect-error the owner of one is not the owner of another
  const owner: Owner<Mine> = theirs;
  return { changed, anybodys, nobodys, made, owner };
}

describe('an owner', () => {
  it('lets nothing of one account out through another, as the type check says', () => {
    expect(mixing).toBeTypeOf('function');
  });

  it('is of the account it was asked for', () => {
    expect(withOwner(account(7), ({ accountId }) => accountId)).toBe(7);
  });

  it('has a name that exists only where it was handed out', () => {
    const ids = withOwner(account(1), (mine) =>
      withOwner(account(2), (theirs) => {
        const both = <A>(one: Owner<A>, other: OwnedBy<A>) => [one, other];
        both(mine, mine);
        // @ts-expect-error two accounts, one inside the other
        both(mine, theirs);
        return [mine.accountId, theirs.accountId];
      }),
    );
    expect(ids).toEqual([1, 2]);
  });
});
