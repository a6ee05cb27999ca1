import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';
import { isOfScheme } from '../host/web-url.ts';
import { defaultSession } from './session.ts';

export const net = guard('net', {
  online: true,
  isOnline: () => true,
  fetch: async (input, init) => {
    const request = new Request(input, init);
    const scheme = request.url.slice(0, request.url.indexOf(':'));
    const handler = defaultSession.partition.handlers.get(scheme);
    if (!isOfScheme(request.url) || handler === undefined)
      throw new Error(`stand-in: net.fetch of ${scheme}: is not implemented`);
    return handler(request);
  },
} satisfies Partial<Electron.Net>);
