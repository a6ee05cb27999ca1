import { type ChildProcess, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isRootBesideDovecot, makeSharedFolder, spawnBesideDovecot } from '../../build/dovecot-host.ts';
import type { Certificates } from './certificates.ts';
import { freePort } from './ports.ts';

export interface DovecotSetup {
  readonly name: string;
  readonly certificates: Certificates;
  /** What IMAP advertises; null for everything that Dovecot can. */
  readonly capability: string | null;
  readonly users: readonly { readonly name: string; readonly password: string }[];
  /** Folders made for every user, with their special use (shown only where the capability says so). */
  readonly folders: readonly { readonly name: string; readonly specialUse?: string }[];
  /** Users whose mailbox every employee's token opens. */
  readonly shared: readonly string[];
  /** Accepts OAuth access tokens signed by this HS256 secret as well. */
  readonly tokenSecret?: Uint8Array;
}

/** One real IMAP server with LMTP, on loopback, in a folder and a process group of its own. */
export class Dovecot {
  readonly imapPort: number;
  /** IMAP that begins in clear, as in many a house. */
  readonly starttlsPort: number;
  readonly lmtpPort: number;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #writes = 0;

  private constructor(process: ChildProcess, folder: string, ports: Ports) {
    this.#process = process;
    this.#folder = folder;
    this.imapPort = ports.imapPort;
    this.starttlsPort = ports.starttlsPort;
    this.lmtpPort = ports.lmtpPort;
  }

  static async start(setup: DovecotSetup): Promise<Dovecot> {
    const [imapPort, starttlsPort, lmtpPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const ports = { imapPort, starttlsPort, lmtpPort };
    const { here, there } = makeSharedFolder();
    writeFiles(setup, { here, there, ...ports });
    const dovecot = new Dovecot(spawnBesideDovecot(guardian, there), here, ports);
    await Promise.all(Object.values(ports).map(listens));
    return dovecot;
  }

  /** Besides the users' own passwords: names with passwords of their own that open a user's mailbox. */
  setAliases(aliases: readonly Alias[]): void {
    writeAliases(this.#folder, aliases, ++this.#writes);
  }

  /** Kills every process of it and removes its files. */
  async stop(): Promise<void> {
    const server = this.#process;
    if (server.exitCode === null && server.signalCode === null) {
      const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
      server.stdin?.end();
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A name that opens the mailbox of `user`, by its one password or either of two. */
export interface Alias {
  readonly name: string;
  readonly user: string;
  readonly passwords: readonly string[];
}

/** Dovecot notices a change by time and size, and reads both files anew at the next sign-in. */
function writeAliases(folder: string, aliases: readonly Alias[], revision: number): void {
  for (const [index, file] of aliasFiles.entries()) {
    const lines = aliases.flatMap(({ name, user, passwords }) =>
      passwords[index] === undefined ? [] : [`${name}:{PLAIN}${passwords[index]}::::::user=${user}`],
    );
    writeFileSync(join(folder, file), `#${'-'.repeat(revision)}\n${lines.join('\n')}\n`);
  }
}

/** One for each password that a name may have. */
const aliasFiles = ['aliases', 'other-aliases'] as const;

/**
 * Runs Dovecot in the foreground, and kills the process group when standard input ends: at the end of the lab, which
 * removes the folder then, or with the lab's process, and then the folder goes from here.
 */
const guardian = `
PATH=$PATH:/usr/sbin:/usr/local/sbin
[ "$(id -u)" != 0 ] || chown nobody "$1/mail"
dovecot -F -c "$1/dovecot.conf" &
cat >/dev/null
rm -rf "$1"
kill -9 0
`;

interface Ports {
  readonly imapPort: number;
  readonly starttlsPort: number;
  readonly lmtpPort: number;
}

interface Place extends Ports {
  readonly here: string;
  readonly there: string;
}

function writeFiles(setup: DovecotSetup, { here, there, ...ports }: Place): void {
  chmodSync(here, 0o755);
  for (const folder of ['run', 'state', 'mail', 'keys/default/HS256'])
    mkdirSync(join(here, folder), { recursive: true, mode: 0o755 });
  const write = (name: string, text: string) => writeFileSync(join(here, name), text);
  write('users', setup.users.map(({ name, password }) => `${name}:{PLAIN}${password}::::::\n`).join(''));
  writeAliases(here, [], 0);
  write('certificate.pem', setup.certificates.certificate);
  write('key.pem', setup.certificates.key);
  if (setup.tokenSecret !== undefined)
    write('keys/default/HS256/default', Buffer.from(setup.tokenSecret).toString('base64'));
  const tokens = `introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=${there}/keys/\nusername_attribute = email\n`;
  write('oauth2.conf', tokens);
  // Of the two names, the token's and the mailbox's, only the domains have to agree.
  write('oauth2-shared.conf', `${tokens}username_format = %d\n`);
  const owner = isRootBesideDovecot() ? null : ownerOfServers();
  write('dovecot.conf', configuration({ setup, base: there, ...ports, owner }));
}

interface Owner {
  readonly user: string;
  readonly group: string;
}

/** Whoever runs the lab, when that is not root. */
function ownerOfServers(): Owner {
  return { user: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() };
}

interface Values extends Ports {
  readonly setup: DovecotSetup;
  readonly base: string;
  /** Null: root starts it, and it changes to users of its own. */
  readonly owner: Owner | null;
}

/**
 * Dovecot 2.3 needs a line break after every brace. Its own users stay as they are when root starts it. With its usual
 * fcntl locks the kernel now and then finds a deadlock between two connections of one user, and Dovecot panics; with others
 * both wait for 60 s. It is between the lock for making a folder (`mailboxes.lock`, at the first look into a mailbox) and
 * the index of all folders (`dovecot.list.index.log`), so there is none of the latter.
 */
function configuration({ setup, base, imapPort, starttlsPort, lmtpPort, owner }: Values): string {
  const users =
    owner === null
      ? ''
      : `default_internal_user = ${owner.user}\ndefault_internal_group = ${owner.group}\ndefault_login_user = ${owner.user}\n`;
  const unprivileged = owner === null ? '' : 'chroot =\n';
  const shared =
    setup.shared.length === 0
      ? ''
      : `passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n username_filter = ${setup.shared.join(' ')}\n args = ${base}/oauth2-shared.conf\n}\n`;
  const oauth =
    setup.tokenSecret === undefined
      ? ''
      : `passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = ${base}/oauth2.conf\n}\n${shared}`;
  const aliases = aliasFiles
    .map((file) => `passdb {\n driver = passwd-file\n args = ${base}/${file}\n}\n`)
    .join('');
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
${users}mail_uid = ${owner?.user ?? 'nobody'}
mail_gid = ${owner?.group ?? 'nogroup'}
first_valid_uid = 1
mail_home = ${base}/mail/%n
mail_location = sdbox:~/sdbox
mail_fsync = never
lock_method = flock
mailbox_list_index = no
ssl = yes
ssl_cert = <${base}/certificate.pem
ssl_key = <${base}/key.pem
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
  port = ${starttlsPort}
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
${aliases}userdb {
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
  const deadline = Date.now() + 60_000;
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
