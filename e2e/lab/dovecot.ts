import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { freePort } from './ports.ts';

export interface DovecotSetup {
  readonly name: string;
  readonly folder: string;
  readonly certificates: Certificates;
  /** What IMAP advertises; null for everything that Dovecot can. */
  readonly capability: string | null;
  readonly users: readonly { readonly name: string; readonly password: string }[];
  /** Folders made for every user, with their special use (shown only where the capability says so). */
  readonly folders: readonly { readonly name: string; readonly specialUse?: string }[];
  /** Accepts OAuth access tokens signed by this HS256 secret as well. */
  readonly tokenSecret?: Uint8Array;
}

/** One real IMAP server with LMTP, on loopback, in a folder and a process group of its own. */
export class Dovecot {
  readonly imapPort: number;
  readonly lmtpPort: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, imapPort: number, lmtpPort: number) {
    this.#process = process;
    this.imapPort = imapPort;
    this.lmtpPort = lmtpPort;
  }

  static async start(setup: DovecotSetup): Promise<Dovecot> {
    const [imapPort, lmtpPort] = await Promise.all([freePort(), freePort()]);
    const file = writeConfiguration(setup, imapPort, lmtpPort);
    // A group of its own; the shell ends it when the lab's process is gone, however that happened.
    const child = spawn('/bin/sh', ['-c', guardian, 'guardian', file], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const dovecot = new Dovecot(child, imapPort, lmtpPort);
    await Promise.all([listens(imapPort), listens(lmtpPort)]);
    return dovecot;
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#signal('SIGKILL');
    await gone;
  }

  /** Stops every process of it: connections are still accepted by the kernel, and nobody answers. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process.pid !== undefined) process.kill(-this.#process.pid, signal);
  }
}

/** Runs Dovecot in the foreground and kills the group when standard input ends, which it does with the lab. */
const guardian = 'dovecot -F -c "$1" & exec 3<&0; (cat <&3 >/dev/null; kill -9 0) & wait';

function writeConfiguration(setup: DovecotSetup, imapPort: number, lmtpPort: number): string {
  const base = join(setup.folder, setup.name);
  const isRoot = process.getuid?.() === 0;
  const me = userInfo().username;
  const mailUser = isRoot ? 'nobody' : me;
  for (const folder of ['', 'run', 'state', 'mail', 'keys', 'keys/default', 'keys/default/HS256'])
    mkdirSync(join(base, folder), { recursive: true, mode: 0o755 });
  if (isRoot) chownSync(join(base, 'mail'), 65534, 65534);
  writeFileSync(
    join(base, 'users'),
    setup.users.map(({ name, password }) => `${name}:{PLAIN}${password}::::::\n`).join(''),
  );
  if (setup.tokenSecret !== undefined)
    writeFileSync(
      join(base, 'keys/default/HS256/default'),
      Buffer.from(setup.tokenSecret).toString('base64'),
    );
  writeFileSync(
    join(base, 'oauth2.conf'),
    `introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=${base}/keys/\nusername_attribute = email\n`,
  );
  const file = join(base, 'dovecot.conf');
  writeFileSync(file, configuration({ setup, base, imapPort, lmtpPort, isRoot, me, mailUser }));
  return file;
}

interface Values {
  readonly setup: DovecotSetup;
  readonly base: string;
  readonly imapPort: number;
  readonly lmtpPort: number;
  readonly isRoot: boolean;
  readonly me: string;
  readonly mailUser: string;
}

/**
 * Dovecot 2.3 needs a line break after every brace. Its own users stay as they are when root starts it. With its usual
 * fcntl locks the kernel now and then suspects a deadlock between two connections of one user, and Dovecot panics.
 */
function configuration({ setup, base, imapPort, lmtpPort, isRoot, me, mailUser }: Values): string {
  const users = isRoot
    ? ''
    : `default_internal_user = ${me}\ndefault_internal_group = ${me}\ndefault_login_user = ${me}\n`;
  const unprivileged = isRoot ? '' : 'chroot =\n';
  const oauth =
    setup.tokenSecret === undefined
      ? ''
      : `passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = ${base}/oauth2.conf\n}\n`;
  const mailboxes = setup.folders
    .map(
      ({ name, specialUse }) =>
        ` mailbox "${name}" {\n  auto = subscribe\n${specialUse === undefined ? '' : `  special_use = ${specialUse}\n`} }\n`,
    )
    .join('');
  return `base_dir = ${base}/run
state_dir = ${base}/state
instance_name = ${setup.name}-${imapPort}
log_path = ${base}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
${users}mail_uid = ${mailUser}
mail_gid = ${isRoot ? 'nogroup' : me}
first_valid_uid = 1
mail_home = ${base}/mail/%n
mail_location = sdbox:~/sdbox
mail_fsync = never
lock_method = flock
ssl = yes
ssl_cert = <${setup.certificates.certificateFile}
ssl_key = <${setup.certificates.keyFile}
auth_mechanisms = plain${setup.tokenSecret === undefined ? '' : ' xoauth2'}
auth_username_format = %Lu

auth_failure_delay = 0
mail_max_userip_connections = 200
service anvil {
 ${unprivileged}
 unix_listener anvil-auth-penalty {
  mode = 0
 }
}
service stats {
 ${unprivileged}
}
service imap-login {
 ${unprivileged}
 service_count = 0
 process_min_avail = 1
 inet_listener imap {
  port = 0
 }
 inet_listener imaps {
  port = ${imapPort}
  ssl = yes
 }
}
service lmtp {
 inet_listener lmtp {
  port = ${lmtpPort}
 }
}
${oauth}passdb {
 driver = passwd-file
 args = ${base}/users
}
userdb {
 driver = passwd-file
 args = ${base}/users
}
namespace inbox {
 inbox = yes
 separator = /
${mailboxes}}
protocol imap {
 ${setup.capability === null ? '' : `imap_capability = ${setup.capability}`}
}
protocol lmtp {
 postmaster_address = postmaster@corp.example
}
`;
}

async function listens(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(() => resolve(false), 10));
    });
    if (isUp) return;
  }
  throw new Error(`nothing listens on ${port}`);
}
