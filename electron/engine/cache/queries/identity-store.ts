import type { IdentityEntry, IdentityKind, Signatures } from '../../../../shared/model/identity.ts';
import type { AccountId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

type IdentitySource = 'provider' | 'person';

interface IdentityRow {
  readonly address: string;
  readonly displayName: string;
  readonly kind: IdentityKind;
  readonly signatures: string;
  readonly continuity: number;
}

/** The identities of an account that one source names, by address. */
export function storedIdentities(
  db: Database,
  accountId: AccountId,
  source: IdentitySource,
): readonly IdentityEntry[] {
  return db
    .prepare<[AccountId, IdentitySource], IdentityRow>(
      `SELECT address, display_name AS displayName, kind, signatures, continuity FROM identity
       WHERE account_id = ? AND source = ? ORDER BY address`,
    )
    .all(accountId, source)
    .map(({ signatures, continuity, ...row }) => ({
      ...row,
      signature: JSON.parse(signatures) as Signatures,
      continuity: continuity === 1,
    }));
}

/**
 * Puts what the provider's directory serves (`GET /v1/identities`) in the place of what it served before; of an
 * address that it names twice the last counts. The running account has `identities.replaceFromProvider`, which tells
 * the window and the outbox as well.
 */
export function replaceProviderIdentities(
  db: Database,
  accountId: AccountId,
  rows: readonly IdentityEntry[],
): void {
  db.transaction(() => {
    db.prepare("DELETE FROM identity WHERE account_id = ? AND source = 'provider'").run(accountId);
    for (const row of rows) insertIdentity(db, accountId, 'provider', row);
  }).immediate();
}

/** An address that the person may write as by their own account; one of that address is replaced. */
export function addOwnIdentity(db: Database, accountId: AccountId, identity: IdentityEntry): void {
  insertIdentity(db, accountId, 'person', identity);
}

/** False when the person has added no such address. */
export function removeOwnIdentity(db: Database, accountId: AccountId, address: string): boolean {
  return (
    db
      .prepare("DELETE FROM identity WHERE account_id = ? AND source = 'person' AND address = ?")
      .run(accountId, address).changes > 0
  );
}

function insertIdentity(
  db: Database,
  accountId: AccountId,
  source: IdentitySource,
  { address, displayName, kind, signature, continuity }: IdentityEntry,
): void {
  db.prepare(
    `INSERT OR REPLACE INTO identity (account_id, source, address, display_name, kind, signatures, continuity)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(accountId, source, address, displayName, kind, JSON.stringify(signature ?? {}), Number(continuity));
}

/** What the person chose, by address. */
export function ownSignatures(db: Database, accountId: AccountId): readonly OwnSignature[] {
  return db
    .prepare<[AccountId], OwnSignature>(
      'SELECT address, text FROM signature WHERE account_id = ? ORDER BY address',
    )
    .all(accountId);
}

export interface OwnSignature {
  readonly address: string;
  readonly text: string;
}

/** An empty text: the person wants none, whatever policy or the directory says. */
export function setOwnSignature(db: Database, accountId: AccountId, signature: OwnSignature): void {
  db.prepare(
    `INSERT INTO signature (account_id, address, text) VALUES (?, ?, ?)
     ON CONFLICT (account_id, address) DO UPDATE SET text = excluded.text`,
  ).run(accountId, signature.address, signature.text);
}
