import { dirname } from 'node:path';
import { parse } from 'plist';
import { documentsOf, joinReadings, readTextForms, refusedSource } from '../../../shared/policy/document.ts';
import { nothingSaid, type PolicyReading } from '../../../shared/policy/resolve.ts';
import type { PolicySource } from './policy-source.ts';
import { readTrustedFile } from './trusted-file.ts';
import { watchFolders } from './watch-folders.ts';

/** macOS writes there what a configuration profile forces, for the machine and for the person, who comes second. */
export function managedPreferenceFiles(bundleId: string, user: string | null): readonly string[] {
  const folder = '/Library/Managed Preferences';
  const ofUser = user === null ? [] : [`${folder}/${user}/${bundleId}.plist`];
  return [`${folder}/${bundleId}.plist`, ...ofUser];
}

/** macOS: property lists as managed preferences have them. `owner` is the user id that must own them. */
export function managedPreferences(files: readonly string[], owner: number | null): PolicySource {
  return {
    read: () => joinReadings(files.map((file) => readFile(file, owner))),
    watch: (changed) => watchFolders(files.map(dirname), (name) => name.endsWith('.plist'), changed),
  };
}

function readFile(file: string, owner: number | null): PolicyReading {
  const found = readTrustedFile(file, owner);
  if (found.kind === 'missing') return nothingSaid;
  return found.kind === 'refused'
    ? refusedSource(file, found.reason)
    : readManagedPreferences(file, found.content);
}

/** Reads a property list, XML or binary. Its settings are enforced but for those in the dictionary `defaults`. */
export function readManagedPreferences(place: string, content: Uint8Array): PolicyReading {
  let root: unknown;
  try {
    const isBinary = Buffer.from(content.subarray(0, 6)).toString('latin1') === 'bplist';
    root = parse(isBinary ? content : Buffer.from(content).toString('utf8'));
  } catch {
    return refusedSource(place, 'not a property list');
  }
  const reading = readTextForms(documentsOf(place, root));
  return { ...reading, documents: reading.documents.map(withoutPayloadKeys) };
}

/** macOS copies what identifies a profile (`PayloadUUID` …) beside its values. */
function withoutPayloadKeys<Document extends { readonly values: Readonly<Record<string, unknown>> }>(
  document: Document,
): Document {
  const values = Object.entries(document.values).filter(([name]) => !name.startsWith('Payload'));
  return { ...document, values: Object.fromEntries(values) };
}
