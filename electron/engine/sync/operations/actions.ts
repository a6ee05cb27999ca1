import { type AppError, appError } from '../../../../shared/errors.ts';
import type { Action, PlacementKind } from '../../../../shared/model/conversation.ts';
import type { AccountId, ConversationId, MessageId } from '../../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { Database } from '../../cache/database.ts';
import { refreshConversation } from '../../cache/messages.ts';
import { changeFlag, noteFlagChange } from '../../cache/queries/conversation-store.ts';
import {
  conversationOf,
  findPlacement,
  mailFolders,
  messagesStandingIn,
  type Placement,
  primaryPlaces,
  putPlacement,
  removePlacement,
} from '../../cache/queries/placement-store.ts';
import type { Announce, Clock, Random } from '../../ports.ts';
import { type FlagKind, flagOperations, placeOperations, undoMs } from './core/operations.ts';

/** What is still known of this many actions, to undo them: as many as may be marked at once, each its own. */
const remembered = 1000;

/** What a person does with conversations: noted and shown at once, carried out by sync. */
export interface Actions {
  flag(conversationId: ConversationId, kind: Exclude<FlagKind, 'answered'>): Action;
  /** `notFound` when Exchange has no folder for it. `folder`: of a move, the full name of the folder. */
  place(conversationId: ConversationId, kind: PlacementKind, folder: string | null): Result<Action, AppError>;
  /** `notFound` when it is too late, or nothing is known of the action. */
  undo(actionId: string): Result<null, AppError>;
}

export interface ActionsSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly announce: Announce;
  /** There is something to carry out. */
  readonly noted: () => void;
}

export function createActions({ account, db, clock, random, announce, noted }: ActionsSetup): Actions {
  // A restart forgets them, as it forgets the toast that offers them.
  const undoing = new Map<string, () => boolean>();

  const remember = (actionId: string, undo: () => boolean): Action => {
    undoing.set(actionId, undo);
    const [oldest] = undoing.keys();
    if (undoing.size > remembered && oldest !== undefined) undoing.delete(oldest);
    announce('conversations');
    noted();
    return { actionId };
  };

  const refreshAll = (messages: readonly MessageId[]): void => {
    const conversations = new Set(messages.map((id) => conversationOf(db, id)));
    for (const id of conversations) if (id !== null) refreshConversation(db, id);
  };

  const takeBack = (actionId: string, before: readonly Before[]): boolean => {
    const changed: MessageId[] = [];
    for (const one of before) if (takeBackOne(actionId, one)) changed.push(one.messageId);
    refreshAll(changed);
    return changed.length > 0;
  };

  /** Before Exchange was told the wish is forgotten; afterwards the reverse is wished. */
  const takeBackOne = (actionId: string, { messageId, kind, earlier, from }: Before): boolean => {
    const now = findPlacement(db, messageId);
    if (conversationOf(db, messageId) === null || (now !== null && now.actionId !== actionId)) return false;
    if (now !== null && now.startedAt === null) {
      removePlacement(db, messageId);
      if (earlier !== null) putPlacement(db, account.id, earlier);
      return true;
    }
    if (placeOperations[kind].undo === 'before') return false;
    putPlacement(db, account.id, {
      messageId,
      kind: 'move',
      actionId: random.uuid(),
      requestedAt: clock.now(),
      takes: [...placeOperations.move.takes, 'sent'],
      toRole: from.role,
      toPath: from.path,
      base: primaryPlaces(db, messageId).map(({ path }) => path),
      wasFlagged: now?.wasFlagged ?? false,
      startedAt: null,
      attempts: 0,
      notBefore: 0,
    });
    return true;
  };

  return {
    flag: (conversationId, kind) => {
      const { flag, isSet, of } = flagOperations[kind];
      const changed = changeFlag(db, conversationId, { flag, isSet, of }, clock.now());
      if (changed.length === 0) return { actionId: null };
      return remember(random.uuid(), () => {
        for (const messageId of changed) noteFlagChange(db, messageId, flag, !isSet, clock.now());
        refreshAll(changed);
        return true;
      });
    },

    place: (conversationId, kind, folder) => {
      const { takes, to, undo } = placeOperations[kind];
      const folders = mailFolders(db, account.id);
      const target = folders.find(({ path, role }) => (to === 'chosen' ? path === folder : role === to));
      if (target === undefined && to !== 'nowhere')
        return err(appError('notFound', 'afterUserAction', { reason: 'folder' }));
      const actionId = random.uuid();
      const now = clock.now();
      const before = db
        .transaction(() => {
          const messages = messagesStandingIn(db, conversationId, takes);
          const noted: Before[] = [];
          for (const { messageId, isFlagged } of messages) {
            const places = primaryPlaces(db, messageId);
            const taken = places.filter(({ role, path }) => takes.includes(role) && path !== target?.path);
            const earlier = findPlacement(db, messageId);
            if (taken.length === 0 && places.length > 0 && earlier === null) continue;
            const [from = { role: 'inbox', path: null }] = taken;
            putPlacement(db, account.id, {
              messageId,
              kind,
              actionId,
              requestedAt: now,
              // Where it stands by a wish that is still open, it stands in none of the folders that this one takes from.
              takes: earlier === null ? takes : [...new Set([...takes, ...earlier.takes])],
              toRole: target?.role ?? 'nowhere',
              toPath: target?.path ?? null,
              base: places.map(({ path }) => path),
              wasFlagged: isFlagged,
              startedAt: null,
              attempts: 0,
              notBefore: undo === 'before' ? now + undoMs : 0,
            });
            noted.push({ messageId, kind, earlier, from: { role: standable(from.role), path: from.path } });
          }
          if (noted.length > 0) refreshConversation(db, conversationId);
          return noted;
        })
        .immediate();
      if (before.length === 0) return ok({ actionId: null });
      return ok(remember(actionId, () => takeBack(actionId, before)));
    },

    undo: (actionId) => {
      const undo = undoing.get(actionId);
      undoing.delete(actionId);
      const isUndone = undo !== undefined && db.transaction(undo).immediate();
      if (!isUndone) return err(appError('notFound', 'never'));
      announce('conversations');
      noted();
      return ok(null);
    },
  };
}

/** What an action has replaced. */
interface Before {
  readonly messageId: MessageId;
  readonly kind: PlacementKind;
  readonly earlier: Placement | null;
  /** Where the message stood. */
  readonly from: { readonly role: Placement['toRole']; readonly path: string | null };
}

/** Drafts are written here and not moved. */
function standable(role: Placement['toRole'] | 'drafts'): Placement['toRole'] {
  return role === 'drafts' ? 'other' : role;
}
