import type { SettingName } from '../settings.ts';

/** What a setting is, in the words of an administrator who has never seen the product. */
export interface HelpText {
  /** A few words, e.g. for a list. */
  readonly title: string;
  /** One to three sentences: what it does, and its unit. */
  readonly text: string;
}

/** What stands before a setting's first dot. */
export type SettingGroup = SettingName extends infer Name
  ? Name extends `${infer Group}.${string}`
    ? Group
    : Name
  : never;

/** Everything that is said about the settings in one language. */
export interface Help {
  readonly groups: Readonly<Record<SettingGroup, string>>;
  readonly settings: Readonly<Record<SettingName, HelpText>>;
}
