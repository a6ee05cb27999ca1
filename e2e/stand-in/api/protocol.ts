import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';
import type { Partition, SchemeHandler } from '../host/partition.ts';
import { registerScheme } from '../host/web-url.ts';

export function createProtocol(partition: Partition): Electron.Protocol {
  return guard('protocol', {
    registerSchemesAsPrivileged: (schemes) => {
      for (const { scheme, privileges } of schemes) {
        if (privileges?.standard !== true)
          throw new Error(
            `stand-in: protocol.registerSchemesAsPrivileged of ${scheme}, not standard, is not implemented`,
          );
        registerScheme(scheme);
      }
    },
    handle: (scheme, handler) => {
      if (partition.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
      registerScheme(scheme);
      partition.handlers.set(scheme, handler as SchemeHandler);
    },
    unhandle: (scheme) => {
      if (!partition.handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
    },
    isProtocolHandled: (scheme) => partition.handlers.has(scheme),
  } satisfies Partial<Electron.Protocol>) as Electron.Protocol;
}
