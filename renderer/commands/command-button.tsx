import type { LucideIcon } from 'lucide-react';
import type { Translate } from '../../shared/messages/index.ts';
import { useLanguage } from '../ui/language.tsx';
import type { Command } from './command.ts';

/** What a command does, and its key where it has one. */
export function tooltip(t: Translate, { label, shortcutText }: Command): string {
  return shortcutText === '' ? t(label) : t('command.tooltip', { label: t(label), keys: shortcutText });
}

/** A command as a button of a toolbar, its key in the tooltip. */
export function CommandButton({
  command,
  Icon,
  testId,
  isPrimary = false,
}: {
  readonly command: Command;
  readonly Icon: LucideIcon;
  readonly testId: string;
  readonly isPrimary?: boolean;
}) {
  const { t } = useLanguage();
  const label = t(command.label);
  return (
    <button
      type="button"
      className={isPrimary ? 'button primary' : 'button'}
      data-testid={testId}
      disabled={!command.isEnabled}
      title={tooltip(t, command)}
      onClick={command.run}
    >
      <Icon size={16} aria-hidden="true" />
      <span className="button-label">{label}</span>
    </button>
  );
}

/** A command as an icon; `isPressed` where it switches something on and off. */
export function IconButton({
  command,
  Icon,
  testId,
  isPressed,
}: {
  readonly command: Command;
  readonly Icon: LucideIcon;
  readonly testId: string;
  readonly isPressed?: boolean;
}) {
  const { t } = useLanguage();
  const label = t(command.label);
  return (
    <button
      type="button"
      className="button icon-button"
      data-testid={testId}
      disabled={!command.isEnabled}
      aria-pressed={isPressed}
      aria-label={label}
      title={tooltip(t, command)}
      onClick={command.run}
    >
      <Icon size={16} aria-hidden="true" className={isPressed === true ? 'flagged' : ''} />
    </button>
  );
}
