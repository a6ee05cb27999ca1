import type * as Electron from 'electron';
import { launch } from '../host/launch.ts';

/** All switches: those the app was started with, and those it has added. Chromium gets them when it starts. */
export const switches = new Map(launch.switches);

export const commandLine = {
  appendSwitch: (name, value = '') => {
    switches.set(name, String(value));
  },
  getSwitchValue: (name) => switches.get(name) ?? '',
  hasSwitch: (name) => switches.has(name),
  removeSwitch: (name) => {
    switches.delete(name);
  },
} satisfies Partial<Electron.CommandLine>;
