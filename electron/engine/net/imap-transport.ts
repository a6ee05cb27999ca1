import type { ImapTransport } from 'imapflow';
import type { Opened } from './network.ts';

/** Hands imapflow a connection that stands already, and has it secured by the same rules as every other. */
export function imapTransport({ socket, upgrade }: Opened): ImapTransport {
  return {
    connect: (_options, onConnect) => {
      setImmediate(onConnect);
      return socket;
    },
    upgrade: (_plain, _options, onSecure) => upgrade(socket).once('secureConnect', onSecure),
  };
}
