import { type ShortcutSet, shortcutSets } from '../../../shared/model/window-preferences.ts';
import { type Command, shortcutTexts } from '../../commands/command.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './shortcuts-dialog.css';

interface ShortcutsDialogProps {
  readonly commands: readonly Command[];
  readonly shortcutSet: ShortcutSet;
  readonly onChosen: (set: ShortcutSet) => void;
  readonly onClose: () => void;
}

const groups = ['message', 'conversation', 'search', 'view', 'pane', 'other'] as const;
type Group = (typeof groups)[number];

/** What an id begins with says where it belongs. */
function groupOf({ id }: Command): Group {
  return groups.find((group) => id.startsWith(`${group}.`)) ?? 'other';
}

/** Every key that does something, and in whose manner: the keys of another mail program can be chosen. */
export function ShortcutsDialog({ commands, shortcutSet, onChosen, onClose }: ShortcutsDialogProps) {
  const { t } = useLanguage();
  const withKeys = commands.filter(({ shortcuts }) => shortcuts.length > 0);
  return (
    <Dialog label={t('help.shortcuts')} testId="shortcuts" className="shortcuts" onClose={onClose}>
      <header>
        <h2>{t('help.shortcuts')}</h2>
        <label>
          {t('help.asIn')}
          <select
            data-testid="shortcut-set"
            value={shortcutSet}
            onChange={({ target }) => {
              const chosen = shortcutSets.find((set) => set === target.value);
              if (chosen !== undefined) onChosen(chosen);
            }}
          >
            {shortcutSets.map((set) => (
              <option key={set} value={set}>
                {t(`help.set.${set}`)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button"
          data-testid="shortcuts-close"
          data-first-focus
          onClick={onClose}
        >
          {t('help.close')}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="shortcut-groups" aria-label={t('help.shortcuts')} tabIndex={0}>
        {groups.map((group) => {
          const own = withKeys.filter((command) => groupOf(command) === group);
          return (
            own.length > 0 && (
              <section key={group}>
                <h3>{t(`help.group.${group}`)}</h3>
                <dl>
                  {own.map((command) => (
                    <div key={command.id} data-testid={`shortcut-${command.id}`}>
                      <dt>{t(command.label)}</dt>
                      <dd>
                        {shortcutTexts(command).map((keys) => (
                          <kbd key={keys}>{keys}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          );
        })}
        <section>
          <h3>{t('help.group.list')}</h3>
          <dl>
            {listKeys.map(([key, keys]) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>
                  {keys.map((one) => (
                    <kbd key={one}>{one}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </section>
    </Dialog>
  );
}

/** What the list itself does with keys; the same in every set. */
const listKeys = [
  ['help.list.move', ['↓', '↑', 'J', 'K']],
  ['help.list.open', ['↵']],
  ['help.list.mark', ['Shift+↓', 'Ctrl+Space', 'X']],
  ['help.list.all', ['Ctrl+A']],
  ['help.list.menu', ['Shift+F10']],
] as const;
