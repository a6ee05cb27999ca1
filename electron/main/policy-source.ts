import { readFileSync } from 'node:fs';
import { defaultPolicy, type PolicyProblem, parsePolicy } from '../../shared/policy/parse.ts';
import type { Policy } from '../../shared/policy/settings.ts';

/** Where the device management puts the policy. Only an administrator can write there. */
const systemFiles: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/Relevo/policy.json',
  linux: '/etc/relevo/policy.json',
  win32: 'C:\\ProgramData\\Relevo\\policy.json',
};

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

/**
 * Reads the policy of this laptop. `override` names another file and is given for development only.
 * A missing or broken file is a problem to show, never a reason not to start.
 */
export function loadPolicy(override: string | null): LoadedPolicy {
  const file = override ?? systemFiles[process.platform];
  if (file === undefined)
    return { policy: defaultPolicy, problems: [{ setting: null, reason: 'no policy file' }] };
  try {
    return parsePolicy(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { policy: defaultPolicy, problems: [{ setting: null, reason: `cannot be read: ${code}` }] };
  }
}
