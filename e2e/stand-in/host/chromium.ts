import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CdpConnection, type CdpSession } from './cdp.ts';
import { launch } from './launch.ts';

/** Without a display, or when asked to, windows are not seen; otherwise they are real ones. */
export const isHeadless =
  process.platform !== 'linux' || !process.env.DISPLAY || process.env.ELECTRON_STAND_IN_HEADLESS === '1';

const candidates = ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/usr/bin/chromium'];

/** No name resolves and no other host is reached, unless a test asks for something else. */
const noNetwork = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

const switches: Readonly<Record<string, string>> = {
  'remote-debugging-pipe': '',
  // A window is opened when the app asks for one, and none may be open for a while.
  'no-startup-window': '',
  'keep-alive-for-test': '',
  // No bar of its own in a window.
  'test-type': '',
  'disable-infobars': '',
  'no-first-run': '',
  'no-default-browser-check': '',
  'disable-search-engine-choice-screen': '',
  // Nothing that Electron does not have, and nothing that asks the network unasked.
  'disable-background-networking': '',
  'disable-breakpad': '',
  'disable-client-side-phishing-detection': '',
  'disable-component-extensions-with-background-pages': '',
  'disable-component-update': '',
  'disable-default-apps': '',
  'disable-extensions': '',
  'disable-field-trial-config': '',
  'disable-sync': '',
  'disable-updater-scheduler': '',
  'enable-features': 'SkipListAccountsWithoutGaiaCookies',
  'metrics-recording-only': '',
  'password-store': 'basic',
  'use-mock-keychain': '',
  // Several windows, none of which is in front.
  'disable-back-forward-cache': '',
  'disable-background-timer-throttling': '',
  'disable-backgrounding-occluded-windows': '',
  'disable-renderer-backgrounding': '',
  'disable-hang-monitor': '',
  'disable-popup-blocking': '',
  'disable-dev-shm-usage': '',
  'log-level': '3',
};

const featuresOff: readonly string[] = [
  // It would hide what a page reaches for on this machine, where tests put their servers.
  'LocalNetworkAccessChecks',
  'AutofillServerCommunication',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'Translate',
];

/** A test's own resolver for names, a URL as in RFC 8484. Its certificate is nobody's. */
const resolver = process.env.ELECTRON_STAND_IN_RESOLVER;

function askOnly(url: string): object {
  return { dns_over_https: { mode: 'secure', templates: url } };
}

/** No link starts another program, and nobody is asked whether it may. */
const preferences = {
  protocol_handler: {
    excluded_schemes: Object.fromEntries(
      ['mailto', 'tel', 'sms', 'webcal', 'app'].map((scheme) => [scheme, true]),
    ),
  },
};

/** Switches of the app's own command line that are not for Chromium. */
const notForChromium: ReadonlySet<string> = new Set(['inspect', 'inspect-brk', 'user-data-dir', 'require']);

interface Running {
  readonly process: ChildProcess;
  readonly connection: CdpConnection;
  readonly executable: string;
  readonly profile: string;
}

let running: Running | null = null;
let isStopping = false;

function current(): Running {
  if (running === null) throw new Error('stand-in: Chromium has not been started');
  return running;
}

/**
 * Starts Chromium with a profile of its own. It is killed by the kernel when this process dies, however it dies.
 * @param asked Switches by the app, which win over ours.
 * @param onEnd It has ended without being asked to.
 */
export async function startChromium(
  asked: ReadonlyMap<string, string>,
  onEnd: (reason: string) => void,
): Promise<{ readonly version: string }> {
  const executable = process.env.ELECTRON_STAND_IN_CHROMIUM ?? candidates.find((file) => existsSync(file));
  if (executable === undefined)
    throw new Error('stand-in: Chromium is not installed: apt-get install chromium');
  removeStaleProfiles();
  const profile = mkdtempSync(join(tmpdir(), `${profilePrefix}${process.pid}-`));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  if (resolver !== undefined) writeFileSync(join(profile, 'Local State'), JSON.stringify(askOnly(resolver)));
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', executable, `--user-data-dir=${profile}`, ...switchList(asked)],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], env: environment() },
  );
  const [, , errors, input, output] = child.stdio;
  const connection = new CdpConnection(input as Writable, output as Readable);
  running = { process: child, connection, executable, profile };
  passOn(errors as Readable);
  child.once('exit', (code, signal) => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    if (!isStopping) onEnd(`Chromium has ended (${signal ?? code})`);
  });
  const { product } = await connection.root.send('Browser.getVersion');
  return { version: product.split('/')[1] ?? '' };
}

/** The browser as a whole. */
export function browser(): CdpSession {
  return current().connection.root;
}

/** A page or a frame, by the id that attaching to it gave. */
export function cdpSession(id: string): CdpSession {
  return current().connection.session(id);
}

export function chromiumPid(): number | null {
  return running?.process.pid ?? null;
}

/** Opens a window without tabs or address; only another Chromium on the same profile can ask for one. */
export function openAppWindow(url: string, width: number, height: number): void {
  const { executable, profile } = current();
  spawn(
    executable,
    [
      `--user-data-dir=${profile}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--test-type',
      '--no-first-run',
      `--app=${url}`,
      `--window-size=${width},${height}`,
    ],
    { stdio: 'ignore', env: environment() },
  ).unref();
}

/** Ends it in order, or after two seconds anyhow. */
export async function stopChromium(): Promise<void> {
  if (running === null || isStopping) return;
  isStopping = true;
  const { process: child, connection } = running;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const impatience = setTimeout(() => child.kill('SIGKILL'), 2000);
  // It may close the pipe before it answers.
  connection.root.send('Browser.close').catch(() => {});
  await ended;
  clearTimeout(impatience);
}

function switchList(asked: ReadonlyMap<string, string>): readonly string[] {
  const all = new Map([
    ...Object.entries(switches),
    ['host-resolver-rules', noNetwork],
    ...(isHeadless
      ? [
          ['headless', ''],
          ['disable-gpu', ''],
        ]
      : []),
    ...(resolver === undefined ? [] : [['ignore-certificate-errors', '']]),
    // Chromium refuses its sandbox to root.
    ...(process.getuid?.() === 0 ? [['no-sandbox', '']] : []),
    ...launch.switches,
    ...asked,
  ] as [string, string][]);
  const offByApp = all.get('disable-features')?.split(',') ?? [];
  all.set(
    'disable-features',
    [...new Set([...featuresOff, ...offByApp])].filter((name) => name !== '').join(','),
  );
  return [...all]
    .filter(([name]) => !notForChromium.has(name))
    .map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
}

/** No desktop service is asked for anything. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:', DBUS_SYSTEM_BUS_ADDRESS: 'disabled:' };
}

/** Playwright waits for these lines; everything else that Chromium says is noise. */
function passOn(errors: Readable): void {
  let rest = '';
  errors.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (
        process.env.ELECTRON_STAND_IN_VERBOSE === '1' ||
        /^DevTools listening|X (display|server)/.test(line)
      )
        process.stderr.write(`${line}\n`);
  });
}

const profilePrefix = 'electron-stand-in-';

/** After a `kill -9` nobody was left to remove them. */
function removeStaleProfiles(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^electron-stand-in-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
