import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Where the mail lab's Dovecot runs: on this system, or, on Windows, in the Linux that the workflow sets up there. WSL 1
 * shares the loopback with Windows, and its root needs no password.
 */
const windowsLinux = 'Ubuntu-22.04';
const isWindows = process.platform === 'win32';
const wsl = (...command: string[]) => ['-d', windowsLinux, '-u', 'root', '--exec', ...command];

/** A folder as this process names it, and as Dovecot does. */
export interface SharedFolder {
  readonly here: string;
  readonly there: string;
}

/** Whether there is a Dovecot. */
export function hasDovecot(): boolean {
  if (isWindows) return spawnSync('wsl.exe', wsl('test', '-x', '/usr/sbin/dovecot')).status === 0;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/sbin')
    .some((folder) => existsSync(join(folder, 'dovecot')));
}

/** Makes a folder that both can use; whoever asks removes it. */
export function makeSharedFolder(): SharedFolder {
  if (!isWindows) {
    const folder = mkdtempSync(join(tmpdir(), 'relevo-dovecot-'));
    return { here: folder, there: folder };
  }
  const here = mkdtempSync(`\\\\wsl.localhost\\${windowsLinux}\\tmp\\relevo-dovecot-`);
  return { here, there: `/tmp/${here.slice(here.lastIndexOf('\\') + 1)}` };
}

/** Runs a shell script beside Dovecot, in a process group of its own. Its standard input stays open until we are gone. */
export function spawnBesideDovecot(script: string, ...values: string[]): ChildProcess {
  const command = ['/bin/sh', '-c', script, 'lab', ...values];
  return isWindows
    ? spawn('wsl.exe', wsl(...command), { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true })
    : spawn('/bin/sh', command.slice(1), { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
}

/** Who runs the servers: on Windows it is the root of the Linux there. */
export function isRootBesideDovecot(): boolean {
  return isWindows || process.getuid?.() === 0;
}
