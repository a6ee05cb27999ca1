import { createRequire } from 'node:module';
import type * as NativeRegistry from 'native-reg';
import { readTextForms, refusedSource } from '../../../shared/policy/document.ts';
import type { PolicyDocument, PolicyReading } from '../../../shared/policy/resolve.ts';
import { registryLayers } from '../../../shared/policy/vendor.ts';
import type { PolicySource } from './policy-source.ts';

/** A registry value as Windows has it: its type's number (winnt.h) and its bytes. */
export interface RegistryValue {
  readonly type: number;
  readonly data: Buffer;
}

/** The values of a key under HKEY_LOCAL_MACHINE by name; null when there is no such key. Throws what Windows says. */
export type ReadRegistryKey = (path: string) => Readonly<Record<string, RegistryValue>> | null;

/** Windows: the machine's policies, where only administrators and group policies write. */
export function windowsRegistry(readKey: ReadRegistryKey = readLocalMachine): PolicySource {
  return {
    read: () => readRegistryPolicy(readKey),
    // Windows tells of changes only to a thread that waits for them; the service asks every now and then anyway.
    watch: () => () => {},
  };
}

export function readRegistryPolicy(readKey: ReadRegistryKey): PolicyReading {
  const documents: PolicyDocument[] = [];
  for (const { layer, key } of registryLayers) {
    const place = `HKLM\\${key}`;
    try {
      const found = readKey(key);
      if (found === null) continue;
      const values = Object.entries(found).map(([name, value]) => [name, fromRegistry(value)]);
      documents.push({ place, layer, values: Object.fromEntries(values) });
    } catch {
      return refusedSource(place, 'cannot be read');
    }
  }
  return readTextForms({ documents, refused: [] });
}

/** Null for what no setting is written as, which is refused later by whatever the setting expects. */
function fromRegistry({ type, data }: RegistryValue): unknown {
  const text = () => data.toString('utf16le').replace(/\0+$/, '');
  switch (type) {
    case 1: // REG_SZ
    case 2: // REG_EXPAND_SZ
      return text();
    case 4: // REG_DWORD
      return data.length === 4 ? data.readUInt32LE(0) : null;
    case 7: // REG_MULTI_SZ
      return text() === '' ? [] : text().split('\0');
    case 11: // REG_QWORD
      return data.length === 8 ? Number(data.readBigUInt64LE(0)) : null;
    default:
      return null;
  }
}

/** The reader is a native module for Windows alone, so it is loaded only when it is used. */
function readLocalMachine(path: string): Readonly<Record<string, RegistryValue>> | null {
  // Its loader would take the module from wherever this says.
  delete process.env.NATIVE_REG_PREBUILD;
  const registry = createRequire(__filename)('native-reg') as typeof NativeRegistry;
  const key = registry.openKey(
    registry.HKEY.LOCAL_MACHINE,
    path,
    registry.Access.QUERY_VALUE | registry.Access.WOW64_64KEY,
  );
  if (key === null) return null;
  try {
    const entries = registry.enumValueNames(key).flatMap((name) => {
      const data = registry.queryValueRaw(key, name);
      return data === null ? [] : [[name, { type: data.type as number, data }] as const];
    });
    return Object.fromEntries(entries);
  } finally {
    registry.closeKey(key);
  }
}
