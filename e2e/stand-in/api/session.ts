import type * as Electron from 'electron';
import { browser } from '../host/chromium.ts';
import { asElectron, Guarded, guard } from '../host/guard.ts';
import { Partition } from '../host/partition.ts';
import { ProxyConfiguration } from '../host/proxy-configuration.ts';
import { createProtocol } from './protocol.ts';
import { createWebRequest } from './web-request.ts';

type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;
type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;

/** Electron's name for a permission, and Chromium's. */
const permissions = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['idle-detection', 'idle-detection'],
] as const;

class Session
  extends Guarded
  implements
    Pick<
      Electron.Session,
      | 'protocol'
      | 'webRequest'
      | 'setPermissionCheckHandler'
      | 'setPermissionRequestHandler'
      | 'isPersistent'
      | 'setSpellCheckerEnabled'
      | 'setProxy'
      | 'resolveProxy'
      | 'forceReloadProxyConfig'
    >
{
  readonly partition: Partition;
  readonly protocol: Electron.Protocol;
  readonly webRequest: Electron.WebRequest;
  readonly #proxies = new ProxyConfiguration();
  #check: CheckHandler | null = null;
  #request: RequestHandler | null = null;

  constructor(name: string) {
    super('session', []);
    this.partition = new Partition(name);
    this.protocol = createProtocol(this.partition);
    this.webRequest = createWebRequest(this.partition);
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#check = handler;
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#request = handler;
  }

  isPersistent(): boolean {
    return false;
  }

  /** For `resolveProxy` alone: windows reach no network, with or without a proxy. */
  setProxy(config: Electron.ProxyConfig): Promise<void> {
    return this.#proxies.set(config);
  }

  resolveProxy(url: string): Promise<string> {
    return this.#proxies.resolve(url);
  }

  forceReloadProxyConfig(): Promise<void> {
    return this.#proxies.reload();
  }

  setSpellCheckerEnabled(enable: boolean): void {
    if (enable) throw new Error('stand-in: a spell checker is not implemented');
  }

  /**
   * Tells Chromium what a window may do. The handlers are asked once for each permission, before the window opens:
   * Chromium's protocol has no way to ask when a page does.
   */
  async settlePermissions(contents: Electron.WebContents): Promise<void> {
    const context = await this.partition.browserContext();
    for (const [electronName, name] of permissions) {
      const isGranted =
        (this.#check?.(contents, electronName, 'null', { isMainFrame: true }) ?? true) &&
        (await this.#isRequestGranted(contents, electronName));
      await browser().send('Browser.setPermission', {
        permission: { name },
        setting: isGranted ? 'granted' : 'denied',
        ...(context === null ? {} : { browserContextId: context }),
      });
    }
  }

  #isRequestGranted(
    contents: Electron.WebContents,
    permission: Parameters<RequestHandler>[1],
  ): Promise<boolean> {
    const ask = this.#request;
    if (ask === null) return Promise.resolve(true);
    return new Promise((resolve) =>
      ask(contents, permission, resolve, { isMainFrame: true, requestingUrl: 'about:blank' }),
    );
  }
}

export type { Session };

const sessions = new Map<string, Session>();

/** Ours behind what the app holds. */
export function ownSession(session: Electron.Session): Session {
  return session as unknown as Session;
}

export function sessionOf(partition: string): Session {
  const known = sessions.get(partition);
  if (known !== undefined) return known;
  const opened = new Session(partition);
  sessions.set(partition, opened);
  return opened;
}

export const defaultSession = sessionOf('');

export const session = guard('session', {
  defaultSession: asElectron<Electron.Session>(defaultSession),
  fromPartition: (partition) => asElectron<Electron.Session>(sessionOf(partition)),
} satisfies Partial<typeof Electron.session>);
