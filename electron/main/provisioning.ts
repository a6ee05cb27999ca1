import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { type AppError, appError } from '../../shared/errors.ts';
import { provisioningFile } from '../../shared/policy/provisioning.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { KeyStore } from './key-store.ts';

/**
 * Seals the secrets that the device management brought and then removes their file: overwritten first, since a
 * plain removal leaves the bytes on the disk. Nothing to do when the file is not there. The file stays when a
 * secret could not be sealed, so that the next start tries again.
 */
export async function importProvisioning(
  file: string | null,
  keyStore: Pick<KeyStore, 'putSecret'>,
): Promise<Result<number, AppError>> {
  if (file === null || !existsSync(file)) return ok(0);
  const parsed = readProvisioning(file);
  if (parsed === null)
    return err(appError('policy.invalid', 'afterUserAction', { setting: 'provisioning.file' }));

  let count = 0;
  for (const [address, secrets] of Object.entries(parsed.secrets)) {
    for (const provider of ['exchange', 'continuity'] as const) {
      const secret = secrets[provider];
      if (secret === undefined) continue;
      const stored = await keyStore.putSecret({ address, provider }, secret);
      if (!stored.ok) return stored;
      count += 1;
    }
  }
  try {
    writeFileSync(file, Buffer.alloc(statSync(file).size));
    rmSync(file);
  } catch {
    return err(appError('storage.failed', 'afterUserAction', { setting: 'provisioning.file' }));
  }
  return ok(count);
}

function readProvisioning(file: string) {
  try {
    const parsed = v.safeParse(provisioningFile, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
