import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountSummary } from '../../../shared/model/account.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import { type StoredMessage, storeMessage } from '../cache/messages.ts';
import { journalReceived } from '../cache/queries/journal-store.ts';
import type { FolderRole } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { Clock, IdentitySource, Logger, Random, Routes } from '../ports.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const realRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  uuid: () => randomUUID(),
};

export const silent: Logger = { info: () => {}, warn: () => {}, child: () => silent };

/** Routes that a test decides. */
export class ChosenRoutes implements Routes {
  readonly #listeners = new Set<() => void>();
  #reading: Route | null;
  #sending: Route | null;

  constructor(route: Route | null) {
    this.#reading = route;
    this.#sending = route;
  }

  reading(): Route | null {
    return this.#reading;
  }

  sending(): Route | null {
    return this.#sending;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  choose(route: Route | null): void {
    this.#reading = route;
    this.#sending = route;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The account's own address and no other. */
export function ownIdentity({ address, displayName }: AccountSummary): IdentitySource {
  return {
    list: () => [{ address, displayName, kind: 'own', signature: '', unavailable: null, isByHand: false }],
    mayLeaveByContinuity: (other) => isSameAddress(address, other),
  };
}

/** The key of every test's database. */
export const testKey = new Uint8Array(32).fill(7);

export function openTestDatabase(file: string): Database {
  const opened = openDatabase(file, testKey);
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}

/** One employee's offline copy, in a folder of its own. */
export interface Laptop {
  readonly file: string;
  readonly db: Database;
  readonly account: AccountSummary;
  /** A mail as sync would have stored it, with its copy on a server. */
  receives(source: string, place?: Partial<Place>): Promise<StoredMessage>;
  /** Begins an outage; yields a function that ends it. */
  loses(): () => void;
  remove(): void;
}

export interface Place {
  readonly route: Route;
  readonly path: string;
  readonly role: FolderRole;
  readonly uid: number;
  readonly flags: readonly string[];
  readonly internalDate: EpochMs;
}

export function openLaptop(address: string, displayName = 'Anna Berg'): Laptop {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-laptop-'));
  const file = join(folder, 'mail.db');
  const db = openTestDatabase(file);
  const account = { id: upsertAccount(db, { address, displayName }), address, displayName, isShared: false };
  let nextUid = 1;
  return {
    file,
    db,
    account,
    receives: (source, place = {}) =>
      storeAsSync(db, account, Buffer.from(source.replace(/\r?\n/g, '\r\n')), {
        route: 'primary',
        path: 'INBOX',
        role: 'inbox',
        uid: nextUid++,
        flags: [],
        internalDate: Date.now(),
        ...place,
      }),
    loses: () => {
      const { lastInsertRowid } = db
        .prepare("INSERT INTO outage (account_id, started_at, cause) VALUES (?, ?, 'refused')")
        .run(account.id, Date.now());
      return () =>
        void db.prepare('UPDATE outage SET ended_at = ? WHERE id = ?').run(Date.now(), lastInsertRowid);
    },
    remove: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Stores a message and its copy as sync does; what is met on continuity goes into the journal. */
export async function storeAsSync(
  db: Database,
  account: AccountSummary,
  source: Uint8Array,
  place: Place,
): Promise<StoredMessage> {
  const { route, path, role, uid, flags, internalDate } = place;
  const parsed = await parseMessage(source);
  return db.transaction(() => {
    const stored = storeMessage(db, {
      accountId: account.id,
      parsed,
      receivedAt: internalDate,
      flags,
      isFromMe: parsed.from.address === account.address,
      folderRole: role,
      keepSource: route === 'continuity' ? source : null,
    });
    db.prepare(
      'INSERT INTO folder (account_id, route, path, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ).run(account.id, route, path, role);
    db.prepare(
      `INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date)
       SELECT account_id, ?, id, ?, ?, ? FROM folder WHERE account_id = ? AND route = ? AND path = ?
       ON CONFLICT (folder_id, uid) DO UPDATE SET flags = excluded.flags`,
    ).run(stored.messageId, uid, flags.join(' '), internalDate, account.id, route, path);
    if (route === 'continuity')
      journalReceived(db, { accountId: account.id, messageId: stored.messageId, now: Date.now() });
    return stored;
  })();
}
