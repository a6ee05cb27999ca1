import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EffectivePolicy, RefusedValue } from '../../../shared/model/effective-policy.ts';
import { livePolicy } from '../../../shared/policy/live.ts';
import {
  checkPersonalValue,
  type PersonalValues,
  type ResolvedPolicy,
  resolvePolicy,
} from '../../../shared/policy/resolve.ts';
import { type Policy, rowOf, type SettingName, settingNames } from '../../../shared/policy/settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { replaceFile } from '../durable-file.ts';
import type { WriteLog } from '../log.ts';
import type { PolicySource } from './policy-source.ts';

/** How long after a change a source is read, in milliseconds: a tool may write it in several steps. */
const settleMs = 250;
/** How often sources are read that told of no change, in milliseconds. */
const pollMs = 30_000;

export interface PolicyServiceOptions {
  readonly source: PolicySource;
  /** The person's own values: one JSON object, in the profile. */
  readonly personalFile: string;
  readonly log: WriteLog;
  readonly settleMs?: number;
  readonly pollMs?: number;
}

export interface PolicyService {
  /**
   * The policy as it applies now, always the newest: read its properties when they are needed. What takes effect only
   * at a start is as it was then.
   */
  readonly running: Policy;
  readonly refused: readonly RefusedValue[];
  effective(): EffectivePolicy;
  /** Takes a value of the person's own, as JSON text. `input.invalid` with the reason, `storage.failed`. */
  change(name: string, value: string): Result<null, AppError>;
  /** Forgets it again. */
  reset(name: string): Result<null, AppError>;
  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/** Knows what applies on this laptop, follows the sources while the app runs, and keeps what the person chose. */
export function openPolicy(options: PolicyServiceOptions): PolicyService {
  const { source, personalFile, log } = options;
  const listeners = new Set<() => void>();
  let personal = readPersonal(personalFile);
  let resolved = resolvePolicy(source.read(), personal);
  logRefused(resolved.refused);
  const atStart = resolved.policy;
  const live = livePolicy(resolved.policy);
  const running = live.policy;

  function resolveAgain(): void {
    const next = resolvePolicy(source.read(), personal);
    if (isDeepStrictEqual(next, resolved)) return;
    const known = resolved;
    resolved = next;
    live.replace(runningOf(next.policy));
    logRefused(next.refused.filter((one) => !known.refused.some((old) => isDeepStrictEqual(old, one))));
    log('info', 'policy', 'changed', { settings: changedNames(known, next).join(' ') });
    for (const listener of [...listeners]) listener();
  }

  function runningOf(policy: Policy): Policy {
    const atRestart = settingNames.filter((name) => rowOf(name).appliesAt === 'restart');
    return { ...policy, ...Object.fromEntries(atRestart.map((name) => [name, atStart[name]])) };
  }

  function logRefused(refused: readonly RefusedValue[]): void {
    for (const { setting, place, reason } of refused)
      log('warn', 'policy', 'refused', { setting, place, reason });
  }

  function store(values: PersonalValues['values']): Result<null, AppError> {
    try {
      replaceFile(personalFile, `${JSON.stringify(values, null, 2)}\n`);
    } catch {
      return err(appError('storage.failed', 'afterUserAction'));
    }
    personal = { place: personalFile, values };
    resolveAgain();
    return ok(null);
  }

  let settling: NodeJS.Timeout | undefined;
  const stopWatching = source.watch(() => {
    settling ??= setTimeout(() => {
      settling = undefined;
      resolveAgain();
    }, options.settleMs ?? settleMs);
  });
  const polling = setInterval(resolveAgain, options.pollMs ?? pollMs);
  polling.unref();

  return {
    running,
    get refused() {
      return resolved.refused;
    },
    effective: () => ({
      settings: settingNames.map((name) => ({
        name,
        value: JSON.stringify(resolved.policy[name]),
        source: resolved.sources[name],
        isLocked: resolved.sources[name] === 'enforced',
        isPersonal: rowOf(name).isPersonal === true,
        needsRestart: !isDeepStrictEqual(resolved.policy[name], running[name]),
      })),
      refused: resolved.refused,
      adminContact: resolved.policy['admin.contact'],
    }),
    change: (name, text) => {
      const invalid = (reason: string) =>
        err(appError('input.invalid', 'afterUserAction', { setting: name, reason }));
      if (resolved.sources[name as SettingName] === 'enforced') return invalid('locked');
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return invalid('not JSON');
      }
      const checked = checkPersonalValue(name, value, resolved.policy);
      return checked.isValid ? store({ ...personal.values, [name]: checked.value }) : invalid(checked.reason);
    },
    reset: (name) => {
      if (!Object.hasOwn(personal.values, name)) return ok(null);
      const { [name]: _, ...rest } = personal.values;
      return store(rest);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(settling);
      clearInterval(polling);
      stopWatching();
    },
  };
}

function changedNames(before: ResolvedPolicy, after: ResolvedPolicy): readonly SettingName[] {
  return settingNames.filter(
    (name) =>
      before.sources[name] !== after.sources[name] ||
      !isDeepStrictEqual(before.policy[name], after.policy[name]),
  );
}

/** A file that is broken or not there: the person has chosen nothing. */
function readPersonal(place: string): PersonalValues {
  try {
    const values: unknown = JSON.parse(readFileSync(place, 'utf8'));
    const isObject = typeof values === 'object' && values !== null && !Array.isArray(values);
    return { place, values: isObject ? (values as PersonalValues['values']) : {} };
  } catch {
    return { place, values: {} };
  }
}
