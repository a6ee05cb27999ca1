import type * as Electron from 'electron';
import { asElectron } from '../host/guard.ts';
import { MessagePort, openChannel } from '../host/message-ports.ts';

export class MessageChannelMain implements Electron.MessageChannelMain {
  readonly port1: Electron.MessagePortMain;
  readonly port2: Electron.MessagePortMain;

  constructor() {
    const [one, two] = openChannel();
    this.port1 = toElectron(one);
    this.port2 = toElectron(two);
  }
}

function toElectron(port: MessagePort): Electron.MessagePortMain {
  return asElectron<Electron.MessagePortMain>(port);
}

/** Ours behind what the app wants to send along. */
export function ownPorts(ports: readonly Electron.MessagePortMain[]): readonly MessagePort[] {
  return ports.map((port: unknown) => {
    if (port instanceof MessagePort) return port;
    throw new TypeError('Invalid value for transfer');
  });
}
