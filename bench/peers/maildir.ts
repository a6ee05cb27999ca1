import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MailboxAccess } from '../../e2e/lab/mailbox.ts';
import { mbsyncChannel } from '../../e2e/lab/mbsync.ts';

const run = promisify(execFile);

/** What others do to have mail on the disk and searched: mbsync into a Maildir, and an index over that. */
export class MaildirPeers {
  readonly #base = mkdtempSync(join(tmpdir(), 'relevo-peers-'));

  constructor(access: MailboxAccess) {
    const { user, authority } = access;
    const base = this.#base;
    mkdirSync(join(base, 'mail'));
    writeFileSync(join(base, 'authority.pem'), authority);
    writeFileSync(join(base, 'mbsyncrc'), mbsyncChannel(access, base, join(base, 'mail')), { mode: 0o600 });
    writeFileSync(
      join(base, 'notmuch'),
      `[database]\npath=${base}/mail\n[user]\nname=A\nprimary_email=${user}\n[new]\ntags=\nignore=.mbsyncstate;.uidvalidity\n`,
    );
  }

  /** As it comes, every message written through to the disk, as ours is. Milliseconds. */
  mbsync(): Promise<number> {
    return timed('mbsync', ['--config', join(this.#base, 'mbsyncrc'), '--quiet', '--all']);
  }

  async mu(): Promise<number> {
    const home = `--muhome=${join(this.#base, 'mu')}`;
    const made = await timed('mu', ['init', home, `--maildir=${join(this.#base, 'mail')}`, '--quiet']);
    return made + (await timed('mu', ['index', home, '--quiet']));
  }

  notmuch(): Promise<number> {
    return timed('notmuch', ['new', '--quiet'], { NOTMUCH_CONFIG: join(this.#base, 'notmuch') });
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

async function timed(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const begun = performance.now();
  await run(command, [...args], { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...env } });
  return performance.now() - begun;
}
