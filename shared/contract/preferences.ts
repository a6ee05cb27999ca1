import * as v from 'valibot';
import { densities, shortcutSets, type WindowPreferences } from '../model/window-preferences.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

const width = v.pipe(v.number(), v.minValue(100), v.maxValue(4000));

export const windowPreferences = v.strictObject({
  density: v.picklist(densities),
  shortcutSet: v.picklist(shortcutSets),
  sidebarWidth: width,
  listWidth: width,
  isSidebarWide: v.boolean(),
  showsList: v.boolean(),
  showsReader: v.boolean(),
  recentCommands: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(20)),
});

export interface PreferencesFound {
  readonly preferences: WindowPreferences;
  /** The system's accent colour as #rrggbb; null: it has none. */
  readonly accent: string | null;
}

export const preferences = {
  /** As kept, or as they are at first (topic `preferences`). */
  read: method<PreferencesFound>()('main', nothing),
  keep: method<null>()('main', windowPreferences),
};
