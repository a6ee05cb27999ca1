import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';

const usage = `npm run escrow -- --new-key PRIVATE
npm run escrow -- --key PRIVATE FILE

For administrators. The first makes a pair of keys: the private one is written to PRIVATE, which must not exist and
belongs in a safe; the public one is shown, for the setting keystore.escrowKey.

The second opens FILE, the recovery.jwe of a laptop's profile, and shows the recovery code to tell its person.
PRIVATE is a JWK or a PKCS#8 PEM, RSA or EC.`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'new-key': { type: 'string' },
    key: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const [file] = positionals;
if (options['new-key'] !== undefined) await makeKey(options['new-key']);
else if (options.key !== undefined && file !== undefined) await openEscrow(options.key, file);
else {
  console.log(usage);
  process.exitCode = options.help ? 0 : 2;
}

async function makeKey(target: string): Promise<void> {
  if (existsSync(target)) return fail(`${target} exists already; nothing was changed.`);
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  writeFileSync(target, `${JSON.stringify(await exportJWK(pair.privateKey), null, 2)}\n`, { mode: 0o600 });
  console.log(JSON.stringify(await exportJWK(pair.publicKey)));
}

async function openEscrow(keyFile: string, escrowFile: string): Promise<void> {
  const key = readPrivateKey(keyFile);
  if (key === null) return fail(`${keyFile} holds no private key that can be read.`);
  try {
    const { plaintext } = await compactDecrypt(readFileSync(escrowFile, 'utf8').trim(), key, {
      keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    console.log(new TextDecoder().decode(plaintext));
  } catch {
    fail(`${escrowFile} cannot be opened by this key.`);
  }
}

function readPrivateKey(file: string): KeyObject | null {
  try {
    const text = readFileSync(file, 'utf8');
    return text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text);
  } catch {
    return null;
  }
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
