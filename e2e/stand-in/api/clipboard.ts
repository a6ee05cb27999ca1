import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';

let text = '';

/** Of this process alone; pages have Chromium's. */
export const clipboard = guard('clipboard', {
  readText: async () => text,
  writeText: async (written) => {
    text = written;
  },
  clear: () => {
    text = '';
  },
} satisfies Partial<Electron.Clipboard>);
