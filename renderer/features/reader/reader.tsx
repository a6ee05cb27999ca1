import {
  Archive,
  FilePen,
  Flag,
  FolderInput,
  Forward,
  Inbox,
  MailOpen,
  Mails,
  OctagonAlert,
  Pin,
  Reply,
  ReplyAll,
  Send,
  Trash2,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { ConversationDetail, MessageView } from '../../../shared/model/conversation.ts';
import type { ConversationId, MessageId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { useAppStatus, useConversation } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import type { Command } from '../../commands/command.ts';
import { CommandButton, IconButton } from '../../commands/command-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { MessageCard, toggleId } from './message-card.tsx';
import './reader.css';

interface ReaderProps {
  readonly conversationId: ConversationId | null;
  /** How many conversations are marked in the list: of several, none is shown. */
  readonly markedCount: number;
  /** The message that is looked for; null: the newest. */
  readonly messageId: MessageId | null;
  readonly commands: Readonly<
    Record<
      | 'reply'
      | 'replyAll'
      | 'forward'
      | 'resend'
      | 'flag'
      | 'archive'
      | 'remove'
      | 'junk'
      | 'notJunk'
      | 'move'
      | 'markUnread'
      | 'pin',
      Command
    >
  >;
  readonly onLink: (url: string) => void;
  /** What the calendar part of a message means. */
  readonly meeting: (messageId: MessageId) => ReactNode;
  /** The composer, while something is being written. */
  readonly composer: ReactNode;
  /** An answer in this conversation that was begun and left. */
  readonly draft: Draft | null;
  readonly onContinue: (draft: Draft) => void;
}

export function Reader(props: ReaderProps) {
  const { conversationId, composer, markedCount } = props;
  const { t } = useLanguage();
  const conversation = useConversation(conversationId);
  const error = conversation.error as AppError | null;
  const isWaiting = conversation.isPending || error?.code === 'engine.restarting';
  if (markedCount > 1 && composer === null)
    return (
      <section className="reader" aria-label={t('reader.label')} data-testid="reader">
        <EmptyState Icon={Mails} text={t('list.marked', { count: markedCount })} />
      </section>
    );
  return (
    <section className="reader" aria-label={t('reader.label')} data-testid="reader">
      {conversationId === null && (composer ?? <EmptyState Icon={MailOpen} text={t('reader.empty')} />)}
      {conversationId !== null && conversation.data === undefined && isWaiting && (
        <Skeleton label={t('reader.loading')} rows={4} />
      )}
      {conversation.data === undefined && error !== null && !isWaiting && <ErrorNote error={error} />}
      {conversationId !== null && conversation.data !== undefined && (
        <Conversation key={conversationId} {...props} conversation={conversation.data} />
      )}
    </section>
  );
}

interface ConversationProps extends ReaderProps {
  readonly conversation: ConversationDetail;
}

function Conversation(props: ConversationProps) {
  const { conversation, messageId, commands, onLink, composer, draft, onContinue } = props;
  const { t } = useLanguage();
  const { summary, messages } = conversation;
  const [toggled, setToggled] = useState<ReadonlyMap<MessageId, boolean>>(new Map());
  const wanted = useRef<HTMLLIElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const accounts = useAppStatus().data?.accounts ?? [];
  const ownAddress = accounts.find(({ id }) => id === summary.accountId)?.address ?? '';
  const wantedId = messageId ?? messages.at(-1)?.id ?? null;
  const opened = useOnceOpened(messages, wantedId);

  useEffect(() => {
    if (summary.unreadCount > 0) void relevo.conversations.markSeen({ conversationId: summary.id });
  }, [summary.id, summary.unreadCount]);

  // What had the focus may be gone since this took its place: reading goes on here.
  useEffect(() => {
    const active = document.activeElement;
    if (active === null || active === document.body || !active.checkVisibility())
      scroller.current?.focus({ preventScroll: true });
  }, []);

  // Also when a message comes in, or one of one's own is there at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the message decides, not the element
  useEffect(() => {
    // It yields a promise in newer Chromium, which is no clean-up.
    wanted.current?.scrollIntoView({ block: 'nearest' });
  }, [wantedId]);

  const show = (id: MessageId) => {
    setToggled(new Map(toggled).set(id, true));
    const toggle = document.getElementById(toggleId(id));
    toggle?.focus({ preventScroll: true });
    toggle?.scrollIntoView({ block: 'start' });
  };

  const isOpen = ({ id }: MessageView) => toggled.get(id) ?? opened.has(id);
  return (
    <>
      <header className="reader-head">
        <div>
          <h2>{summary.topic === '' ? t('list.noSubject') : summary.topic}</h2>
          <p className="soft">{t('reader.messageCount', { count: messages.length })}</p>
        </div>
        <div className="reader-actions" role="toolbar" aria-label={t('reader.actions')}>
          <CommandButton command={commands.reply} Icon={Reply} testId="reply" isPrimary />
          <CommandButton command={commands.replyAll} Icon={ReplyAll} testId="reply-all" />
          <CommandButton command={commands.forward} Icon={Forward} testId="forward" />
          {commands.resend.isEnabled && messages.at(-1)?.isFromMe === false && (
            <CommandButton command={commands.resend} Icon={Send} testId="resend" />
          )}
        </div>
        {composer === null && (
          <div className="reader-actions" role="toolbar" aria-label={t('tidy.label')}>
            <IconButton command={commands.archive} Icon={Archive} testId="archive" />
            <IconButton command={commands.remove} Icon={Trash2} testId="delete" />
            {summary.putAway === 'junk' ? (
              <IconButton command={commands.notJunk} Icon={Inbox} testId="not-junk" />
            ) : (
              <IconButton command={commands.junk} Icon={OctagonAlert} testId="junk" />
            )}
            <IconButton command={commands.move} Icon={FolderInput} testId="move" />
            <IconButton command={commands.markUnread} Icon={Mails} testId="mark-unread" />
            <IconButton command={commands.pin} Icon={Pin} testId="pin" isPressed={summary.isPinned} />
            <IconButton command={commands.flag} Icon={Flag} testId="flag" isPressed={summary.isFlagged} />
          </div>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={scroller} className="reader-scroll" tabIndex={0} aria-label={t('reader.messages')}>
        <ol className="messages">
          {messages.flatMap(cardsOf).map(({ message, copy }) => (
            <MessageCard
              key={`${message.id} ${copy ?? ''}`}
              {...(message.id === wantedId && (copy ?? 0) === 0 ? { ref: wanted } : {})}
              message={message}
              copy={copy}
              isOpen={isOpen(message)}
              ownAddress={ownAddress}
              onToggle={() => setToggled(new Map(toggled).set(message.id, !isOpen(message)))}
              onLink={onLink}
              meeting={props.meeting}
              onShow={show}
            />
          ))}
        </ol>
        {draft !== null && composer === null && (
          <p className="draft-hint" data-testid="draft-hint">
            <FilePen size={15} aria-hidden="true" />
            <span>{t('reader.draft')}</span>
            <button type="button" className="button" onClick={() => onContinue(draft)}>
              {t('drafts.continue')}
            </button>
          </p>
        )}
      </section>
      {composer}
    </>
  );
}

/** One card for a message, or one for each of its copies where the person wants to see them apart. */
function cardsOf(
  message: MessageView,
): readonly { readonly message: MessageView; readonly copy: number | null }[] {
  const { copies, isApart } = message;
  return isApart && copies.length > 1
    ? copies.map((_, copy) => ({ message, copy }))
    : [{ message, copy: null }];
}

/**
 * The messages that are open without anybody having opened them: the one that is looked for, whatever was unread or
 * had not left when it was first seen. What was open once stays open while the conversation is shown.
 */
function useOnceOpened(messages: readonly MessageView[], wantedId: MessageId | null): ReadonlySet<MessageId> {
  const [opened, setOpened] = useState<ReadonlySet<MessageId>>(new Set());
  const due = messages.filter(
    ({ id, isSeen, outgoing }) =>
      !opened.has(id) &&
      (id === wantedId ||
        !isSeen ||
        outgoing === 'queued' ||
        outgoing === 'uncertain' ||
        outgoing === 'rejected'),
  );
  // Derived from what is shown, and settled before anything is painted.
  if (due.length > 0) setOpened(new Set([...opened, ...due.map(({ id }) => id)]));
  return opened;
}
