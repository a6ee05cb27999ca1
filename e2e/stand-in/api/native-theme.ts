import type * as Electron from 'electron';
import { Guarded } from '../host/guard.ts';
import { type MediaFeature, openPages } from '../host/page.ts';
import { switches } from './command-line.ts';

type Source = Electron.NativeTheme['themeSource'];

class NativeTheme
  extends Guarded
  implements
    Pick<
      Electron.NativeTheme,
      'themeSource' | 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'inForcedColorsMode'
    >
{
  #source: Source = 'system';
  #hasChanged = false;

  constructor() {
    super('nativeTheme', ['updated']);
  }

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (source === this.#source) return;
    this.#source = source;
    this.#hasChanged = true;
    for (const page of openPages()) void page.emulateMedia(this.media);
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark' || (this.#source === 'system' && switches.has('force-dark-mode'));
  }

  get shouldUseHighContrastColors(): boolean {
    return switches.has('force-high-contrast');
  }

  get inForcedColorsMode(): boolean {
    return this.shouldUseHighContrastColors;
  }

  /** What pages are told; before anybody has said anything, nothing. */
  get media(): readonly MediaFeature[] {
    const scheme = this.#source === 'system' && this.shouldUseDarkColors ? 'dark' : this.#source;
    return [
      ...(scheme === 'system' && !this.#hasChanged
        ? []
        : [{ name: 'prefers-color-scheme', value: scheme === 'system' ? '' : scheme }]),
      ...(this.shouldUseHighContrastColors
        ? [
            { name: 'prefers-contrast', value: 'more' },
            { name: 'forced-colors', value: 'active' },
          ]
        : []),
    ];
  }
}

export type { NativeTheme };

export const nativeTheme = new NativeTheme();

export function currentMedia(): readonly MediaFeature[] {
  return nativeTheme.media;
}
