import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { type AppError, appError } from '../../shared/errors.ts';
import { type PendingEnrolment, pendingEnrolments, provisioning } from '../../shared/policy/provisioning.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import { openDeviceKey } from './device-key.ts';
import type { KeyStore } from './key-store.ts';

type Secrets = Pick<KeyStore, 'secret' | 'putSecret'>;

/** Where the engine looks for codes and links to redeem. */
const enrolmentName: SecretName = { address: 'enrolment', provider: 'device' };
/** The digest of the value that was taken last. */
const takenName: SecretName = { address: 'provisioned', provider: 'device' };

export interface ProvisioningPlaces {
  /** Plain, protected by the OS's access rights, or encrypted for this laptop. */
  readonly file: string | null;
  /** A value of the policy, encrypted for this laptop. */
  readonly sealed: string | null;
  /** Where the public part of this laptop's key is left for the device management. */
  readonly deviceKeyFile: string;
}

/**
 * Seals what the device management brought. A file is removed then: overwritten first, since a plain removal leaves the
 * bytes on the disk. It stays when something could not be sealed, so that the next start tries again. A value cannot be
 * removed from here; it is taken once, so that it never replaces what has come since. Yields how many secrets and codes
 * were taken.
 */
export async function importProvisioning(
  places: ProvisioningPlaces,
  keyStore: Secrets,
): Promise<Result<number, AppError>> {
  const ofFile = await importFile(places, keyStore);
  const ofValue = await importValue(places, keyStore);
  if (!ofFile.ok) return ofFile;
  return ofValue.ok ? ok(ofFile.value + ofValue.value) : ofValue;
}

async function importFile(
  { file, deviceKeyFile }: ProvisioningPlaces,
  keyStore: Secrets,
): Promise<Result<number, AppError>> {
  if (file === null || !existsSync(file)) return ok(0);
  const text = readText(file);
  const taken = text === null ? null : await take(text, deviceKeyFile, keyStore);
  if (taken === null) return invalid('provisioning.file');
  if (!taken.ok) return taken;
  try {
    writeFileSync(file, Buffer.alloc(statSync(file).size));
    rmSync(file);
  } catch {
    return err(appError('storage.failed', 'afterUserAction', { setting: 'provisioning.file' }));
  }
  return taken;
}

async function importValue(
  { sealed, deviceKeyFile }: ProvisioningPlaces,
  keyStore: Secrets,
): Promise<Result<number, AppError>> {
  // The device management needs the key before it can encrypt anything.
  const key = await openDeviceKey(deviceKeyFile, keyStore);
  if (!key.ok) return key;
  if (sealed === null) return ok(0);
  const digest = createHash('sha256').update(sealed).digest('base64');
  const before = await keyStore.secret(takenName);
  if (before.ok && before.value === digest) return ok(0);
  const taken = isSealed(sealed) ? await take(sealed, deviceKeyFile, keyStore) : null;
  if (taken === null) return invalid('provisioning.sealed');
  if (!taken.ok) return taken;
  const noted = await keyStore.putSecret(takenName, digest);
  return noted.ok ? taken : noted;
}

/** Null: it cannot be understood. */
async function take(
  text: string,
  deviceKeyFile: string,
  keyStore: Secrets,
): Promise<Result<number, AppError> | null> {
  const plain = isSealed(text) ? await unseal(text, deviceKeyFile, keyStore) : ok(text);
  if (!plain.ok) return plain.error.code === 'input.invalid' ? null : plain;
  const document = readJson(plain.value);
  const parsed = v.safeParse(provisioning, document);
  if (!parsed.success || Array.isArray(document)) return null;
  const { proxy, secrets, enrolments } = parsed.output;

  let count = 0;
  if (proxy !== undefined) {
    const stored = await keyStore.putSecret({ address: '', provider: 'proxy' }, proxy);
    if (!stored.ok) return stored;
    count += 1;
  }
  for (const [address, ofAccount] of Object.entries(secrets)) {
    for (const provider of ['exchange', 'continuity'] as const) {
      const secret = ofAccount[provider];
      if (secret === undefined) continue;
      const stored = await keyStore.putSecret({ address, provider }, secret);
      if (!stored.ok) return stored;
      count += 1;
    }
  }
  const left = await leaveForTheEngine(enrolments, keyStore);
  return left.ok ? ok(count + enrolments.length) : left;
}

async function leaveForTheEngine(
  enrolments: readonly string[],
  keyStore: Secrets,
): Promise<Result<null, AppError>> {
  if (enrolments.length === 0) return ok(null);
  const kept = await keyStore.secret(enrolmentName);
  if (!kept.ok && kept.error.code !== 'auth.missing') return kept;
  const parsed = v.safeParse(pendingEnrolments, kept.ok ? readJson(kept.value) : []);
  const before: readonly PendingEnrolment[] = parsed.success ? parsed.output : [];
  const known = new Set(before.map(({ text }) => text));
  const added = enrolments.filter((text) => !known.has(text)).map((text) => ({ text, begun: null }));
  return keyStore.putSecret(enrolmentName, JSON.stringify([...before, ...added]));
}

async function unseal(
  jwe: string,
  deviceKeyFile: string,
  keyStore: Secrets,
): Promise<Result<string, AppError>> {
  const key = await openDeviceKey(deviceKeyFile, keyStore);
  return key.ok ? key.value.open(jwe) : key;
}

/** The compact form (RFC 7516 section 7.1); JSON never looks like it. */
const isSealed = (text: string): boolean => /^\s*[\w-]+(\.[\w-]*){4}\s*$/.test(text);

const invalid = (setting: string) => err(appError('policy.invalid', 'afterUserAction', { setting }));

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
