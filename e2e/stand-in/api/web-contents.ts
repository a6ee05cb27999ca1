import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Electron from 'electron';
import { asElectron, Guarded, guard, notImplemented } from '../host/guard.ts';
import { launch } from '../host/launch.ts';
import { type Frame, Page } from '../host/page.ts';
import { preventable } from '../host/preventable.ts';
import { structuredJson } from '../host/structured-json.ts';
import type { FromPreload } from '../renderer/isolated-world.ts';
import type { WindowOpenRequest } from '../renderer/main-world.ts';
import { app } from './app.ts';
import { dispatch } from './ipc-dispatch.ts';
import { createIpcMain, type IpcMain } from './ipc-main.ts';
import { createFromBuffer } from './native-image.ts';
import { currentMedia } from './native-theme.ts';
import { defaultSession, ownSession, type Session, sessionOf } from './session.ts';
import { webFrameOf } from './web-frame-main.ts';

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];
type Gone = Electron.RenderProcessGoneDetails;

const { encode } = structuredJson();

const events = [
  'console-message',
  'destroyed',
  'did-create-window',
  'did-fail-load',
  'did-finish-load',
  'did-navigate',
  'did-navigate-in-page',
  'did-start-loading',
  'did-stop-loading',
  'dom-ready',
  'page-title-updated',
  'preload-error',
  'render-process-gone',
  // Never comes, because no window here may hold a webview.
  'will-attach-webview',
  'will-frame-navigate',
  'will-navigate',
];

/** The window around it, as far as its content has to know. */
export interface ContentsOwner {
  readonly close: () => void;
  readonly focus: () => void;
  readonly isFocused: () => boolean;
  readonly open: (url: string, options: Electron.BrowserWindowConstructorOptions) => Electron.BrowserWindow;
}

