/** The app's identifier on macOS, and the domain of its managed preferences. */
export const bundleId = 'com.relevo.app';

/** Under HKEY_LOCAL_MACHINE. Our own vendor key: device management services refuse templates below Microsoft's. */
export const registryKey = 'Software\\Policies\\Relevo\\Relevo';

/** Where each layer stands in the registry. */
export const registryLayers = [
  { layer: 'default', key: `${registryKey}\\Defaults` },
  { layer: 'enforced', key: `${registryKey}\\Enforced` },
] as const;

export const linuxPolicyFolder = '/etc/relevo/policies';
