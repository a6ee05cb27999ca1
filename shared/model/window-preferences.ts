/** How close together the conversations of the list stand. */
export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

/** Which mail program's keys the person has in their fingers; `own` is a little of each. */
export const shortcutSets = ['own', 'outlook', 'appleMail', 'gmail', 'thunderbird'] as const;
export type ShortcutSet = (typeof shortcutSets)[number];

/** How the person has arranged the window. Nothing of it is mail; losing it costs a minute. */
export interface WindowPreferences {
  readonly density: Density;
  readonly shortcutSet: ShortcutSet;
  /** In pixels of the page. */
  readonly sidebarWidth: number;
  readonly listWidth: number;
  /** False: the sidebar is a strip of icons. */
  readonly isSidebarWide: boolean;
  /** False: what is read takes the place of the list. */
  readonly showsList: boolean;
  readonly showsReader: boolean;
  /** Ids of commands that were given in the palette, the latest first. */
  readonly recentCommands: readonly string[];
}

export const defaultPreferences: WindowPreferences = {
  density: 'comfortable',
  shortcutSet: 'own',
  sidebarWidth: 224,
  listWidth: 350,
  isSidebarWide: true,
  showsList: true,
  showsReader: true,
  recentCommands: [],
};