class WebContents
  extends Guarded
  implements
    Pick<
      Electron.WebContents,
      | 'id'
      | 'session'
      | 'ipc'
      | 'mainFrame'
      | 'send'
      | 'loadURL'
      | 'loadFile'
      | 'reload'
      | 'reloadIgnoringCache'
      | 'executeJavaScript'
      | 'insertCSS'
      | 'capturePage'
      | 'printToPDF'
      | 'setWindowOpenHandler'
      | 'getURL'
      | 'getTitle'
      | 'getType'
      | 'isDestroyed'
      | 'isCrashed'
      | 'isLoading'
      | 'isLoadingMainFrame'
      | 'isDevToolsOpened'
      | 'focus'
      | 'isFocused'
      | 'close'
      | 'forcefullyCrashRenderer'
      | 'postMessage'
    >
{
  readonly id: number;
  /** Resolves when Chromium has the page. */
  readonly attached: Promise<Page>;
  readonly ipc: Electron.IpcMain;
  readonly #ownIpc: IpcMain = createIpcMain();
  readonly #session: Session;
  readonly #owner: ContentsOwner;
  #page: Page | null = null;
  #beforeAttached: Frame = { id: '', parent: null, url: '', origin: 'null', name: '', isDetached: false };
  #openHandler: WindowOpenHandler | null = null;
  #title = '';
  #isLoading = false;
  #isCrashed = false;
  #isDestroyed = false;

  constructor(
    id: number,
    preferences: Electron.WebPreferences,
    owner: ContentsOwner,
    open: (session: Session, contents: WebContents) => Promise<string>,
  ) {
    super('webContents', events);
    refuseUnsafe(preferences);
    this.id = id;
    this.ipc = asElectron<Electron.IpcMain>(this.#ownIpc);
    this.#owner = owner;
    this.#session =
      preferences.session !== undefined
        ? ownSession(preferences.session)
        : preferences.partition === undefined
          ? defaultSession
          : sessionOf(preferences.partition);
    this.attached = open(this.#session, this).then((targetId) => this.#attach(targetId, preferences));
  }

  get asElectron(): Electron.WebContents {
    return asElectron<Electron.WebContents>(this);
  }

  get session(): Electron.Session {
    return asElectron<Electron.Session>(this.#session);
  }

  get mainFrame(): Electron.WebFrameMain {
    return webFrameOf(this.#page, this.#page?.mainFrame ?? this.#beforeAttached).asElectron;
  }

  get page(): Page | null {
    return this.#page;
  }

  async loadURL(url: string, options: Electron.LoadURLOptions = {}): Promise<void> {
    if (Object.keys(options).length > 0) throw notImplemented('webContents.loadURL with options');
    const page = await this.attached;
    this.#startLoading();
    const finished = new Promise<void>((done) => {
      this.once('did-finish-load', done);
      this.once('destroyed', done);
    });
    const problem = await page.navigate(url);
    if (problem !== null) {
      this.#stopLoading();
      this.emit('did-fail-load', {}, -2, problem, url, true);
      throw Object.assign(new Error(`${problem} (-2) loading '${url}'`), { code: problem, errno: -2, url });
    }
    await finished;
  }

  loadFile(filePath: string, options: Electron.LoadFileOptions = {}): Promise<void> {
    if (Object.keys(options).length > 0) throw notImplemented('webContents.loadFile with options');
    return this.loadURL(pathToFileURL(resolve(launch.appFolder, filePath)).href);
  }

  reload(): void {
    this.#reload(false);
  }

  reloadIgnoringCache(): void {
    this.#reload(true);
  }

  send(channel: string, ...args: unknown[]): void {
    void this.#page?.post({ kind: 'message', channel, args: encode(args) });
  }

  postMessage(channel: string, message: unknown, transfer: readonly Electron.MessagePortMain[] = []): void {
    if (transfer.length > 0) throw notImplemented('webContents.postMessage with ports');
    this.send(channel, message);
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return (await this.attached).evaluate(code, userGesture);
  }

  async insertCSS(css: string): Promise<string> {
    const key = `css-${Math.random().toString(36).slice(2)}`;
    await this.executeJavaScript(
      `{ const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(css)}); document.adoptedStyleSheets.push(sheet) }`,
    );
    return key;
  }

  async capturePage(rect?: Electron.Rectangle): Promise<Electron.NativeImage> {
    const { session } = await this.attached;
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'png',
      ...(rect === undefined ? {} : { clip: { ...rect, scale: 1 } }),
    });
    return createFromBuffer(Buffer.from(data, 'base64'));
  }

  async printToPDF({
    landscape = false,
    printBackground = false,
  }: Electron.PrintToPDFOptions): Promise<Buffer> {
    const { session } = await this.attached;
    const { data } = await session.send('Page.printToPDF', { landscape, printBackground });
    return Buffer.from(data, 'base64');
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  getURL(): string {
    return this.#page?.mainFrame.url ?? '';
  }

  getTitle(): string {
    return this.#title;
  }

  getType(): 'window' {
    return 'window';
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  isLoading(): boolean {
    return this.#isLoading;
  }

  isLoadingMainFrame(): boolean {
    return this.#isLoading;
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  focus(): void {
    this.#owner.focus();
  }

  isFocused(): boolean {
    return this.#owner.isFocused();
  }

  close(): void {
    this.#owner.close();
  }

  forcefullyCrashRenderer(): void {
    // It never answers: the page is gone.
    void this.attached.then((page) => page.session.send('Page.crash')).catch(() => {});
  }

  /** For the window: it is closed. */
  destroyed(): void {
    this.#isDestroyed = true;
    all.delete(this.id);
    this.emit('destroyed', {});
  }

  async #attach(targetId: string, preferences: Electron.WebPreferences): Promise<Page> {
    const page = await Page.attach(
      targetId,
      {
        partition: this.#session.partition,
        preloadFile: preferences.preload ?? null,
        additionalArguments: preferences.additionalArguments ?? [],
        mayNavigate: (frame, url) => this.#mayNavigate(frame, url),
        openWindow: (request) => this.#openWindow(request),
      },
      currentMedia(),
    );
    this.#page = page;
    page.on('message', (message) => void this.#receive(message));
    page.on('navigated', (frame) => {
      if (frame !== page.mainFrame) return;
      this.#isCrashed = false;
      this.emit('did-navigate', {}, frame.url, 200, 'OK');
    });
    page.on('navigatedInPage', (frame) =>
      this.emit('did-navigate-in-page', {}, frame.url, frame === page.mainFrame, 1, 1),
    );
    page.on('domReady', () => this.emit('dom-ready', {}));
    page.on('loaded', () => {
      this.#stopLoading();
      this.emit('did-finish-load', {});
    });
    page.on('title', (title) => {
      this.#title = title;
      this.emit('page-title-updated', preventable({}), title, false);
    });
    page.on('console', ({ level, text, line, url }) =>
      this.emit('console-message', { level, message: text, lineNumber: line, sourceId: url }),
    );
    page.on('crashed', () => {
      this.#isCrashed = true;
      const details = { reason: 'crashed', exitCode: 11 } satisfies Gone;
      this.emit('render-process-gone', {}, details);
      app.emit('render-process-gone', {}, this, details);
    });
    return page;
  }

  #reload(isIgnoringCache: boolean): void {
    this.#startLoading();
    void this.attached
      .then((page) => page.reload(isIgnoringCache))
      // It has been closed meanwhile.
      .catch(() => {});
  }

  #startLoading(): void {
    this.#isLoading = true;
    this.emit('did-start-loading');
  }

  #stopLoading(): void {
    if (!this.#isLoading) return;
    this.#isLoading = false;
    this.emit('did-stop-loading');
  }

  #mayNavigate(frame: Frame, url: string): boolean {
    const isMainFrame = frame.parent === null;
    const details = {
      url,
      isMainFrame,
      isSameDocument: false,
      frame: webFrameOf(this.#page, frame).asElectron,
      initiator: null,
    };
    const asked = preventable(details);
    this.emit('will-frame-navigate', asked, url, false, isMainFrame, 1, 1);
    if (asked.defaultPrevented) return false;
    if (!isMainFrame) return true;
    const askedAgain = preventable(details);
    this.emit('will-navigate', askedAgain, url, false, true, 1, 1);
    return !askedAgain.defaultPrevented;
  }

  #openWindow({ url, frameName, features }: WindowOpenRequest): void {
    const answer = this.#openHandler?.({
      url,
      frameName,
      features,
      disposition: 'new-window',
      referrer: { url: this.getURL(), policy: 'strict-origin-when-cross-origin' },
    }) ?? { action: 'allow' };
    if (answer.action === 'deny') return;
    const window = this.#owner.open(url, answer.overrideBrowserWindowOptions ?? {});
    this.emit('did-create-window', window, { url, frameName });
  }

  async #receive(message: FromPreload): Promise<void> {
    if (message.kind === 'open') return this.#openWindow(message);
    if (message.kind === 'preloadFailed') {
      const error = Object.assign(new Error(message.message), { stack: message.stack });
      this.emit('preload-error', {}, this.#page?.options.preloadFile ?? '', error);
      return;
    }
    await dispatch(message, {
      sender: this.asElectron,
      senderFrame: this.mainFrame,
      ipc: this.#ownIpc,
      reply: (channel, ...args) => this.send(channel, ...args),
      post: async (answer) => this.#page?.post(answer),
    });
  }
}

