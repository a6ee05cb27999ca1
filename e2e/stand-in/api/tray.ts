import type * as Electron from 'electron';
import { Guarded } from '../host/guard.ts';

/** An object only: there is no panel. Tests emit its events. */
export class Tray
  extends Guarded
  implements
    Pick<
      Electron.Tray,
      'setToolTip' | 'setTitle' | 'getTitle' | 'setImage' | 'setContextMenu' | 'destroy' | 'isDestroyed'
    >
{
  image: Electron.NativeImage | string;
  toolTip = '';
  contextMenu: Electron.Menu | null = null;
  #title = '';
  #isDestroyed = false;

  constructor(image: Electron.NativeImage | string) {
    super('Tray', ['click', 'double-click', 'right-click']);
    this.image = image;
  }

  setImage(image: Electron.NativeImage | string): void {
    this.image = image;
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.contextMenu = menu;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}
