import { type Policy, type SettingName, settingNames } from './settings.ts';

export interface LivePolicy {
  /** Always the newest: read its properties when they are needed, keep no copies. */
  readonly policy: Policy;
  replace(policy: Policy): void;
}

/** A policy that changes under those who hold it. */
export function livePolicy(initial: Policy): LivePolicy {
  let current = initial;
  const policy = Object.defineProperties(
    {},
    Object.fromEntries(settingNames.map((name) => [name, { enumerable: true, get: () => current[name] }])),
  ) as Policy;
  return {
    policy,
    replace: (next) => {
      current = next;
    },
  };
}

/** Some of the settings under shorter names, as live as `policy` is. */
export function livePart<const Names extends Readonly<Record<string, SettingName>>>(
  policy: Policy,
  names: Names,
): { readonly [Name in keyof Names]: Policy[Names[Name]] } {
  return Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(names).map(([short, name]) => [short, { enumerable: true, get: () => policy[name] }]),
    ),
  ) as { readonly [Name in keyof Names]: Policy[Names[Name]] };
}
