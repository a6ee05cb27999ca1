import fc from 'fast-check';
import { expect, it } from 'vitest';
import { appError } from '../../../../shared/errors.ts';
import type { PlacementKind } from '../../../../shared/model/conversation.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { findPlacement } from '../../cache/queries/placement-store.ts';
import {
  applyPlan,
  beginFolder,
  completeFolder,
  folderIdOf,
  knownFolder,
  recordCopy,
  sweepHomeless,
} from '../../cache/queries/sync-store.ts';
import type { ImapSession, RemoteFolder } from '../../mail/types.ts';
import { type Laptop, openLaptop, realRandom, silent } from '../../testing/laptop.ts';
import { createActions } from './actions.ts';
import { createCarryOut } from './carry-out.ts';
import { conflicts, type TheirChange } from './core/conflicts.ts';

const folders: readonly RemoteFolder[] = [
  { path: 'INBOX', role: 'inbox', holdsMail: true },
  { path: 'Archive', role: 'archive', holdsMail: true },
  { path: 'Bin', role: 'trash', holdsMail: true },
  { path: 'Spam', role: 'junk', holdsMail: true },
  { path: 'Clients', role: 'other', holdsMail: true },
  { path: 'Elsewhere', role: 'other', holdsMail: true },
];
const roleOf = (path: string) => folders.find((folder) => folder.path === path)?.role;
const date = Date.UTC(2026, 10, 1);

/** A mailbox in memory whose connection is cut at will: the rules are tried on it, real servers are tried elsewhere. */
class Mailbox {
  readonly places = new Map<string, Map<number, string>>(folders.map(({ path }) => [path, new Map()]));
  #next = 1;
  /** How many times we have put a message somewhere. */
  readonly moves = new Map<string, number>();

  put(path: string, id: string): void {
    this.places.get(path)?.set(this.#next++, id);
  }
  of(id: string): readonly string[] {
    return [...this.places].flatMap(([path, mails]) =>
      [...mails.values()].filter((one) => one === id).map(() => path),
    );
  }
  take(id: string): void {
    for (const mails of this.places.values())
      for (const [uid, one] of mails) if (one === id) mails.delete(uid);
  }

  /** `cutAt`: the call at which the connection ends, done or not; `hasMove`: else it copies, then deletes. */
  session({ cutAt, isDone, hasMove, hasUidPlus }: Line): ImapSession {
    let calls = 0;
    let isUsable = true;
    let open = 'INBOX';
    const closed = err(appError('network.closed', 'soon'));
    const call = async <T>(run: () => T): Promise<Result<T, never> | typeof closed> => {
      if (!isUsable) return closed;
      calls += 1;
      if (calls !== cutAt) return ok(run());
      if (isDone) run();
      isUsable = false;
      return closed;
    };
    const mailsOf = (path: string) => this.places.get(path) ?? new Map<number, string>();
    const session: Partial<ImapSession> = {
      get isUsable() {
        return isUsable;
      },
      open: (path) =>
        call(() => {
          open = path;
          return { uidValidity: 1, uidNext: this.#next, messageCount: mailsOf(path).size };
        }),
      flags: (range) =>
        call(() =>
          range
            .split(',')
            .flatMap((uid) => (mailsOf(open).has(Number(uid)) ? [{ uid: Number(uid), flags: [] }] : [])),
        ),
      headers: (uids) =>
        call(() =>
          uids.flatMap((uid) => {
            const id = mailsOf(open).get(uid);
            const header = Buffer.from(`From: b@x.example\r\nSubject: Offer\r\nMessage-ID: <${id}>\r\n\r\n`);
            return id === undefined ? [] : [{ uid, flags: [], internalDate: date, header }];
          }),
        ),
      findAll: (path, id) =>
        call(() => [...mailsOf(path)].filter(([, one]) => one === id).map(([uid]) => uid)),
      fetch: async () => ok(null),
      remove: (path, uid) =>
        call(() => {
          mailsOf(path).delete(uid);
          return null;
        }),
      move: async (path, uids, to) => {
        const copied = await call(() => {
          const moved = new Map<number, number>();
          for (const uid of uids) {
            const id = mailsOf(path).get(uid);
            if (id === undefined) continue;
            moved.set(uid, this.#next);
            this.moves.set(id, (this.moves.get(id) ?? 0) + 1);
            this.put(to, id);
            if (hasMove) mailsOf(path).delete(uid);
          }
          return hasUidPlus ? moved : new Map<number, number>();
        });
        if (!copied.ok || hasMove) return copied;
        const deleted = await call(() => {
          for (const uid of uids) mailsOf(path).delete(uid);
        });
        return deleted.ok ? copied : deleted;
      },
    };
    return session as ImapSession;
  }
}

interface Line {
  readonly cutAt: number;
  readonly isDone: boolean;
  readonly hasMove: boolean;
  readonly hasUidPlus: boolean;
}

/** What a pass over all folders tells the copy. */
function pass({ db, account }: Laptop, mailbox: Mailbox, messageOf: ReadonlyMap<string, never>): void {
  for (const { path, role } of folders) {
    const known = knownFolder(db, { accountId: account.id, route: 'primary', path, role });
    if (known.uidValidity === null) beginFolder(db, known.id, 1);
    const there = mailbox.places.get(path) ?? new Map<number, string>();
    const gone = known.copies.filter(({ uid }) => !there.has(uid)).map(({ uid }) => uid);
    applyPlan(db, known.id, { updateFlags: [], remove: gone });
  }
  for (const { path } of folders) {
    const folderId = folderIdOf(db, account.id, 'primary', path);
    if (folderId === null) continue;
    for (const [uid, id] of mailbox.places.get(path) ?? []) {
      const messageId = messageOf.get(id);
      if (messageId === undefined) continue;
      const isThere = db.prepare('SELECT 1 FROM message WHERE id = ?').get(messageId) !== undefined;
      const isKnown = db.prepare('SELECT 1 FROM copy WHERE folder_id = ? AND uid = ?').get(folderId, uid);
      if (!isThere || isKnown !== undefined) continue;
      recordCopy(db, { accountId: account.id, folderId, messageId, uid, flags: [], internalDate: date });
    }
    completeFolder(db, folderId, { uidNext: 1, now: 1 });
  }
  sweepHomeless(db, account.id, null);
}

type Step =
  | { readonly kind: 'pass' }
  | { readonly kind: 'carryOut'; readonly line: Line }
  | { readonly kind: 'theirs'; readonly to: string | null };

const line = fc.record({
  cutAt: fc.integer({ min: 1, max: 12 }),
  isDone: fc.boolean(),
  hasMove: fc.boolean(),
  hasUidPlus: fc.boolean(),
});
const between = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('pass' as const) }),
    fc.record({ kind: fc.constant('carryOut' as const), line }),
  ),
  { maxLength: 4 },
);
const history = fc.record({
  ours: fc.constantFrom<PlacementKind>('archive', 'move', 'delete', 'junk', 'notJunk', 'destroy'),
  before: between,
  theirs: fc.option(fc.constantFrom('Archive', 'Bin', 'Spam', 'Clients', 'Elsewhere', 'INBOX', null), {
    nil: undefined,
  }),
  after: between,
});

