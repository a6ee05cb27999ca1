import type { Command } from '../../commands/command.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Picker } from '../../ui/picker.tsx';

interface PaletteProps {
  readonly commands: readonly Command[];
  /** Ids of those given lately, the latest first: they stand above the others. */
  readonly recent: readonly string[];
  readonly onGiven: (id: string) => void;
  readonly onClose: () => void;
}

/** Every command that can be given now, found by its name. */
export function Palette({ commands, recent, onGiven, onClose }: PaletteProps) {
  const { t } = useLanguage();
  const rank = ({ id }: Command): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const given = commands
    .filter(({ id, isEnabled }) => isEnabled && id !== 'palette.open')
    .toSorted((one, other) => rank(one) - rank(other));
  return (
    <Picker
      label={t('palette.label')}
      placeholder={t('palette.placeholder')}
      testId="palette"
      options={given.map((command) => ({
        key: command.id,
        text: t(command.label),
        hint: command.shortcutText,
        value: command,
      }))}
      onChosen={(command) => {
        onClose();
        onGiven(command.id);
        // The dialog gives the focus back first; the command may then move it.
        setTimeout(() => command.run(), 0);
      }}
      onClose={onClose}
    />
  );
}
