import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { joinReadings, readJsonPolicy, refusedSource } from '../../../shared/policy/document.ts';
import { nothingSaid, type PolicyReading } from '../../../shared/policy/resolve.ts';
import type { PolicySource } from './policy-source.ts';
import { readTrustedFile } from './trusted-file.ts';
import { watchFolders } from './watch-folders.ts';

/** Linux: every `*.json` of a folder in the order of their names. `owner` is the user id that must own them. */
export function jsonFolder(folder: string, owner: number | null): PolicySource {
  return {
    read: () => {
      const names = listJson(folder);
      return typeof names === 'string'
        ? refusedSource(folder, names)
        : joinReadings(names.map((name) => readJsonFile(join(folder, name), owner, nothingSaid)));
    },
    watch: (changed) => watchFolders([folder], isPolicyFile, changed),
  };
}

/** One file that a developer names. That it is missing must show. */
export function developmentFile(file: string): PolicySource {
  return {
    read: () => readJsonFile(file, null, refusedSource(file, 'cannot be read: ENOENT')),
    watch: (changed) => watchFolders([dirname(file)], (name) => name === basename(file), changed),
  };
}

function readJsonFile(file: string, owner: number | null, missing: PolicyReading): PolicyReading {
  const found = readTrustedFile(file, owner);
  switch (found.kind) {
    case 'read':
      return readJsonPolicy(file, found.content.toString('utf8'));
    case 'missing':
      return missing;
    case 'refused':
      return refusedSource(file, found.reason);
  }
}

const isPolicyFile = (name: string): boolean => name.endsWith('.json') && !name.startsWith('.');

/** Why it cannot be listed, or the names. */
function listJson(folder: string): readonly string[] | string {
  try {
    return readdirSync(folder).filter(isPolicyFile).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' ? [] : `cannot be read: ${code}`;
  }
}
