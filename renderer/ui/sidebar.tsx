import { FilePen, Inbox, Mails, PenLine, ScrollText, Send, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Command } from '../commands/command.ts';
import type { View } from '../state.ts';
import { useLanguage } from './language.tsx';
import './sidebar.css';

interface SidebarProps {
  readonly current: View;
  readonly views: Readonly<Record<View, Command>>;
  readonly newMessage: Command;
  /** Shown beside the name; 0 shows nothing. */
  readonly counts: Readonly<Partial<Record<View, number>>>;
  readonly owner: string;
  readonly children: ReactNode;
}

const icons: Readonly<Record<View, typeof Inbox>> = {
  inbox: Inbox,
  sent: Send,
  all: Mails,
  drafts: FilePen,
  outbox: Upload,
  ledger: ScrollText,
};

const order: readonly View[] = ['inbox', 'sent', 'all', 'drafts', 'outbox', 'ledger'];

export function Sidebar({ current, views, newMessage, counts, owner, children }: SidebarProps) {
  const { t } = useLanguage();
  return (
    <nav className="sidebar" aria-label={t('sidebar.label')}>
      <button
        type="button"
        className="button primary"
        data-testid="new-message"
        disabled={!newMessage.isEnabled}
        title={`${t(newMessage.label)} (${newMessage.shortcutText})`}
        onClick={newMessage.run}
      >
        <PenLine size={15} aria-hidden />
        {t('sidebar.newMessage')}
      </button>
      <ul>
        {order.map((view) => {
          const Icon = icons[view];
          const count = counts[view] ?? 0;
          const { label, run, shortcutText } = views[view];
          return (
            <li key={view}>
              <button
                type="button"
                className="sidebar-view"
                data-testid={`view-${view}`}
                aria-current={view === current ? 'page' : undefined}
                title={`${t(label)} (${shortcutText})`}
                onClick={run}
              >
                <Icon size={16} aria-hidden />
                <span>{t(label)}</span>
                {count > 0 && <span className="sidebar-count">{count}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      <div className="sidebar-foot">
        {children}
        <p className="sidebar-owner soft" title={owner}>
          {owner}
        </p>
      </div>
    </nav>
  );
}
