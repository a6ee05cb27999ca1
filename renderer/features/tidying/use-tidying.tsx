import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { MessageKey } from '../../../shared/messages/index.ts';
import type { Action, ConversationSummary, MailFolder } from '../../../shared/model/conversation.ts';
import type { AccountId, ConversationId } from '../../../shared/model/ids.ts';
import type { Result } from '../../../shared/result.ts';
import { useDecisions } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { DestroyDialog } from './destroy-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';

/** For how long what was done can be undone, in milliseconds. */
const undoMs = 10_000;

type Act = (conversations: readonly ConversationSummary[]) => void;

/** What a person does with whole conversations besides reading and answering: with one, or with all that are marked. */
export interface Tidying {
  readonly archive: Act;
  /** To Deleted Items; from there for good, after a question. */
  readonly remove: Act;
  readonly junk: Act;
  readonly notJunk: Act;
  /** Asks for the folder. */
  readonly move: Act;
  readonly moveTo: (conversations: readonly ConversationSummary[], folder: MailFolder) => void;
  readonly markRead: Act;
  readonly markUnread: Act;
  readonly setFlagged: (conversations: readonly ConversationSummary[], isFlagged: boolean) => void;
  readonly undo: () => void;
  readonly canUndo: boolean;
}

type Question = {
  readonly kind: 'move' | 'destroy';
  readonly conversations: readonly ConversationSummary[];
};

/**
 * Does it, says so, and offers to undo it. What was decided otherwise than the person wanted is told once. `done`: it was
 * done, and nothing is marked any more; `isGone`: the conversations are not to be seen here any more.
 */
export function useTidying(
  accountId: AccountId,
  done: (isGone: boolean) => void,
): Tidying & { readonly dialog: ReactNode } {
  const { t } = useLanguage();
  const tell = useToast();
  const [question, setQuestion] = useState<Question | null>(null);
  const [last, setLast] = useState<readonly string[]>([]);
  useTellDecisions(accountId);

  useEffect(() => {
    if (last.length === 0) return;
    const timer = setTimeout(() => setLast([]), undoMs);
    return () => clearTimeout(timer);
  }, [last]);

  /** The last that was done is the first that is taken back. */
  const undo = async (actionIds: readonly string[]) => {
    setLast([]);
    const answers = await Promise.all(
      actionIds.toReversed().map((actionId) => relevo.conversations.undo({ actionId })),
    );
    const refused = answers.find((answer) => !answer.ok);
    if (refused === undefined || refused.ok) tell(t('tidy.undone'));
    else tell(refused.error.code === 'notFound' ? t('tidy.tooLate') : refused.error);
  };

  const act = async (
    conversations: readonly ConversationSummary[],
    ask: (conversationId: ConversationId) => Promise<Result<Action, AppError>>,
    said: string,
  ) => {
    const answers = await Promise.all(conversations.map(({ id }) => ask(id)));
    const actionIds = answers.flatMap((answer) =>
      answer.ok && answer.value.actionId !== null ? [answer.value.actionId] : [],
    );
    const refused = answers.find((answer) => !answer.ok);
    if (actionIds.length > 0) {
      setLast(actionIds);
      const text =
        conversations.length === 1 ? said : t('tidy.many', { count: actionIds.length, what: said });
      tell({ text, undo: () => void undo(actionIds) });
    } else if (refused === undefined || refused.ok) tell(t('tidy.nothing'));
    else tell(refused.error.code === 'notFound' ? t('tidy.noFolder') : refused.error);
  };

  const put =
    (
      method: 'archive' | 'delete' | 'deleteForGood' | 'junk' | 'notJunk' | 'markRead' | 'markUnread',
      said: MessageKey,
      isGone = true,
    ): Act =>
    (conversations) => {
      done(isGone);
      void act(conversations, (conversationId) => relevo.conversations[method]({ conversationId }), t(said));
    };
  const toTrash = put('delete', 'tidy.deleted');
  const destroy = put('deleteForGood', 'tidy.deletedForGood');
  const moveTo: Tidying['moveTo'] = (conversations, { path, role }) => {
    done(true);
    void act(
      conversations,
      (conversationId) => relevo.conversations.move({ conversationId, folder: path }),
      t('tidy.moved', { folder: role === 'inbox' ? t('view.inbox') : path }),
    );
  };

  return {
    archive: put('archive', 'tidy.archived'),
    remove: (conversations) => {
      if (conversations.every(({ putAway }) => putAway === 'trash'))
        setQuestion({ kind: 'destroy', conversations });
      else toTrash(conversations.filter(({ putAway }) => putAway !== 'trash'));
    },
    junk: put('junk', 'tidy.junked'),
    notJunk: put('notJunk', 'tidy.notJunked'),
    move: (conversations) => setQuestion({ kind: 'move', conversations }),
    moveTo,
    markRead: put('markRead', 'tidy.markedRead', false),
    markUnread: put('markUnread', 'tidy.markedUnread'),
    setFlagged: (conversations, isFlagged) => {
      done(false);
      void act(
        conversations,
        (conversationId) => relevo.conversations.setFlagged({ conversationId, isFlagged }),
        t(isFlagged ? 'tidy.flagged' : 'tidy.unflagged'),
      );
    },
    undo: () => void undo(last),
    canUndo: last.length > 0,
    dialog: question !== null && (
      <>
        {question.kind === 'move' && (
          <MoveDialog
            accountId={accountId}
            onClose={() => setQuestion(null)}
            onChosen={(folder) => {
              setQuestion(null);
              moveTo(question.conversations, folder);
            }}
          />
        )}
        {question.kind === 'destroy' && (
          <DestroyDialog
            onClose={() => setQuestion(null)}
            onConfirmed={() => {
              setQuestion(null);
              destroy(question.conversations);
            }}
          />
        )}
      </>
    ),
  };
}

/** One after the other, each once. */
function useTellDecisions(accountId: AccountId): void {
  const { t } = useLanguage();
  const tell = useToast();
  const told = useRef(0);
  const decision = useDecisions(accountId).data?.find(({ id }) => id > told.current);
  useEffect(() => {
    if (decision === undefined) return;
    const { id, code, topic } = decision;
    told.current = id;
    tell(t(`decision.${code}`, { topic: topic === '' ? t('list.noSubject') : topic }));
    void relevo.conversations.decisionsTold({ accountId, upTo: id });
  }, [decision, accountId, t, tell]);
}
