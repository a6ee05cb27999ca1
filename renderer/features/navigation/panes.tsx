import { ArrowLeft } from 'lucide-react';
import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { defaultPreferences, type WindowPreferences } from '../../../shared/model/window-preferences.ts';
import type { Command } from '../../commands/command.ts';
import { CommandButton } from '../../commands/command-button.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Separator } from '../../ui/separator.tsx';
import './panes.css';

interface PanesProps {
  readonly preferences: WindowPreferences;
  readonly onChange: (change: Partial<WindowPreferences>) => void;
  /** Too narrow for more than one pane beside the strip of icons. */
  readonly isNarrow: boolean;
  /** `edge`: the line at its end, by which it is made wider. */
  readonly sidebar: (edge: ReactNode) => ReactNode;
  /** Whether the sidebar is a strip of icons. */
  readonly isStrip: boolean;
  /** Null: a page that stands for itself is shown. */
  readonly mail: { readonly list: (edge: ReactNode) => ReactNode; readonly reader: ReactNode } | null;
  readonly page: ReactNode;
  /** Whether there is something in the reader that the person has asked for. */
  readonly isReading: boolean;
  /** Leaves the reader where it has taken the place of the list. */
  readonly back: Command;
}

const sidebarLimits = { minimum: 168, maximum: 420 };
const listLimits = { minimum: 240, maximum: 900 };

/** Whether what is read takes the place of the list. */
export function isOnePane(preferences: WindowPreferences, isNarrow: boolean): boolean {
  return isNarrow || !preferences.showsList || !preferences.showsReader;
}

/** Sidebar, list and reader side by side, as wide as the person has made them, or one at a time. */
export function Panes(props: PanesProps) {
  const { preferences, onChange, isNarrow, isStrip, sidebar, mail, page, isReading, back } = props;
  const { t } = useLanguage();
  const [dragged, setDragged] = useState<Partial<WindowPreferences>>({});
  const { sidebarWidth, listWidth } = { ...preferences, ...dragged };
  const settle = (change: Partial<WindowPreferences>) => {
    setDragged({});
    onChange(change);
  };
  const isAlone = isOnePane(preferences, isNarrow);
  const shown = isAlone ? (isReading ? 'reader' : 'list') : 'both';
  const panes = useRef<HTMLDivElement>(null);

  // The pane that had the focus may be gone: it goes on in the one that is there.
  const before = useRef(shown);
  useLayoutEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    const active = document.activeElement;
    if (active !== null && active !== document.body && active.checkVisibility()) return;
    const goal = shown === 'reader' ? '.reader-scroll' : '.conversation-list';
    panes.current?.querySelector<HTMLElement>(goal)?.focus({ preventScroll: true });
  }, [shown]);

  return (
    <div
      ref={panes}
      className="columns"
      data-shows={shown}
      data-narrow={isNarrow}
      data-density={preferences.density}
      style={{ '--sidebar-width': `${sidebarWidth}px`, '--list-width': `${listWidth}px` } as CSSProperties}
    >
      {sidebar(
        !isStrip && !isNarrow && (
          <Separator
            label={t('pane.sidebarWidth')}
            controls="sidebar"
            width={sidebarWidth}
            {...sidebarLimits}
            usual={defaultPreferences.sidebarWidth}
            onWidth={(width) => setDragged({ sidebarWidth: width })}
            onSettled={(width) => settle({ sidebarWidth: width })}
            onFold={() => onChange({ isSidebarWide: false })}
          />
        ),
      )}
      {mail === null ? (
        page
      ) : (
        <main className="panes" aria-label={t('pane.mail')}>
          {mail.list(
            shown === 'both' && (
              <Separator
                label={t('pane.listWidth')}
                controls="conversations"
                width={listWidth}
                {...listLimits}
                usual={defaultPreferences.listWidth}
                onWidth={(width) => setDragged({ listWidth: width })}
                onSettled={(width) => settle({ listWidth: width })}
                onFold={() => onChange({ showsList: false })}
              />
            ),
          )}
          <div className="reader-pane">
            {shown === 'reader' && (
              <p className="reader-back">
                <CommandButton command={back} Icon={ArrowLeft} testId="back" />
              </p>
            )}
            {mail.reader}
          </div>
        </main>
      )}
    </div>
  );
}
