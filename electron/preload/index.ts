import { contextBridge, ipcRenderer } from 'electron';
import type { BridgeEvent } from '../../shared/contract/events.ts';
import { channelOf, contract, eventChannel } from '../../shared/contract/index.ts';

type Call = (input: unknown) => Promise<unknown>;

/** One function for each method of the contract, each tied to its own channel: there is no way to name another. */
const api = Object.fromEntries(
  Object.entries(contract).map(([domain, methods]) => [
    domain,
    Object.fromEntries(
      Object.keys(methods).map((name): [string, Call] => {
        const channel = channelOf(domain, name);
        return [name, (input) => ipcRenderer.invoke(channel, input)];
      }),
    ),
  ]),
);

function subscribe(listener: (event: BridgeEvent) => void): () => void {
  const receive = (_event: unknown, event: BridgeEvent): void => listener(event);
  ipcRenderer.on(eventChannel, receive);
  return () => {
    ipcRenderer.removeListener(eventChannel, receive);
  };
}

contextBridge.exposeInMainWorld('relevo', { ...api, subscribe });
