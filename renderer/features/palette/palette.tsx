import type { Command } from '../../commands/command.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Picker } from '../../ui/picker.tsx';

interface PaletteProps {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

/** Every command that can be given now, found by its name. */
export function Palette({ commands, onClose }: PaletteProps) {
  const { t } = useLanguage();
  const given = commands.filter(({ id, isEnabled }) => isEnabled && id !== 'palette.open');
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
        // The dialog gives the focus back first; the command may then move it.
        setTimeout(() => command.run(), 0);
      }}
      onClose={onClose}
    />
  );
}
