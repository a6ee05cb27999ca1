import { writeFile } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { AttachmentBytes } from '../engine/protocol.ts';
import { safeFileName } from './safe-file-name.ts';

/** Asks the person for a place and writes the attachment there. */
export async function saveAttachment(
  window: BrowserWindow,
  attachment: AttachmentBytes,
): Promise<Result<{ readonly isSaved: boolean }, AppError>> {
  const choice = await dialog.showSaveDialog(window, { defaultPath: safeFileName(attachment.fileName) });
  if (choice.canceled || choice.filePath === '') return ok({ isSaved: false });
  try {
    await writeFile(choice.filePath, attachment.content);
    return ok({ isSaved: true });
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    return err(appError(isFull ? 'storage.full' : 'storage.failed', 'afterUserAction'));
  }
}
