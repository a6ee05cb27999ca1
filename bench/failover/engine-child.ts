import { resolve } from 'node:path';
import { startEngine } from '../../electron/engine/engine.ts';
import { realClock, realRandom, silent, testKey } from '../../electron/engine/testing/laptop.ts';
import { memorySecrets } from '../../electron/engine/testing/memory-secrets.ts';
import type { Presence } from '../../shared/model/attention.ts';
import type { Policy } from '../../shared/policy/settings.ts';

/** An engine in a process of its own, to be measured from outside. */
export interface Begin {
  readonly folder: string;
  readonly policy: Policy;
  readonly address: string;
  readonly secrets: { readonly exchange: string; readonly continuity: string };
  readonly presence: Presence;
}

process.once('message', (message) => {
  const { folder, policy, address, secrets: given, presence } = message as Begin;
  const secrets = memorySecrets();
  void secrets.put({ address, provider: 'exchange' }, given.exchange);
  void secrets.put({ address, provider: 'continuity' }, given.continuity);
  const started = startEngine({
    databaseFile: resolve(folder, 'mail.db'),
    databaseKeys: [testKey],
    policy,
    locale: 'en',
    isKeyStoreProtected: true,
    clock: realClock,
    random: realRandom,
    log: silent,
    secrets,
    resolveProxy: async () => 'DIRECT',
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    openBrowser: async () => ({ ok: true, value: null }),
    announce: () => {},
    accountsChanged: () => {},
    onlyHere: () => {},
    restart: () => {},
  });
  if (!started.ok) throw new Error(started.error.code);
  started.value.attend({ presence, isOnBattery: false });
});
