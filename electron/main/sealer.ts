import { safeStorage } from 'electron';
import type { Sealer } from './key-store.ts';

/**
 * The OS key store: DPAPI, Keychain, libsecret or KWallet. On Linux without any of them Electron would seal with a
 * constant (`basic_text`), which protects nothing: that counts as unavailable unless policy allows it.
 */
export function systemSealer(allowUnprotected: boolean): Sealer {
  const backend = () =>
    process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform;
  return {
    backend,
    isAvailable: async () =>
      (allowUnprotected || backend() !== 'basic_text') && (await safeStorage.isAsyncEncryptionAvailable()),
    seal: (text) => safeStorage.encryptStringAsync(text),
    open: async (sealed) => {
      const opened = await safeStorage.decryptStringAsync(sealed);
      return { text: opened.result, shouldSealAgain: opened.shouldReEncrypt };
    },
  };
}