/** What the table is asked about, given where another program put the message. */
function changeBy(to: string | null, from: string, target: string | null): TheirChange {
  if (to === null) return 'gone';
  if (to === target) return 'same';
  if (to === from) return 'nothing';
  const role = roleOf(to);
  return role === 'trash' ? 'trashed' : role === 'junk' ? 'junked' : 'moved';
}

const targets: Readonly<Record<PlacementKind, string | null>> = {
  archive: 'Archive',
  move: 'Clients',
  delete: 'Bin',
  junk: 'Spam',
  notJunk: 'INBOX',
  destroy: null,
};

it('whatever is cut and whoever comes between, it ends as the table says, once, and no wish is lost', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ ours, before, theirs, after }) => {
      const laptop = openLaptop('anna@corp.example');
      try {
        const { db, account } = laptop;
        const from = ours === 'notJunk' ? 'Spam' : ours === 'destroy' ? 'Bin' : 'INBOX';
        const mailbox = new Mailbox();
        mailbox.put(from, 'a@x');
        const stored = await laptop.receives('From: b@x.example\nSubject: Offer\nMessage-ID: <a@x>\n\nx', {
          path: from,
          role: roleOf(from) ?? 'inbox',
          uid: 1,
          internalDate: date,
        });
        const messageOf = new Map([['a@x', stored.messageId as never]]);
        let now = date;
        const setup = {
          account,
          db,
          clock: { now: () => now, after: () => () => {} },
          log: silent,
          announce: () => {},
        };
        const carryOut = createCarryOut(setup);
        const actions = createActions({ ...setup, random: realRandom, noted: () => {} });
        pass(laptop, mailbox, messageOf);
        expect(actions.place(stored.conversationId, ours, 'Clients').ok).toBe(true);
        now += 60_000;

        // Without MOVE, a cut between COPY and EXPUNGE while another program moves the original leaves both (docs/sync.md).
        const hasMove = (line: Line): boolean => line.hasMove || theirs !== undefined;
        const take = async (step: Step): Promise<void> => {
          if (step.kind === 'pass') pass(laptop, mailbox, messageOf);
          if (step.kind === 'carryOut')
            await carryOut(mailbox.session({ ...step.line, hasMove: hasMove(step.line) }), folders);
        };
        for (const step of before) await take(step);
        const wasOpen = findPlacement(db, stored.messageId) !== null;
        const stoodIn = mailbox.of('a@x');
        if (theirs !== undefined && stoodIn.length > 0) {
          mailbox.take('a@x');
          if (theirs !== null) mailbox.put(theirs, 'a@x');
        }
        for (const step of after) await take(step);
        // At rest: nothing is cut any more.
        const calm = { cutAt: 0, isDone: false, hasMove: true, hasUidPlus: true };
        for (let round = 0; round < 3; round++) {
          now += 3_600_000;
          pass(laptop, mailbox, messageOf);
          await carryOut(mailbox.session(calm), folders);
        }

        const target = targets[ours];
        const isOver = theirs === undefined || stoodIn.length === 0;
        const change = isOver ? 'nothing' : changeBy(theirs, from, target);
        const { wins } = conflicts[ours][change];
        const end = wins === 'ours' && (wasOpen || isOver) ? target : isOver ? target : theirs;
        expect(mailbox.of('a@x')).toEqual(end === null ? [] : [end]);
        expect(findPlacement(db, stored.messageId)).toBeNull();
        // Once for the wish, and once more after another program has moved it again.
        expect(mailbox.moves.get('a@x') ?? 0).toBeLessThanOrEqual(theirs === undefined ? 1 : 2);
      } finally {
        laptop.remove();
      }
    }),
    // Each has a database of its own.
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
  );
});