export type { WebContents };

const all = new Map<number, WebContents>();
let nextId = 1;

export function createWebContents(
  preferences: Electron.WebPreferences,
  owner: ContentsOwner,
  open: (session: Session, contents: WebContents) => Promise<string>,
): WebContents {
  const contents = new WebContents(nextId++, preferences, owner, open);
  all.set(contents.id, contents);
  return contents;
}

export function contentsOf(page: Page): WebContents | null {
  return [...all.values()].find((contents) => contents.page === page) ?? null;
}

/** Less isolation than the product's is nothing that a test could mean. */
function refuseUnsafe(preferences: Electron.WebPreferences): void {
  const unsafe = {
    'contextIsolation: false': preferences.contextIsolation === false,
    'nodeIntegration: true': preferences.nodeIntegration === true,
    'nodeIntegrationInSubFrames: true': preferences.nodeIntegrationInSubFrames === true,
    'sandbox: false': preferences.sandbox === false,
    'webSecurity: false': preferences.webSecurity === false,
    'webviewTag: true': preferences.webviewTag === true,
  };
  for (const [name, isAsked] of Object.entries(unsafe))
    if (isAsked) throw notImplemented(`webPreferences ${name}`);
}

const electronOf = (contents: WebContents | undefined): Electron.WebContents | undefined =>
  contents === undefined ? undefined : contents.asElectron;

export const webContents = guard('webContents', {
  fromId: (id) => electronOf(all.get(id)),
  fromDevToolsTargetId: (targetId) =>
    electronOf([...all.values()].find((contents) => contents.page?.targetId === targetId)),
  fromFrame: (frame) =>
    electronOf([...all.values()].find((contents) => contents.page?.frame(frame.frameToken))),
  getAllWebContents: () => [...all.values()].map((contents) => contents.asElectron),
  getFocusedWebContents: () => electronOf([...all.values()].find((contents) => contents.isFocused())) ?? null,
} satisfies Partial<typeof Electron.webContents>);
