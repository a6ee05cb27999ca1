import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';

/** Nobody answers: each dialog is cancelled. A test that wants another answer puts its own function here. */
export const dialog = guard('dialog', {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showMessageBox: async (...args: readonly unknown[]) => ({
    response: cancelId(args.at(-1) as Electron.MessageBoxOptions),
    checkboxChecked: false,
  }),
  showErrorBox: (title, content) => console.error(`${title}: ${content}`),
} satisfies Partial<Electron.Dialog>);

/** As Electron chooses it: the given one, else the button that says so, else the first. */
function cancelId({ cancelId: given, buttons = [] }: Electron.MessageBoxOptions): number {
  return (
    given ??
    Math.max(
      0,
      buttons.findIndex((label) => /^(cancel|no)$/i.test(label)),
    )
  );
}
