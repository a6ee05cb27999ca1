import { expect, it } from 'vitest';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { emptyChain } from './chain.ts';
import { ledgerFile, signHead, verifyLedgerFile } from './ledger-file.ts';
import { openSigningKey } from './signing-key.ts';

const name = { address: 'ledger', provider: 'device' } as const;

it('signs with the same key ever after', async () => {
  const secrets = memorySecrets();
  const devices: string[] = [];
  for (let time = 0; time < 2; time++) {
    const key = await openSigningKey(secrets);
    if (!key.ok) throw new Error(key.error.code);
    const head = { account: 'anna@corp.example', end: emptyChain, signedAt: '2026-11-24T12:00:00.000Z' };
    const verified = await verifyLedgerFile(ledgerFile([], await signHead(head, key.value)));
    if (verified.ok) devices.push(verified.value.device);
  }
  expect(devices).toHaveLength(2);
  expect(new Set(devices).size).toBe(1);
});

it('neither signs with a key that was not sealed nor replaces one that it cannot read', async () => {
  const secrets = memorySecrets();
  secrets.refuse = () => true;
  expect(await openSigningKey(secrets)).toMatchObject({ ok: false, error: { code: 'storage.full' } });
  secrets.refuse = () => false;
  await secrets.put(name, 'damaged');
  expect(await openSigningKey(secrets)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  expect(await secrets.get(name)).toEqual({ ok: true, value: 'damaged' });
});
