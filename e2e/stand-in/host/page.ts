import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { openBridgeEnd } from '../renderer/bridge.ts';
import {
  type FromPreload,
  isolatedWorld,
  type PreloadSetting,
  type ToPreload,
} from '../renderer/isolated-world.ts';
import { mainWorld, type WindowOpenRequest } from '../renderer/main-world.ts';
import type { CdpSession } from './cdp.ts';
import { browser, cdpSession } from './chromium.ts';
import type { Partition } from './partition.ts';
import { structuredJson } from './structured-json.ts';
import { fromWeb, toWeb } from './web-url.ts';

const preloadWorld = 'Electron Isolated Context';
const binding = 'postToMain';

/** A frame of a page, in whichever process; its URL and origin are as the app sees them. */
export interface Frame {
  readonly id: string;
  readonly parent: Frame | null;
  url: string;
  origin: string;
  name: string;
  isDetached: boolean;
}

export interface PageOptions {
  readonly partition: Partition;
  readonly preloadFile: string | null;
  readonly additionalArguments: readonly string[];
  /** The page or the person wants to navigate a frame; false stops it. */
  readonly mayNavigate: (frame: Frame, url: string) => boolean;
  /** The page or the person wants a new window. */
  readonly openWindow: (request: WindowOpenRequest) => void;
}

interface PageEvents {
  readonly navigated: [Frame];
  readonly navigatedInPage: [Frame];
  readonly domReady: [];
  readonly loaded: [];
  readonly crashed: [];
  readonly closed: [];
  readonly title: [string];
  readonly console: [
    { readonly level: string; readonly text: string; readonly line: number; readonly url: string },
  ];
  readonly message: [FromPreload];
}

interface NavigatedFrame {
  readonly id: string;
  readonly url: string;
  readonly urlFragment?: string;
  readonly securityOrigin: string;
  readonly name?: string;
}

export interface MediaFeature {
  readonly name: string;
  readonly value: string;
}

const pages = new Map<string, Page>();
const frames = new Map<string, { readonly page: Page; readonly frame: Frame }>();

export function pageOf(targetId: string): Page | null {
  return pages.get(targetId) ?? null;
}

export function openPages(): readonly Page[] {
  return [...pages.values()];
}

export function frameOf(frameId: string): { readonly page: Page; readonly frame: Frame } | null {
  return frames.get(frameId) ?? null;
}

/** The content of a window in Chromium: its frames, its navigations, and the way to its preload. */
export class Page extends EventEmitter<PageEvents> {
  readonly targetId: string;
  readonly mainFrame: Frame;
  readonly options: PageOptions;
  readonly #session: CdpSession;
  readonly #frameSessions = new Set<CdpSession>();
  #preloadContext: string | null = null;
  #media: readonly MediaFeature[];
  #isNavigatingByApp = false;
  /** Has the page that is asked for begun? Until then what is heard is about the one before. */
  #hasBegun = true;
  #isClosed = false;

  private constructor(
    targetId: string,
    session: CdpSession,
    options: PageOptions,
    media: readonly MediaFeature[],
  ) {
    super();
    this.setMaxListeners(0);
    this.targetId = targetId;
    this.options = options;
    this.#session = session;
    this.#media = media;
    this.mainFrame = { id: targetId, parent: null, url: '', origin: 'null', name: '', isDetached: false };
    frames.set(targetId, { page: this, frame: this.mainFrame });
    pages.set(targetId, this);
  }

  /** Takes over a target that Chromium has opened. */
  static async attach(targetId: string, options: PageOptions, media: readonly MediaFeature[]): Promise<Page> {
    const { sessionId } = await browser().send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(targetId, cdpSession(sessionId), options, media);
    await page.#prepare();
    return page;
  }

  get session(): CdpSession {
    return this.#session;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  frame(id: string): Frame | null {
    const found = frames.get(id);
    return found?.page === this ? found.frame : null;
  }

  get allFrames(): readonly Frame[] {
    return [...frames.values()].filter(({ page }) => page === this).map(({ frame }) => frame);
  }

