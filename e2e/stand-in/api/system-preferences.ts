import type * as Electron from 'electron';
import { Guarded } from '../host/guard.ts';

/** A system whose accent colour never changes. */
class SystemPreferences extends Guarded implements Pick<Electron.SystemPreferences, 'getAccentColor'> {
  constructor() {
    super('systemPreferences', ['accent-color-changed']);
  }

  getAccentColor(): string {
    return '1c5fc4ff';
  }
}

export type { SystemPreferences };

export const systemPreferences = new SystemPreferences();
