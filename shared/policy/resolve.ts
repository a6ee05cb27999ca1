import * as v from 'valibot';
import type { RefusedValue, SettingSource } from '../model/effective-policy.ts';
import {
  isSettingName,
  type Policy,
  personalLimits,
  rowOf,
  type SettingName,
  settingNames,
  settings,
} from './settings.ts';

/** What an administrator wrote in one place for one layer. The values are as they were found. */
export interface PolicyDocument {
  /** Where it stands: a file, a registry key. */
  readonly place: string;
  readonly layer: 'default' | 'enforced';
  readonly values: Readonly<Record<string, unknown>>;
}

/** Everything the administrator says, later documents over earlier ones, and what could not be read at all. */
export interface PolicyReading {
  readonly documents: readonly PolicyDocument[];
  readonly refused: readonly RefusedValue[];
}

/** What the person chose, and the file it stands in. */
export interface PersonalValues {
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  readonly refused: readonly RefusedValue[];
}

export const defaultPolicy = Object.fromEntries(
  settingNames.map((name) => [name, settings[name].default]),
) as Policy;

/** Nobody says anything. */
export const nothingSaid: PolicyReading = { documents: [], refused: [] };

/**
 * Lays the layers over each other: the product's defaults, the administrator's, the person's own, what is enforced.
 * Never throws. A value that does not fit is refused and the rest applies. Where security depends on it, it does not
 * fall back to what a lower layer says but to the strictest value; and where a whole source is refused, which might
 * have said anything, all of these do.
 */
export function resolvePolicy(reading: PolicyReading, personal: PersonalValues): ResolvedPolicy {
  const values: Record<string, unknown> = { ...defaultPolicy };
  const sources = Object.fromEntries(settingNames.map((name) => [name, 'product'])) as Record<
    SettingName,
    SettingSource
  >;
  const refused: RefusedValue[] = [...reading.refused];
  const apply = (name: SettingName, value: unknown, source: SettingSource): void => {
    values[name] = value;
    sources[name] = source;
  };

  for (const layer of ['default', 'enforced'] as const) {
    for (const document of reading.documents.filter((one) => one.layer === layer)) {
      for (const [name, value] of Object.entries(document.values)) {
        const refuse = (reason: string) => refused.push({ setting: name, place: document.place, reason });
        if (!isSettingName(name)) {
          refuse('unknown setting');
          continue;
        }
        const checked = checkValue(name, value);
        if (checked.isValid) apply(name, checked.value, layer);
        else {
          refuse(checked.reason);
          const { strictest } = rowOf(name);
          if (strictest !== undefined) apply(name, strictest, layer);
        }
      }
    }
  }
  if (reading.refused.length > 0) {
    for (const name of settingNames) {
      const { strictest } = rowOf(name);
      if (strictest !== undefined) apply(name, strictest, 'enforced');
    }
  }
  for (const [name, value] of Object.entries(personal.values)) {
    if (isSettingName(name) && sources[name] === 'enforced') continue;
    const checked = checkPersonalValue(name, value, values as Policy);
    if (checked.isValid) apply(name as SettingName, checked.value, 'person');
    else refused.push({ setting: name, place: personal.place, reason: checked.reason });
  }
  return { policy: values as Policy, sources, refused };
}

type Checked =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly reason: string };

/** Whether a person may choose this value: the setting is theirs to choose, it fits, and keeps to the administrator's limit. */
export function checkPersonalValue(name: string, value: unknown, policy: Policy): Checked {
  if (!isSettingName(name)) return { isValid: false, reason: 'unknown setting' };
  if (rowOf(name).isPersonal !== true) return { isValid: false, reason: 'only an administrator sets it' };
  const checked = checkValue(name, value);
  const limit = personalLimits[name];
  if (checked.isValid && limit !== undefined && Number(checked.value) > Number(policy[limit]))
    return { isValid: false, reason: `more than ${limit} allows` };
  return checked;
}

function checkValue(name: SettingName, value: unknown): Checked {
  const parsed = v.safeParse(rowOf(name).schema, value);
  return parsed.success
    ? { isValid: true, value: parsed.output }
    : { isValid: false, reason: parsed.issues.map(describeIssue).join('; ') };
}

/** By place and expectation, without the value, which may be a secret. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'value'}: ${issue.expected ?? issue.type} expected`;
}