  /** Loads a URL for the app; resolves to Chromium's name of what went wrong, or null once it has begun to show. */
  async navigate(url: string): Promise<string | null> {
    this.#beginByApp();
    const { errorText } = await this.#session.send('Page.navigate', { url: toWeb(url) });
    if (errorText === undefined) return null;
    this.#isNavigatingByApp = false;
    return errorText.replace(/^net::/, '');
  }

  async reload(isIgnoringCache: boolean): Promise<void> {
    this.#beginByApp();
    await this.#session.send('Page.reload', { ignoreCache: isIgnoringCache });
  }

  #beginByApp(): void {
    this.#isNavigatingByApp = true;
    this.#hasBegun = false;
  }

  /** Is this the navigation that the app has just asked for? Then nobody is asked about it. */
  takeNavigationByApp(): boolean {
    const isByApp = this.#isNavigatingByApp;
    this.#isNavigatingByApp = false;
    return isByApp;
  }

  /** Says something to the preload; lost when there is none, as in Electron. */
  async post(message: ToPreload): Promise<void> {
    const context = this.#preloadContext;
    if (context === null || this.#isClosed) return;
    await this.#session
      .send('Runtime.callFunctionOn', {
        functionDeclaration: '(text) => receiveFromMain(text)',
        arguments: [{ value: JSON.stringify(message) }],
        uniqueContextId: context,
        silent: true,
      })
      // The page has gone on meanwhile.
      .catch(() => {});
  }

  async evaluate(expression: string, isUserGesture: boolean): Promise<unknown> {
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: isUserGesture,
    });
    if (exceptionDetails === undefined) return result.value as unknown;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  async emulateMedia(features: readonly MediaFeature[]): Promise<void> {
    this.#media = features;
    await Promise.all([this.#session, ...this.#frameSessions].map((session) => emulate(session, features)));
  }

  async close(): Promise<void> {
    await browser()
      .send('Target.closeTarget', { targetId: this.targetId })
      // It has closed by itself.
      .catch(() => {});
    this.closed();
  }

  /** Chromium has closed it, asked or not. */
  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const frame of this.allFrames) this.#forget(frame);
    pages.delete(this.targetId);
    this.emit('closed');
  }

  async #prepare(): Promise<void> {
    const session = this.#session;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { readonly frameId?: string };
      if (context.name === preloadWorld && frameId === this.targetId) this.#preloadContext = context.uniqueId;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#preloadContext = null;
    });
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === binding) this.emit('message', JSON.parse(payload) as FromPreload);
    });
    session.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
      const { lineNumber = 0, url = '' } = stackTrace?.callFrames[0] ?? {};
      const text = args.map((argument) => String(argument.value ?? argument.description ?? '')).join(' ');
      this.emit('console', { level: type, text, line: lineNumber, url: fromWeb(url) });
    });
    session.on('Page.domContentEventFired', () => {
      if (this.#hasBegun) this.emit('domReady');
    });
    session.on('Page.loadEventFired', () => {
      if (!this.#hasBegun) return;
      this.emit('loaded');
      void this.#tellTitle();
    });
    session.on('Inspector.targetCrashed', () => {
      this.#preloadContext = null;
      this.emit('crashed');
    });
    await Promise.all([
      session.send('Runtime.enable'),
      session.send('Inspector.enable'),
      session.send('Runtime.addBinding', { name: binding, executionContextName: preloadWorld }),
      ...this.#scripts().map((script) => session.send('Page.addScriptToEvaluateOnNewDocument', script)),
      this.#observe(session),
    ]);
  }

  /** Follows the frames of one process: the page's own, or that of a frame which Chromium keeps apart. */
  async #observe(session: CdpSession): Promise<void> {
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) => this.#attached(frameId, parentFrameId));
    session.on('Page.frameNavigated', ({ frame }) => this.#navigated(frame));
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      const frame = this.frame(frameId);
      if (reason !== 'swap' && frame !== null) this.#forget(frame);
    });
    session.on('Page.frameRequestedNavigation', ({ frameId, url }) => {
      const frame = this.frame(frameId);
      // Such a URL never becomes a request: Chromium hands it to the system, which is told to refuse it.
      if (frame !== null && isForTheSystem(url)) this.options.mayNavigate(frame, url);
    });
    // Playwright has a colour scheme of its own for each page and frame, and tells it when they begin.
    session.on('Page.frameStoppedLoading', () => void emulate(session, this.#media));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const frame = this.frame(frameId);
      if (frame === null) return;
      frame.url = fromWeb(url);
      this.emit('navigatedInPage', frame);
    });
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type !== 'iframe') return;
      const child = cdpSession(sessionId);
      this.#frameSessions.add(child);
      // It may be gone again before it answers.
      this.#observeFrame(child).catch(() => {});
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) =>
      this.#frameSessions.delete(cdpSession(sessionId)),
    );
    await Promise.all([
      session.send('Page.enable'),
      session.send('Target.setAutoAttach', {
        autoAttach: true,
        waitForDebuggerOnStart: false,
        flatten: true,
      }),
      emulate(session, this.#media),
    ]);
  }

  async #tellTitle(): Promise<void> {
    // The page may have gone on.
    const title = await this.evaluate('document.title', false).catch(() => '');
    if (title !== '') this.emit('title', String(title));
  }

  /** A frame in a process of its own, which has navigated already when we hear of it. */
  async #observeFrame(session: CdpSession): Promise<void> {
    await this.#observe(session);
    const { frameTree } = await session.send('Page.getFrameTree');
    const visit = ({ frame, childFrames = [] }: typeof frameTree): void => {
      if (frame.parentId !== undefined) this.#attached(frame.id, frame.parentId);
      this.#navigated(frame);
      for (const child of childFrames) visit(child);
    };
    visit(frameTree);
  }

  #attached(id: string, parentId: string): void {
    if (frames.has(id)) return;
    const parent = this.frame(parentId) ?? this.mainFrame;
    const frame: Frame = { id, parent, url: '', origin: parent.origin, name: '', isDetached: false };
    frames.set(id, { page: this, frame });
  }

  #navigated(navigated: NavigatedFrame): void {
    const frame = this.frame(navigated.id);
    if (frame === null) return;
    frame.url = fromWeb(navigated.url + (navigated.urlFragment ?? ''));
    frame.origin = navigated.securityOrigin === '://' ? 'null' : fromWeb(navigated.securityOrigin);
    frame.name = navigated.name ?? '';
    if (frame === this.mainFrame) {
      this.#isNavigatingByApp = false;
      this.#hasBegun = true;
      for (const other of this.allFrames) if (other !== frame) this.#forget(other);
    }
    this.emit('navigated', frame);
  }

  #forget(frame: Frame): void {
    frame.isDetached = true;
    frames.delete(frame.id);
  }

  #scripts(): readonly { readonly source: string; readonly worldName?: string }[] {
    const { preloadFile, additionalArguments } = this.options;
    const secret = randomUUID();
    const setting: PreloadSetting = {
      secret,
      binding,
      preloadFile: preloadFile ?? '',
      process: {
        type: 'renderer',
        sandboxed: true,
        contextIsolated: true,
        platform: process.platform,
        arch: process.arch,
        versions: { ...process.versions },
        argv: [...process.argv, ...additionalArguments],
        env: {},
        pid: process.pid,
      },
    };
    const preload =
      preloadFile === null
        ? 'null'
        : `function (require, module, exports, process, __filename, __dirname, global) {${readFileSync(preloadFile, 'utf8')}\n}`;
    return [
      { source: `(${mainWorld})(${JSON.stringify(secret)}, ${openBridgeEnd})` },
      {
        source: `(${isolatedWorld})(${JSON.stringify(setting)}, ${openBridgeEnd}, ${structuredJson}, ${preload})`,
        worldName: preloadWorld,
      },
    ];
  }
}

async function emulate(session: CdpSession, features: readonly MediaFeature[]): Promise<void> {
  if (features.length === 0) return;
  // The page or the frame may be gone.
  await session.send('Emulation.setEmulatedMedia', { features: [...features] }).catch(() => {});
}

/** Is it neither loaded from somewhere nor made by the page, but given to another program, as `mailto:` is? */
function isForTheSystem(url: string): boolean {
  return !/^(https?|wss?|file|data|blob|about|javascript|chrome|chrome-error):/i.test(url);
}
