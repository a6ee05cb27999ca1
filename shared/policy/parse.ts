import * as v from 'valibot';
import { type Policy, type SettingName, settings } from './settings.ts';

/** Something in a policy that was not understood. The setting keeps its default; nothing stops. */
export interface PolicyProblem {
  /** The setting's name, or null when the whole text is not a JSON object. */
  readonly setting: string | null;
  /** What is wrong, by place and expectation, without the value, which may be a secret. */
  readonly reason: string;
}

const names = Object.keys(settings) as SettingName[];

export const defaultPolicy = Object.fromEntries(
  names.map((name) => [name, settings[name].default]),
) as Policy;

/** Reads a policy text (JSON object, keys as in the table of settings). Never throws. */
export function parsePolicy(text: string): {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
} {
  const document = readObject(text);
  if (document === null)
    return { policy: defaultPolicy, problems: [{ setting: null, reason: 'not a JSON object' }] };

  const problems: PolicyProblem[] = [];
  const values: Record<string, unknown> = { ...defaultPolicy };
  for (const [name, value] of Object.entries(document)) {
    if (!Object.hasOwn(settings, name)) {
      problems.push({ setting: name, reason: 'unknown setting' });
      continue;
    }
    const parsed = v.safeParse(settings[name as SettingName].schema as v.GenericSchema, value);
    if (parsed.success) values[name] = parsed.output;
    else problems.push({ setting: name, reason: parsed.issues.map(describeIssue).join('; ') });
  }
  return { policy: values as Policy, problems };
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'value'}: ${issue.expected ?? issue.type} expected`;
}
