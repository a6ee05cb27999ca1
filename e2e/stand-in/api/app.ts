import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { startChromium, stopChromium } from '../host/chromium.ts';
import { asElectron, Guarded, guard } from '../host/guard.ts';
import { electronVersion, launch } from '../host/launch.ts';
import { preventable } from '../host/preventable.ts';
import { answerRequests } from '../host/requests.ts';
import { watchWindows } from '../host/windows.ts';
import { commandLine, switches } from './command-line.ts';
import { openWindows } from './open-windows.ts';
import { appMetrics } from './process-metrics.ts';
import { defaultSession } from './session.ts';
import { SingleInstanceLock } from './single-instance.ts';

type PathName = Parameters<Electron.App['getPath']>[0];

const events = [
  'activate',
  'before-quit',
  'browser-window-blur',
  'browser-window-created',
  'browser-window-focus',
  'child-process-gone',
  'quit',
  'ready',
  'render-process-gone',
  'second-instance',
  'web-contents-created',
  'will-finish-launching',
  'will-quit',
  'window-all-closed',
  // macOS only.
  'open-file',
  'open-url',
];

class App
  extends Guarded
  implements
    Pick<
      Electron.App,
      | 'commandLine'
      | 'dock'
      | 'enableSandbox'
      | 'exit'
      | 'focus'
      | 'getAppMetrics'
      | 'getAppPath'
      | 'getLocale'
      | 'getName'
      | 'getPath'
      | 'getPreferredSystemLanguages'
      | 'getSystemLocale'
      | 'getVersion'
      | 'hasSingleInstanceLock'
      | 'isPackaged'
      | 'isReady'
      | 'name'
      | 'quit'
      | 'releaseSingleInstanceLock'
      | 'requestSingleInstanceLock'
      | 'setAppUserModelId'
      | 'setName'
      | 'setPath'
      | 'whenReady'
    >
{
  readonly commandLine = asElectron<Electron.CommandLine>(guard('commandLine', commandLine));
  /** macOS only. */
  readonly dock = undefined;
  readonly isPackaged = false;
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #name = launch.manifest.productName ?? launch.manifest.name ?? 'Electron';
  #lock: SingleInstanceLock | null = null;
  #isReady = false;
  #isQuitting = false;
  #isExiting = false;

  constructor() {
    super('app', events);
  }

  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  getName(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getVersion(): string {
    return launch.manifest.version ?? electronVersion;
  }

  getAppPath(): string {
    return launch.appFolder;
  }

  getLocale(): string {
    return switches.get('lang') || systemLanguages()[0] || 'en-US';
  }

  getSystemLocale(): string {
    return systemLanguages()[0] ?? 'en-US';
  }

  getPreferredSystemLanguages(): string[] {
    return systemLanguages();
  }

  getPath(name: PathName): string {
    return this.#paths.get(name) ?? this.#defaultPath(name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getAppMetrics(): Electron.ProcessMetric[] {
    return appMetrics();
  }

  /** Every renderer here is as sandboxed as Chromium allows. */
  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  /** Windows only; Electron ignores it elsewhere too. */
  setAppUserModelId(_id: string): void {}

  focus(): void {
    openWindows.values().next().value?.focus();
  }

  isReady(): boolean {
    return this.#isReady;
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  get isQuitting(): boolean {
    return this.#isQuitting || this.#isExiting;
  }

  /** Starts Chromium, then the app is ready; unless it has quit already. */
  async start(): Promise<void> {
    if (this.isQuitting) return;
    this.emit('will-finish-launching');
    const { version } = await startChromium(switches, (reason) => {
      console.error(`stand-in: ${reason}`);
      process.exit(1);
    });
    Object.defineProperty(process.versions, 'chrome', { value: version, enumerable: true });
    await Promise.all([answerRequests(defaultSession.partition), watchWindows()]);
    this.#isReady = true;
    this.#ready.resolve();
    this.emit('ready', {}, {});
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    this.#lock ??= new SingleInstanceLock(this.getPath('userData'));
    const own = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
    return this.#lock.request(own, (second) =>
      this.emit('second-instance', {}, second.argv, second.workingDirectory, second.additionalData),
    );
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.isHeld ?? false;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release();
  }

  quit(): void {
    if (this.isQuitting) return;
    this.#isQuitting = true;
    setImmediate(() => this.#quitInOrder());
  }

  exit(exitCode = 0): void {
    if (this.#isExiting) return;
    this.#isExiting = true;
    this.emit('quit', {}, exitCode);
    this.releaseSingleInstanceLock();
    void Promise.all([this.#lock?.told, stopChromium()]).finally(() => process.exit(exitCode));
  }

  /** For windows: the last one has closed. */
  lastWindowClosed(): void {
    if (this.isQuitting) return;
    if (!this.emit('window-all-closed')) this.quit();
  }

  #quitInOrder(): void {
    const beforeQuit = preventable({});
    this.emit('before-quit', beforeQuit);
    const isOn =
      !beforeQuit.defaultPrevented && [...openWindows.values()].every((window) => window.tryToClose());
    const willQuit = preventable({});
    if (isOn) this.emit('will-quit', willQuit);
    if (isOn && !willQuit.defaultPrevented) this.exit();
    else this.#isQuitting = false;
  }

  #defaultPath(name: PathName): string {
    const home = homedir();
    const appData = process.env.XDG_CONFIG_HOME ?? join(home, '.config');
    switch (name) {
      case 'home':
        return home;
      case 'appData':
        return appData;
      case 'userData':
        return switches.get('user-data-dir') || join(appData, this.#name);
      case 'sessionData':
        return this.getPath('userData');
      case 'logs':
        return join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return join(this.getPath('userData'), 'Crashpad');
      case 'temp':
        return tmpdir();
      case 'exe':
      case 'module':
        return launch.executable;
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos':
        return join(home, name.charAt(0).toUpperCase() + name.slice(1));
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
}

export type { App };

export const app = new App();

function systemLanguages(): string[] {
  const asked = process.env.LANGUAGE || process.env.LC_ALL || process.env.LANG || '';
  const languages = asked
    .split(':')
    .map((language) => language.replace(/[.@].*$/, '').replace('_', '-'))
    .filter((language) => /^[a-z]{2}/.test(language));
  return languages.length === 0 ? ['en-US'] : languages;
}
