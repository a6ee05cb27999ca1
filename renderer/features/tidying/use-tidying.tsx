import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { MessageKey } from '../../../shared/messages/index.ts';
import type { Action, ConversationSummary } from '../../../shared/model/conversation.ts';
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

type Act = (conversation: ConversationSummary) => void;

/** What a person does with whole conversations besides reading and answering. */
export interface Tidying {
  readonly archive: Act;
  /** To Deleted Items; from there for good, after a question. */
  readonly remove: Act;
  readonly junk: Act;
  readonly notJunk: Act;
  /** Asks for the folder. */
  readonly move: Act;
  readonly markUnread: Act;
  readonly setFlagged: (conversationId: ConversationId, isFlagged: boolean) => void;
  readonly undo: () => void;
  readonly canUndo: boolean;
}

type Question = { readonly kind: 'move' | 'destroy'; readonly conversationId: ConversationId };

/**
 * Does it, says so, and offers to undo it. What was decided otherwise than the person wanted is told once. `close`: the
 * conversation is not to be seen here any more.
 */
export function useTidying(
  accountId: AccountId,
  close: () => void,
): Tidying & { readonly dialog: ReactNode } {
  const { t } = useLanguage();
  const tell = useToast();
  const [question, setQuestion] = useState<Question | null>(null);
  const [last, setLast] = useState<string | null>(null);
  useTellDecisions(accountId);

  useEffect(() => {
    if (last === null) return;
    const timer = setTimeout(() => setLast(null), undoMs);
    return () => clearTimeout(timer);
  }, [last]);

  const undo = async (actionId: string) => {
    setLast(null);
    const answer = await relevo.conversations.undo({ actionId });
    tell(answer.ok ? t('tidy.undone') : answer.error.code === 'notFound' ? t('tidy.tooLate') : answer.error);
  };

  const act = async (asked: Promise<Result<Action, AppError>>, said: string | null) => {
    const answer = await asked;
    if (!answer.ok) return tell(answer.error.code === 'notFound' ? t('tidy.noFolder') : answer.error);
    const { actionId } = answer.value;
    if (actionId === null) return tell(t('tidy.nothing'));
    setLast(actionId);
    if (said !== null) tell({ text: said, undo: () => void undo(actionId) });
  };
  const put =
    (method: 'archive' | 'delete' | 'junk' | 'notJunk' | 'markUnread', said: MessageKey): Act =>
    ({ id: conversationId }) => {
      close();
      void act(relevo.conversations[method]({ conversationId }), t(said));
    };
  const toTrash = put('delete', 'tidy.deleted');

  return {
    archive: put('archive', 'tidy.archived'),
    remove: (conversation) => {
      if (conversation.putAway === 'trash') setQuestion({ kind: 'destroy', conversationId: conversation.id });
      else toTrash(conversation);
    },
    junk: put('junk', 'tidy.junked'),
    notJunk: put('notJunk', 'tidy.notJunked'),
    move: ({ id }) => setQuestion({ kind: 'move', conversationId: id }),
    markUnread: put('markUnread', 'tidy.markedUnread'),
    setFlagged: (conversationId, isFlagged) =>
      void act(relevo.conversations.setFlagged({ conversationId, isFlagged }), null),
    undo: () => {
      if (last !== null) void undo(last);
    },
    canUndo: last !== null,
    dialog: question !== null && (
      <>
        {question.kind === 'move' && (
          <MoveDialog
            accountId={accountId}
            onClose={() => setQuestion(null)}
            onChosen={({ path }) => {
              setQuestion(null);
              close();
              const { conversationId } = question;
              void act(
                relevo.conversations.move({ conversationId, folder: path }),
                t('tidy.moved', { folder: path }),
              );
            }}
          />
        )}
        {question.kind === 'destroy' && (
          <DestroyDialog
            onClose={() => setQuestion(null)}
            onConfirmed={() => {
              setQuestion(null);
              close();
              const { conversationId } = question;
              void act(relevo.conversations.deleteForGood({ conversationId }), t('tidy.deletedForGood'));
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
