import { writeFile } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { AttachmentBytes } from '../engine/protocol.ts';
import { markOfTheWeb } from './mark-of-the-web.ts';
import { safeFileName } from './safe-file-name.ts';

/** Asks the person for a place and writes a file there, under a name that is safe whatever a mail has made of it. */
export async function saveFile(
  window: BrowserWindow,
  file: AttachmentBytes,
): Promise<Result<{ readonly isSaved: boolean }, AppError>> {
  const choice = await dialog.showSaveDialog(window, { defaultPath: safeFileName(file.fileName) });
  if (choice.canceled || choice.filePath === '') return ok({ isSaved: false });
  try {
    await writeFile(choice.filePath, file.content);
    const mark = markOfTheWeb(choice.filePath, process.platform);
    // A disk without second streams (FAT) cannot keep it; the file is there all the same.
    if (mark !== null) await writeFile(mark.file, mark.content).catch(() => undefined);
    return ok({ isSaved: true });
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    return err(appError(isFull ? 'storage.full' : 'storage.failed', 'afterUserAction'));
  }
}
