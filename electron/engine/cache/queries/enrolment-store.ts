import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** How a device came to its credential at the continuity provider. The secret itself is in the key store. */
export interface Enrolment {
  readonly accountId: AccountId;
  readonly address: string;
  readonly providerUrl: string;
  readonly signingKeys: readonly string[];
  readonly deviceId: string;
  /** The account's settings as the provider gave them, as JSON data. */
  readonly settings: unknown;
  readonly enrolledAt: EpochMs;
  readonly rotatedAt: EpochMs | null;
  /** When the provider last said that the credential is good. */
  readonly checkedAt: EpochMs;
  /** When the provider said that this device is shut out; null: it is not. */
  readonly revokedAt: EpochMs | null;
}

interface Row extends Omit<Enrolment, 'signingKeys' | 'settings'> {
  readonly signingKeys: string;
  readonly settings: string;
}

const columns = `account_id AS accountId, account.address, provider_url AS providerUrl, signing_keys AS signingKeys,
  device_id AS deviceId, settings, enrolled_at AS enrolledAt, rotated_at AS rotatedAt, checked_at AS checkedAt,
  revoked_at AS revokedAt`;

const enrolmentOf = (row: Row): Enrolment => ({
  ...row,
  signingKeys: JSON.parse(row.signingKeys) as readonly string[],
  settings: JSON.parse(row.settings),
});

export function listEnrolments(db: Database): readonly Enrolment[] {
  return db
    .prepare<[], Row>(
      `SELECT ${columns} FROM enrolment JOIN account ON account.id = account_id ORDER BY account_id`,
    )
    .all()
    .map(enrolmentOf);
}

export function findEnrolment(db: Database, accountId: AccountId): Enrolment | null {
  const row = db
    .prepare<[AccountId], Row>(
      `SELECT ${columns} FROM enrolment JOIN account ON account.id = account_id WHERE account_id = ?`,
    )
    .get(accountId);
  return row === undefined ? null : enrolmentOf(row);
}

/** The account's one enrolment; a new one takes the place of an earlier one. */
export function saveEnrolment(
  db: Database,
  enrolment: Pick<Enrolment, 'accountId' | 'providerUrl' | 'signingKeys' | 'deviceId' | 'settings'>,
  now: EpochMs,
): void {
  db.prepare(
    `INSERT OR REPLACE INTO enrolment
       (account_id, provider_url, signing_keys, device_id, settings, enrolled_at, checked_at)
     VALUES (@accountId, @providerUrl, @signingKeys, @deviceId, @settings, @now, @now)`,
  ).run({
    ...enrolment,
    signingKeys: JSON.stringify(enrolment.signingKeys),
    settings: JSON.stringify(enrolment.settings),
    now,
  });
}

/** The provider has said that the credential is good. */
export function noteChecked(
  db: Database,
  accountId: AccountId,
  now: EpochMs,
  signingKeys: readonly string[] | null,
): void {
  db.prepare(
    `UPDATE enrolment SET checked_at = ?, revoked_at = NULL, signing_keys = coalesce(?, signing_keys)
     WHERE account_id = ?`,
  ).run(now, signingKeys === null ? null : JSON.stringify(signingKeys), accountId);
}

export function noteRotated(db: Database, accountId: AccountId, now: EpochMs): void {
  db.prepare('UPDATE enrolment SET rotated_at = ? WHERE account_id = ?').run(now, accountId);
}

/** The first time counts. */
export function noteRevoked(db: Database, accountId: AccountId, now: EpochMs): void {
  db.prepare('UPDATE enrolment SET revoked_at = coalesce(revoked_at, ?) WHERE account_id = ?').run(
    now,
    accountId,
  );
}
