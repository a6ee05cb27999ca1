import type * as Electron from 'electron';
import { preventable } from '../host/preventable.ts';
import { structuredJson } from '../host/structured-json.ts';
import type { FromPreload, ToPreload } from '../renderer/isolated-world.ts';
import { type IpcMain, ipcMain } from './ipc-main.ts';

type Sent = Extract<FromPreload, { readonly kind: 'send' | 'invoke' }>;

/** The contents that a message comes from. */
interface Source {
  readonly sender: Electron.WebContents;
  readonly senderFrame: Electron.WebFrameMain;
  /** Its own handlers go before those for all. */
  readonly ipc: IpcMain;
  readonly reply: (channel: string, ...args: readonly unknown[]) => void;
  readonly post: (answer: ToPreload) => Promise<void>;
}

const { encode, decode } = structuredJson();

/** Brings what a preload has sent to the app's listeners, or what it invokes to the handler, and the answer back. */
export async function dispatch(message: Sent, source: Source): Promise<void> {
  const { channel } = message;
  const { sender, senderFrame, ipc, reply, post } = source;
  const args = decode(message.args) as unknown[];
  const about = { type: 'frame', processId: 1, frameId: 1, sender, senderFrame } as const;
  if (message.kind === 'send') {
    const event = preventable({ ...about, ports: [], reply, returnValue: undefined });
    for (const listening of [ipc, ipcMain])
      listening.emit(channel, event satisfies Electron.IpcMainEvent, ...args);
    return;
  }
  const { id } = message;
  const handler = ipc.handlers.get(channel) ?? ipcMain.handlers.get(channel);
  try {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const value: unknown = await handler(preventable(about), ...args);
    await post({ kind: 'answer', id, value: encode(value) });
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    await post({ kind: 'refused', id, message: `Error invoking remote method '${channel}': ${error}` });
  }
}
