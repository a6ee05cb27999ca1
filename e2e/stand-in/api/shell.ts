import { rm } from 'node:fs/promises';
import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';

/** What the app wanted to open or show; nothing ever is. */
const asked: { readonly what: 'external' | 'path' | 'folder'; readonly target: string }[] = [];

export const shell = guard('shell', {
  asked,
  openExternal: async (url: string) => {
    asked.push({ what: 'external', target: url });
  },
  openPath: async (path: string) => {
    asked.push({ what: 'path', target: path });
    return '';
  },
  showItemInFolder: (path: string) => {
    asked.push({ what: 'folder', target: path });
  },
  trashItem: (path: string) => rm(path, { recursive: true }),
  beep: () => {},
} satisfies Partial<Electron.Shell> & { readonly asked: typeof asked });
