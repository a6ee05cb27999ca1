import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';

type Handler = Parameters<Electron.IpcMain['handle']>[1];

class IpcMain
  extends EventEmitter
  implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>
{
  readonly handlers = new Map<string, Handler>();

  handle(channel: string, listener: Handler): void {
    if (this.handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, listener);
  }

  handleOnce(channel: string, listener: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.handlers.delete(channel);
      return listener(event, ...args) as unknown;
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

export type { IpcMain };

export function createIpcMain(): IpcMain {
  return guard('ipcMain', new IpcMain().setMaxListeners(0));
}

export const ipcMain = createIpcMain();
