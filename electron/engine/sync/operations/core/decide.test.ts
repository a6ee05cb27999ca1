import { describe, expect, it } from 'vitest';
import type { PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { FolderRole } from '../../../mail/types.ts';
import { conflicts, type TheirChange, theirChanges } from './conflicts.ts';
import { decide, type SeenCopy, type Verdict, type Wish } from './decide.ts';
import { placeOperations, ruleOnError } from './operations.ts';

const folders: Readonly<Record<string, FolderRole>> = {
  INBOX: 'inbox',
  Archive: 'archive',
  Bin: 'trash',
  Spam: 'junk',
  Clients: 'other',
  Elsewhere: 'other',
};
const copyIn = (path: string, change: Partial<SeenCopy> = {}): SeenCopy => ({
  path,
  role: folders[path] ?? 'other',
  isLost: false,
  isFlagged: false,
  ...change,
});

/** Where the message stood when the person decided, and where it is to go. */
const cases: Readonly<Record<PlacementKind, { readonly from: string; readonly to: string | 'nowhere' }>> = {
  archive: { from: 'INBOX', to: 'Archive' },
  move: { from: 'INBOX', to: 'Clients' },
  delete: { from: 'INBOX', to: 'Bin' },
  junk: { from: 'INBOX', to: 'Spam' },
  notJunk: { from: 'Spam', to: 'INBOX' },
  destroy: { from: 'Bin', to: 'nowhere' },
};
const kinds = Object.keys(cases) as PlacementKind[];

const wishFor = (kind: PlacementKind): Wish => ({
  kind,
  takes: placeOperations[kind].takes,
  base: [cases[kind].from],
  wasFlagged: false,
});

/** What Exchange is seen to have after `theirs`; null: that cannot happen to this wish. */
function after(kind: PlacementKind, theirs: TheirChange): readonly SeenCopy[] | null {
  const { from, to } = cases[kind];
  const elsewhere = (path: string) => (path === from || path === to ? null : [copyIn(path)]);
  switch (theirs) {
    case 'nothing':
    case 'folderGone':
      return [copyIn(from)];
    case 'flagged':
      return [copyIn(from, { isFlagged: true })];
    case 'same':
      return to === 'nowhere' ? null : [copyIn(to)];
    case 'moved':
      return [copyIn('Elsewhere')];
    case 'trashed':
      return elsewhere('Bin');
    case 'junked':
      return elsewhere('Spam');
    case 'gone':
      return [];
    case 'newIds':
      return [copyIn(from, { isLost: true })];
  }
}

const rows = kinds.flatMap((kind) =>
  theirChanges.flatMap((theirs) => {
    const copies = after(kind, theirs);
    return copies === null || (theirs === 'folderGone' && kind === 'destroy')
      ? []
      : [{ kind, theirs, copies }];
  }),
);

describe('decide', () => {
  it.each(rows)('rules on $kind here and $theirs there as the table says', ({ kind, theirs, copies }) => {
    const target = theirs === 'folderGone' ? null : cases[kind].to;
    const { wins, tells } = conflicts[kind][theirs];
    // Until sync has matched the message again, under whatever UID, nothing is decided.
    const expected: Verdict<SeenCopy> =
      theirs === 'newIds'
        ? { kind: 'wait' }
        : wins === 'ours'
          ? { kind: 'carryOut', copies, tells }
          : wins === 'both'
            ? { kind: 'done' }
            : { kind: 'dropped', tells };
    expect(decide(wishFor(kind), target, copies)).toEqual(expected);
  });

  it('waits for a message that Exchange does not have yet', () => {
    expect(decide({ ...wishFor('archive'), base: [] }, 'Archive', [])).toEqual({ kind: 'wait' });
  });

  it('carries out wherever the gateway has put what an outage brought', () => {
    const copies = [copyIn('Clients')];
    expect(decide({ ...wishFor('delete'), base: [] }, 'Bin', copies)).toMatchObject({
      kind: 'carryOut',
      copies,
    });
  });

  it('leaves the copy of a mail to oneself in Sent when the Inbox is archived, and takes it along when it is deleted', () => {
    const sent = copyIn('Outgoing', { role: 'sent' });
    const copies = [copyIn('INBOX'), sent];
    const base = ['INBOX', 'Outgoing'];
    expect(decide({ ...wishFor('archive'), base }, 'Archive', copies)).toMatchObject({
      copies: [copyIn('INBOX')],
    });
    expect(decide({ ...wishFor('archive'), base }, 'Archive', [copyIn('Archive'), sent])).toEqual({
      kind: 'done',
    });
    expect(decide({ ...wishFor('delete'), base }, 'Bin', copies)).toMatchObject({ copies });
  });

  it('takes no flag that was there before for one that came meanwhile', () => {
    const copies = [copyIn('Bin', { isFlagged: true })];
    expect(decide({ ...wishFor('destroy'), wasFlagged: true }, 'nowhere', copies)).toMatchObject({
      kind: 'carryOut',
    });
  });
});

describe('ruleOnError', () => {
  it.each([
    { code: 'network.closed', retry: 'soon', isUsable: false, attempts: 1, kind: 'interrupted' },
    { code: 'server.throttled', retry: 'later', isUsable: true, attempts: 1, kind: 'interrupted' },
    { code: 'server.unavailable', retry: 'later', isUsable: true, attempts: 9, kind: 'interrupted' },
    { code: 'notFound', retry: 'later', isUsable: true, attempts: 1, kind: 'folderGone' },
    { code: 'server.refused', retry: 'never', isUsable: true, attempts: 1, kind: 'giveUp' },
    { code: 'server.refused', retry: 'later', isUsable: true, attempts: 1, kind: 'pause' },
    { code: 'server.refused', retry: 'later', isUsable: true, attempts: 5, kind: 'giveUp' },
  ] as const)('$code after $attempts attempts: $kind', ({ code, retry, isUsable, attempts, kind }) => {
    expect(ruleOnError({ code, retry }, isUsable, attempts)).toMatchObject({ kind });
  });
});
