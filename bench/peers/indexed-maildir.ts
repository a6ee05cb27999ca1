import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../figure.ts';

const run = promisify(execFile);

/** A query as both of them understand it; null: one cannot say it. */
export interface PeerQuery {
  readonly mu: string;
  readonly notmuch: string;
}

/** The same mail in a Maildir, indexed and searched by mu and by notmuch. */
export class IndexedMaildir {
  readonly #base = mkdtempSync(join(tmpdir(), 'relevo-maildir-'));
  readonly #notmuch = { ...process.env, NOTMUCH_CONFIG: join(this.#base, 'notmuch') };
  readonly #home = `--muhome=${join(this.#base, 'mu')}`;
  #count = 0;

  constructor() {
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(this.#base, 'mail', part), { recursive: true });
    writeFileSync(
      join(this.#base, 'notmuch'),
      `[database]\npath=${this.#base}/mail\n[user]\nname=A\nprimary_email=alice@corp.example\n[new]\ntags=\n`,
    );
  }

  add(source: Uint8Array, isSeen: boolean): void {
    this.#count += 1;
    const name = `${this.#count}.bench:2,${isSeen ? 'S' : ''}`;
    writeFileSync(join(this.#base, 'mail', 'cur', name), source);
  }

  async index(): Promise<void> {
    await run('mu', ['init', this.#home, `--maildir=${join(this.#base, 'mail')}`, '--quiet']);
    await run('mu', ['index', this.#home, '--quiet']);
    await run('notmuch', ['new', '--quiet'], { env: this.#notmuch });
  }

  /** Milliseconds of each query, newest 50, without what a query takes that finds nothing: the start of the process. */
  async search(
    queries: readonly PeerQuery[],
  ): Promise<Readonly<Record<'mu' | 'notmuch', readonly number[]>>> {
    const idle: Record<'mu' | 'notmuch', number[]> = { mu: [], notmuch: [] };
    for (let turn = 0; turn < 9; turn += 1) {
      idle.mu.push(await this.#mu('qqxxzzjjww'));
      idle.notmuch.push(await this.#search('qqxxzzjjww'));
    }
    const [muStart, notmuchStart] = [median(idle.mu), median(idle.notmuch)];
    const taken: Record<'mu' | 'notmuch', number[]> = { mu: [], notmuch: [] };
    for (const { mu, notmuch } of queries) {
      taken.mu.push(Math.max(0, (await this.#mu(mu)) - muStart));
      taken.notmuch.push(Math.max(0, (await this.#search(notmuch)) - notmuchStart));
    }
    return taken;
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true });
  }

  /** It fails where nothing is found. */
  #mu(query: string): Promise<number> {
    const options = ['--maxnum=50', '--sortfield=date', '--reverse', '--threads'];
    return timed(() => run('mu', ['find', this.#home, ...options, query]).catch(() => undefined));
  }

  #search(query: string): Promise<number> {
    return timed(() => run('notmuch', ['search', '--limit=50', query], { env: this.#notmuch }));
  }
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await ask();
  return performance.now() - begun;
}
