import { Forward, MailOpen, Reply, ReplyAll } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ConversationDetail, MessageView } from '../../../shared/model/conversation.ts';
import type { ConversationId, MessageId } from '../../../shared/model/ids.ts';
import { useConversation } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import type { Command } from '../../commands/command.ts';
import { Delayed } from '../../ui/delayed.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './reader.css';
import type { AppError } from '../../../shared/errors.ts';
import { MessageCard } from './message-card.tsx';

interface ReaderProps {
  readonly conversationId: ConversationId | null;
  readonly answers: { readonly reply: Command; readonly replyAll: Command; readonly forward: Command };
  readonly onLink: (url: string) => void;
  /** The composer, while an answer in this conversation is being written. */
  readonly composer: ReactNode;
}

export function Reader({ conversationId, answers, onLink, composer }: ReaderProps) {
  const { t } = useLanguage();
  const conversation = useConversation(conversationId);
  return (
    <section className="reader" aria-label={t('reader.label')} data-testid="reader">
      {conversationId === null && composer === null && (
        <div className="empty-state">
          <MailOpen size={36} strokeWidth={1.25} aria-hidden />
          <p>{t('reader.empty')}</p>
        </div>
      )}
      {conversationId === null && composer}
      {conversationId !== null && conversation.isPending && (
        <Delayed>
          <p className="empty-state" role="status">
            {t('reader.loading')}
          </p>
        </Delayed>
      )}
      {conversation.isError && <ErrorNote error={conversation.error as unknown as AppError} />}
      {conversationId !== null && conversation.data !== undefined && (
        <Conversation
          key={conversationId}
          conversation={conversation.data}
          answers={answers}
          onLink={onLink}
          composer={composer}
        />
      )}
    </section>
  );
}

interface ConversationProps extends Omit<ReaderProps, 'conversationId'> {
  readonly conversation: ConversationDetail;
}

function Conversation({ conversation, answers, onLink, composer }: ConversationProps) {
  const { t } = useLanguage();
  const { summary, messages } = conversation;
  const [toggled, setToggled] = useState<ReadonlyMap<MessageId, boolean>>(new Map());
  const [unreadAtFirst] = useState(
    () => new Set(messages.filter(({ isSeen }) => !isSeen).map(({ id }) => id)),
  );

  useEffect(() => {
    if (summary.unreadCount > 0) void relevo.conversations.markSeen({ conversationId: summary.id });
  }, [summary.id, summary.unreadCount]);

  const newest = messages.at(-1)?.id;
  const isOpen = ({ id }: MessageView) => toggled.get(id) ?? (id === newest || unreadAtFirst.has(id));
  return (
    <>
      <header className="reader-head">
        <div>
          <h2>{summary.topic === '' ? t('list.noSubject') : summary.topic}</h2>
          <p className="soft">{t('reader.messageCount', { count: messages.length })}</p>
        </div>
        <div className="reader-actions">
          <Answer command={answers.reply} icon={<Reply size={16} aria-hidden />} testId="reply" isFirst />
          <Answer command={answers.replyAll} icon={<ReplyAll size={16} aria-hidden />} testId="reply-all" />
          <Answer command={answers.forward} icon={<Forward size={16} aria-hidden />} testId="forward" />
        </div>
      </header>
      <section
        className="reader-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('reader.messageCount', { count: messages.length })}
      >
        <ol className="messages">
          {messages.map((message) => (
            <MessageCard
              key={message.id}
              message={message}
              isOpen={isOpen(message)}
              onToggle={() => setToggled(new Map(toggled).set(message.id, !isOpen(message)))}
              onLink={onLink}
            />
          ))}
        </ol>
      </section>
      {composer}
    </>
  );
}

interface AnswerProps {
  readonly command: Command;
  readonly icon: ReactNode;
  readonly testId: string;
  readonly isFirst?: boolean;
}

function Answer({ command, icon, testId, isFirst = false }: AnswerProps) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      className={isFirst ? 'button primary' : 'button'}
      data-testid={testId}
      disabled={!command.isEnabled}
      title={`${t(command.label)} (${command.shortcutText})`}
      onClick={command.run}
    >
      {icon}
      {t(command.label)}
    </button>
  );
}
