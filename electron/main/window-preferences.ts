import { readFileSync } from 'node:fs';
import { systemPreferences } from 'electron';
import * as v from 'valibot';
import { windowPreferences } from '../../shared/contract/preferences.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import { defaultPreferences, type WindowPreferences } from '../../shared/model/window-preferences.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { replaceFile } from './durable-file.ts';

/** Where the arrangement of the window is kept. A file that is broken or not there: as at first. */
export function openWindowPreferences(file: string) {
  return {
    read: (): WindowPreferences => {
      try {
        return v.parse(windowPreferences, {
          ...defaultPreferences,
          ...JSON.parse(readFileSync(file, 'utf8')),
        });
      } catch {
        return defaultPreferences;
      }
    },
    keep: (preferences: WindowPreferences): Result<null, AppError> => {
      try {
        replaceFile(file, `${JSON.stringify(preferences)}\n`);
        return ok(null);
      } catch {
        return err(appError('storage.failed', 'afterUserAction'));
      }
    },
  };
}

/** Of the system, as #rrggbb; null where it has none. */
export function accentColour(): string | null {
  const colour = /^[0-9a-f]{6}/i.exec(systemPreferences.getAccentColor())?.[0];
  return colour === undefined ? null : `#${colour.toLowerCase()}`;
}

/** Calls back when the person has chosen another. macOS tells of it otherwise, and is asked when the window opens. */
export function onAccentChange(changed: () => void): void {
  if (process.platform !== 'darwin') systemPreferences.on('accent-color-changed', changed);
}
