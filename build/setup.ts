import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { electronBinary } from './electron-binary.ts';

/** A Debian package that something here needs, and a file that is there once it is installed. */
interface Tool {
  readonly name: string;
  readonly proof: string;
}

const servers: readonly Tool[] = [
  { name: 'dovecot-imapd', proof: '/usr/lib/dovecot/imap' },
  { name: 'dovecot-lmtpd', proof: '/usr/lib/dovecot/lmtp' },
];

/** Another program that copies the same mailbox, to compare with. */
const witnesses: readonly Tool[] = [{ name: 'isync', proof: '/usr/bin/mbsync' }];

/** What stands between a laptop and its servers in a company; `tinyproxy-bin` is tinyproxy without its service. */
const proxies: readonly Tool[] = [
  { name: 'tinyproxy-bin', proof: '/usr/bin/tinyproxy' },
  { name: 'microsocks', proof: '/usr/bin/microsocks' },
];

const screen: readonly Tool[] = [
  { name: 'xvfb', proof: '/usr/bin/Xvfb' },
  { name: 'fonts-dejavu-core', proof: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
  { name: 'fonts-noto-color-emoji', proof: '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf' },
];

/** What takes the place of Electron's binary where that cannot be downloaded. */
const standIn: readonly Tool[] = [{ name: 'chromium', proof: '/usr/lib/chromium/chromium' }];

/** What indexes a Maildir, to compare with: only benchmarks do. */
const peers: readonly Tool[] = [
  { name: 'maildir-utils', proof: '/usr/bin/mu' },
  { name: 'notmuch', proof: '/usr/bin/notmuch' },
];

const installers: readonly Tool[] = [
  { name: 'wixl', proof: '/usr/bin/wixl' },
  { name: 'msitools', proof: '/usr/bin/msiextract' },
];

/**
 * Makes this machine ready for the tests and the demo: installs missing Debian packages when it may.
 * Returns null when everything is there, otherwise the sentence that says what to do. A no-op takes milliseconds.
 */
export function setUp({ withPeers = false } = {}): string | null {
  if (process.platform !== 'linux') return setUpElsewhere();

  const needed = [
    ...servers,
    ...witnesses,
    ...proxies,
    ...screen,
    ...installers,
    ...(withPeers ? peers : []),
    ...(electronBinary() === null ? standIn : []),
  ];
  const missing = needed.filter((tool) => !existsSync(tool.proof)).map((tool) => tool.name);
  if (missing.length === 0) return null;
  if (!existsSync('/etc/debian_version'))
    return `Please install what these Debian packages hold: ${missing.join(' ')}.`;
  if (process.getuid?.() !== 0) return `Please run: sudo apt-get install ${missing.join(' ')}`;
  return install(missing);
}

/** Windows and macOS: Electron's own binary is all that the app needs; the workflow adds the lab's Dovecot. */
function setUpElsewhere(): string | null {
  if (electronBinary() === null) return 'Electron is not installed; please run: npx install-electron';
  return null;
}

function install(packages: readonly string[]): string | null {
  console.error(`Installing ${packages.join(' ')} …`);
  // The lab runs a Dovecot of its own; the system's must not start and take the mail ports.
  if (existsSync('/run/systemd/system') && !existsSync('/usr/sbin/dovecot'))
    run('systemctl', ['mask', 'dovecot.service', 'dovecot.socket']);
  const isDone =
    run('apt-get', ['update', '-qq']) &&
    run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...packages]);
  return isDone ? null : `apt-get could not install: ${packages.join(' ')}. Its message stands above.`;
}

function run(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

if (import.meta.main) {
  const problem = setUp();
  if (problem !== null) {
    console.error(problem);
    process.exitCode = 1;
  }
}
