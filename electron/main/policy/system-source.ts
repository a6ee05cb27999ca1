import { userInfo } from 'node:os';
import { bundleId, linuxPolicyFolder } from '../../../shared/policy/vendor.ts';
import { jsonFolder } from './json-files.ts';
import { managedPreferenceFiles, managedPreferences } from './managed-preferences.ts';
import type { PolicySource } from './policy-source.ts';
import { windowsRegistry } from './windows-registry.ts';

const root = 0;

/** Where this operating system keeps what an administrator says. */
export function systemSource(platform: NodeJS.Platform): PolicySource {
  switch (platform) {
    case 'win32':
      return windowsRegistry();
    case 'darwin':
      return managedPreferences(managedPreferenceFiles(bundleId, userName()), root);
    default:
      return jsonFolder(linuxPolicyFolder, root);
  }
}

/** Null for a user that the system has no name for. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
