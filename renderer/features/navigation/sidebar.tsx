import {
  ArchiveX,
  FilePen,
  Inbox,
  Mails,
  PanelLeft,
  PenLine,
  ScrollText,
  Send,
  Settings,
  Upload,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Command } from '../../commands/command.ts';
import { CommandButton, tooltip } from '../../commands/command-button.tsx';
import { type View, views } from '../../state.ts';
import { useLanguage } from '../../ui/language.tsx';
import './sidebar.css';

interface SidebarProps {
  readonly current: View;
  readonly opening: Readonly<Record<View, Command>>;
  readonly newMessage: Command;
  /** Makes it a strip of icons, or wide again. */
  readonly fold: Command;
  readonly isStrip: boolean;
  /** Over the other panes, which it has no room beside. */
  readonly isOver: boolean;
  /** The focus went elsewhere, or something was chosen. */
  readonly onLeave: () => void;
  /** Shown beside the name; 0 shows nothing. */
  readonly counts: Readonly<Partial<Record<View, number>>>;
  readonly account: AccountSummary;
  readonly accounts: readonly AccountSummary[];
  readonly onAccount: (id: AccountId) => void;
  readonly children: ReactNode;
}

const icons: Readonly<Record<View, typeof Inbox>> = {
  inbox: Inbox,
  sent: Send,
  all: Mails,
  putAway: ArchiveX,
  drafts: FilePen,
  outbox: Upload,
  ledger: ScrollText,
  settings: Settings,
};

export function Sidebar(props: SidebarProps) {
  const {
    current,
    opening,
    newMessage,
    fold,
    isStrip,
    isOver,
    onLeave,
    counts,
    account,
    accounts,
    onAccount,
    children,
  } = props;
  const { t } = useLanguage();
  return (
    <nav
      id="sidebar"
      className="sidebar"
      aria-label={t('sidebar.label')}
      data-strip={isStrip}
      data-over={isOver}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (isOver && relatedTarget !== null && !currentTarget.contains(relatedTarget)) onLeave();
      }}
      onKeyDown={({ key }) => {
        if (isOver && key === 'Escape') onLeave();
      }}
    >
      <button
        type="button"
        className="button quiet sidebar-fold"
        data-testid="sidebar-fold"
        aria-expanded={!isStrip}
        aria-label={t('sidebar.label')}
        title={tooltip(t, fold)}
        onClick={fold.run}
      >
        <PanelLeft size={16} aria-hidden="true" />
      </button>
      <CommandButton command={newMessage} Icon={PenLine} testId="new-message" isPrimary />
      <ul>
        {views.map((view) => {
          const Icon = icons[view];
          const count = counts[view] ?? 0;
          const { label, run } = opening[view];
          return (
            <li key={view}>
              <button
                type="button"
                className="sidebar-view"
                data-testid={`view-${view}`}
                aria-current={view === current ? 'page' : undefined}
                title={tooltip(t, opening[view])}
                onClick={() => {
                  onLeave();
                  run();
                }}
              >
                <Icon size={16} aria-hidden="true" />
                <span>{t(label)}</span>
                {count > 0 && <span className="sidebar-count">{count}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      <div className="sidebar-foot">
        {children}
        {accounts.length > 1 ? (
          <select
            className="sidebar-owner"
            aria-label={t('sidebar.account')}
            value={account.id}
            onChange={(event) => {
              const chosen = accounts.find(({ id }) => String(id) === event.target.value);
              if (chosen !== undefined) onAccount(chosen.id);
            }}
          >
            {accounts.map(({ id, address }) => (
              <option key={id} value={id}>
                {address}
              </option>
            ))}
          </select>
        ) : (
          <p className="sidebar-owner" title={account.address}>
            {account.address}
          </p>
        )}
      </div>
    </nav>
  );
}
