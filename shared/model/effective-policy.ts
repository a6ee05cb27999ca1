/**
 * Where the value of a setting comes from, the later ones over the earlier ones: the product; the administrator's
 * defaults; the person; what the administrator enforces, which locks it.
 */
export type SettingSource = 'product' | 'default' | 'person' | 'enforced';

export interface EffectiveSetting {
  readonly name: string;
  /** JSON text, for reading. Secrets are never in a policy. */
  readonly value: string;
  readonly source: SettingSource;
  readonly isLocked: boolean;
  /** Whether the person may change it where it is not locked. */
  readonly isPersonal: boolean;
  /** It has changed, and takes effect only when the app is started again. */
  readonly needsRestart: boolean;
}

/** A value that was refused, and why; the setting kept the value that stands in the list, or failed closed. */
export interface RefusedValue {
  /** Null: not a value but a whole source was refused. */
  readonly setting: string | null;
  /** Where it stood: a file, a registry key. */
  readonly place: string;
  readonly reason: string;
}

export interface EffectivePolicy {
  readonly settings: readonly EffectiveSetting[];
  readonly refused: readonly RefusedValue[];
  /** Whom to ask about locked settings, as the administrator wrote it; empty: nobody named. */
  readonly adminContact: string;
}
