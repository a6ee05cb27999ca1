import {
  ArchiveX,
  CalendarDays,
  FilePen,
  Folder,
  Inbox,
  type LucideIcon,
  Mails,
  PanelLeft,
  PenLine,
  ScrollText,
  Send,
  Settings,
  Upload,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { MailFolder } from '../../../shared/model/conversation.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Command } from '../../commands/command.ts';
import { CommandButton, tooltip } from '../../commands/command-button.tsx';
import { type View, views } from '../../state.ts';
import { draggedFormat } from '../../ui/dragged.ts';
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
  /** The folders of Exchange that no view stands for, and which of them is shown. */
  readonly folders: readonly MailFolder[];
  readonly currentFolder: string | null;
  readonly onFolder: (path: string) => void;
  /** Conversations were dropped on a folder. */
  readonly onDrop: (folder: MailFolder) => void;
  /** The line by which it is made wider. */
  readonly edge: ReactNode;
  readonly children: ReactNode;
}

const icons: Readonly<Record<View, typeof Inbox>> = {
  inbox: Inbox,
  sent: Send,
  all: Mails,
  putAway: ArchiveX,
  drafts: FilePen,
  agenda: CalendarDays,
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
  const { folders, currentFolder, onFolder, onDrop, edge } = props;
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
      <div className="sidebar-views">
        <ul>
          {views.map((view) => (
            <li key={view}>
              <Entry
                label={t(opening[view].label)}
                title={tooltip(t, opening[view])}
                testId={`view-${view}`}
                Icon={icons[view]}
                count={counts[view] ?? 0}
                isCurrent={view === current && currentFolder === null}
                target={undefined}
                onDrop={onDrop}
                onClick={() => {
                  onLeave();
                  opening[view].run();
                }}
              />
            </li>
          ))}
        </ul>
        {folders.length > 0 && (
          <section className="sidebar-folders" aria-label={t('sidebar.folders')}>
            <h2>{t('sidebar.folders')}</h2>
            <ul>
              {folders.map((folder) => (
                <li key={folder.path}>
                  <Entry
                    label={folder.path}
                    title={folder.path}
                    testId="folder"
                    Icon={Folder}
                    count={0}
                    isCurrent={folder.path === currentFolder}
                    target={folder}
                    onDrop={onDrop}
                    onClick={() => {
                      onLeave();
                      onFolder(folder.path);
                    }}
                  />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
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
      {edge}
    </nav>
  );
}

interface EntryProps {
  readonly label: string;
  readonly title: string;
  readonly testId: string;
  readonly Icon: LucideIcon;
  readonly count: number;
  readonly isCurrent: boolean;
  /** The folder that takes what is dropped here; undefined: nothing can be dropped. */
  readonly target: MailFolder | undefined;
  readonly onDrop: (folder: MailFolder) => void;
  readonly onClick: () => void;
}

function Entry({ label, title, testId, Icon, count, isCurrent, target, onDrop, onClick }: EntryProps) {
  const [isOver, setOver] = useState(false);
  return (
    <button
      type="button"
      className="sidebar-view"
      data-testid={testId}
      data-target={isOver}
      aria-current={isCurrent ? 'page' : undefined}
      title={title}
      onClick={onClick}
      onDragOver={(event) => {
        if (target === undefined || !event.dataTransfer.types.includes(draggedFormat)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (target === undefined || !event.dataTransfer.types.includes(draggedFormat)) return;
        event.preventDefault();
        onDrop(target);
      }}
    >
      <Icon size={16} aria-hidden="true" />
      <span>{label}</span>
      {count > 0 && <span className="sidebar-count">{count}</span>}
    </button>
  );
}
