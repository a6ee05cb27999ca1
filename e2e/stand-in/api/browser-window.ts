import type * as Electron from 'electron';
import { browser } from '../host/chromium.ts';
import { asElectron, Guarded, guard } from '../host/guard.ts';
import { preventable } from '../host/preventable.ts';
import { openWindow, setBounds, setWindowState, type WindowState } from '../host/windows.ts';
import { app } from './app.ts';
import { openWindows } from './open-windows.ts';
import { createWebContents, type WebContents } from './web-contents.ts';

const events = [
  'blur',
  'close',
  'closed',
  'enter-full-screen',
  'focus',
  'hide',
  'leave-full-screen',
  'maximize',
  'minimize',
  'move',
  'moved',
  'page-title-updated',
  'ready-to-show',
  'resize',
  'resized',
  'restore',
  'show',
  'unmaximize',
];

let nextId = 1;
let focused: BrowserWindow | null = null;

class BrowserWindow
  extends Guarded
  implements
    Pick<
      Electron.BrowserWindow,
      | 'id'
      | 'webContents'
      | 'title'
      | 'loadURL'
      | 'loadFile'
      | 'reload'
      | 'show'
      | 'showInactive'
      | 'hide'
      | 'isVisible'
      | 'focus'
      | 'blur'
      | 'isFocused'
      | 'minimize'
      | 'restore'
      | 'isMinimized'
      | 'maximize'
      | 'unmaximize'
      | 'isMaximized'
      | 'setFullScreen'
      | 'isFullScreen'
      | 'getBounds'
      | 'getNormalBounds'
      | 'getContentBounds'
      | 'setBounds'
      | 'getSize'
      | 'setSize'
      | 'getContentSize'
      | 'setContentSize'
      | 'getPosition'
      | 'setPosition'
      | 'getMinimumSize'
      | 'setMinimumSize'
      | 'getTitle'
      | 'setTitle'
      | 'setMenu'
      | 'removeMenu'
      | 'setMenuBarVisibility'
      | 'setAutoHideMenuBar'
      | 'setBackgroundColor'
      | 'close'
      | 'destroy'
      | 'isDestroyed'
      | 'capturePage'
    >
{
  readonly id = nextId++;
  readonly webContents: Electron.WebContents;
  readonly #contents: WebContents;
  #bounds: Electron.Rectangle;
  #minimumSize: [number, number];
  #title: string;
  #state: WindowState = 'normal';
  #isVisible: boolean;
  #isDestroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    super('BrowserWindow', events);
    const { x, y, width = 800, height = 600 } = options;
    this.#bounds = { x: x ?? 0, y: y ?? 0, width, height };
    this.#minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#title = options.title ?? app.getName();
    this.#isVisible = options.show !== false;
    this.#contents = createWebContents(
      options.webPreferences ?? {},
      {
        close: () => this.close(),
        focus: () => this.focus(),
        isFocused: () => this.isFocused(),
        open: (url, popup) => this.#openPopup(url, popup),
      },
      async (session, contents) => {
        await session.settlePermissions(contents.asElectron);
        return openWindow(session.partition, { x: x ?? null, y: y ?? null, width, height });
      },
    );
    this.webContents = this.#contents.asElectron;
    openWindows.set(this.id, this);
    this.#follow(this.#contents);
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.#contents);
    if (this.#isVisible) setImmediate(() => this.focus());
    if (options.show === false) this.#setState('minimized');
  }

  get title(): string {
    return this.#title;
  }

  set title(title: string) {
    this.setTitle(title);
  }

  loadURL(url: string, options?: Electron.LoadURLOptions): Promise<void> {
    return this.#contents.loadURL(url, options);
  }

  loadFile(filePath: string, options?: Electron.LoadFileOptions): Promise<void> {
    return this.#contents.loadFile(filePath, options);
  }

  reload(): void {
    this.#contents.reload();
  }

  capturePage(rect?: Electron.Rectangle): Promise<Electron.NativeImage> {
    return this.#contents.capturePage(rect);
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.#isVisible) return;
    this.#isVisible = true;
    this.#setState('normal');
    this.emit('show');
  }

  hide(): void {
    if (!this.#isVisible) return;
    this.#isVisible = false;
    this.blur();
    this.#setState('minimized');
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  focus(): void {
    if (this.#isDestroyed || focused === this || !this.#isVisible) return;
    focused?.blur();
    focused = this;
    this.#whenAttached((targetId) => browser().send('Target.activateTarget', { targetId }));
    this.emit('focus', {});
    app.emit('browser-window-focus', {}, this);
  }

  blur(): void {
    if (focused !== this) return;
    focused = null;
    this.emit('blur', {});
    app.emit('browser-window-blur', {}, this);
  }

  isFocused(): boolean {
    return focused === this;
  }

  minimize(): void {
    this.blur();
    this.#changeState('minimized', 'minimize');
  }

  restore(): void {
    this.#changeState('normal', 'restore');
  }

  isMinimized(): boolean {
    return this.#state === 'minimized' && this.#isVisible;
  }

  maximize(): void {
    this.#changeState('maximized', 'maximize');
  }

  unmaximize(): void {
    this.#changeState('normal', 'unmaximize');
  }

  isMaximized(): boolean {
    return this.#state === 'maximized';
  }

  setFullScreen(flag: boolean): void {
    if (flag) this.#changeState('fullscreen', 'enter-full-screen');
    else this.#changeState('normal', 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#state === 'fullscreen';
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  getContentBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const [minimumWidth, minimumHeight] = this.#minimumSize;
    const wanted = { ...this.#bounds, ...bounds };
    this.#bounds = {
      ...wanted,
      width: Math.max(wanted.width, minimumWidth),
      height: Math.max(wanted.height, minimumHeight),
    };
    this.#whenAttached((targetId) => setBounds(targetId, this.#bounds));
    if ('width' in bounds || 'height' in bounds) {
      this.emit('resize');
      this.emit('resized');
    }
    if ('x' in bounds || 'y' in bounds) {
      this.emit('move');
      this.emit('moved');
    }
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getContentSize(): number[] {
    return this.getSize();
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height);
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  getMinimumSize(): number[] {
    return [...this.#minimumSize];
  }

  setMinimumSize(width: number, height: number): void {
    this.#minimumSize = [width, height];
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  /** Menus are objects here: no window shows one. */
  setMenu(_menu: Electron.Menu | null): void {}

  removeMenu(): void {}

  setMenuBarVisibility(_visible: boolean): void {}

  setAutoHideMenuBar(_hide: boolean): void {}

  setBackgroundColor(_backgroundColor: string): void {}

  close(): void {
    setImmediate(() => this.tryToClose());
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    // A window that is still being opened is closed once it is open.
    this.#contents.attached.then((page) => page.close()).catch(() => {});
    this.#gone();
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** Asks the app, then closes; false when it does not want to. */
  tryToClose(): boolean {
    if (this.#isDestroyed) return true;
    const event = preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.destroy();
    return true;
  }

  #follow(contents: WebContents): void {
    contents.once('did-finish-load', () => this.emit('ready-to-show'));
    contents.on('page-title-updated', (_event: unknown, title: string) => {
      const event = preventable({});
      this.emit('page-title-updated', event, title, false);
      if (!event.defaultPrevented) this.#title = title;
    });
    contents.attached
      .then((page) => page.once('closed', () => this.#gone()))
      .catch((error: unknown) => {
        if (!this.#isDestroyed && !app.isQuitting) throw error;
      });
  }

  #gone(): void {
    if (this.#isDestroyed) return;
    this.blur();
    this.#isDestroyed = true;
    openWindows.delete(this.id);
    this.#contents.destroyed();
    this.emit('closed');
    if (openWindows.size === 0) app.lastWindowClosed();
  }

  #openPopup(url: string, options: Electron.BrowserWindowConstructorOptions): Electron.BrowserWindow {
    const window = new BrowserWindow(options);
    // `did-fail-load` tells who wants to know.
    window.loadURL(url).catch(() => {});
    return window.asElectron;
  }

  get asElectron(): Electron.BrowserWindow {
    return asElectron<Electron.BrowserWindow>(this);
  }

  get contents(): WebContents {
    return this.#contents;
  }

  #changeState(state: WindowState, event: string): void {
    if (this.#state === state) return;
    this.#setState(state);
    this.emit(event);
  }

  #setState(state: WindowState): void {
    this.#state = state;
    this.#whenAttached((targetId) => setWindowState(targetId, state));
  }

  #whenAttached(run: (targetId: string) => Promise<unknown>): void {
    this.#contents.attached
      .then((page) => (page.isClosed ? null : run(page.targetId)))
      // It closes meanwhile.
      .catch(() => {});
  }

  static getAllWindows(): Electron.BrowserWindow[] {
    return [...openWindows.values()].map((window) => window.asElectron);
  }

  static fromId(id: number): Electron.BrowserWindow | null {
    return openWindows.get(id)?.asElectron ?? null;
  }

  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    return [...openWindows.values()].find((window) => window.webContents === contents)?.asElectron ?? null;
  }

  static getFocusedWindow(): Electron.BrowserWindow | null {
    return focused?.asElectron ?? null;
  }
}

export type { BrowserWindow };

const statics: Pick<
  typeof Electron.BrowserWindow,
  'getAllWindows' | 'fromId' | 'fromWebContents' | 'getFocusedWindow'
> = BrowserWindow;
const guarded = guard('BrowserWindow', statics) as typeof BrowserWindow;

export { guarded as GuardedBrowserWindow };
