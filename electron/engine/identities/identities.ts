import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import { type Identity, type IdentityEntry, isSameAddress } from '../../../shared/model/identity.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  addOwnIdentity,
  ownSignatures,
  removeOwnIdentity,
  replaceProviderIdentities,
  setOwnSignature,
  storedIdentities,
} from '../cache/queries/identity-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { Announce, IdentitySource, Routes } from '../ports.ts';
import { mergeIdentities } from './core/merge.ts';

export interface IdentitiesOptions {
  readonly account: AccountSummary;
  readonly db: Database;
  readonly policy: readonly IdentityEntry[];
  /** In which signatures are wanted, e.g. "de". */
  readonly language: string;
  readonly routes: Routes;
  readonly announce: Announce;
  /** Who may be written as has changed: what waits for it is worth a look. */
  readonly changed: () => void;
}

/** As whom one account's person may write. Errors of all: `notFound`, `storage.full`, `storage.failed`. */
export interface Identities extends IdentitySource {
  /** Whether mail from this address is the account's own: its address, or an alias of its mailbox. */
  isOwnAddress(address: string): boolean;
  /** Those of which `isOwnAddress` says so. */
  ownAddresses(): readonly string[];
  /** Only of an identity that there is. An empty one: none, whatever policy or the directory says. */
  setSignature(address: string, signature: string): Result<null, AppError>;
  /** `input.invalid` when it is no address, or one that there is already. */
  addAlias(address: string, displayName: string): Result<null, AppError>;
  /** Only of those that the person added. */
  removeAlias(address: string): Result<null, AppError>;
  /** Takes what the provider's directory serves in the place of what it served before. */
  replaceFromProvider(rows: readonly IdentityEntry[]): Result<null, AppError>;
  stop(): void;
}

export function createIdentities(options: IdentitiesOptions): Identities {
  const { account, db, policy, language, routes, announce } = options;

  const merged = (isOutage: boolean): readonly [Identity, ...Identity[]] => {
    const [own, ...others] = mergeIdentities({
      own: account,
      policy,
      provider: storedIdentities(db, account.id, 'provider'),
      person: storedIdentities(db, account.id, 'person'),
      signatures: ownSignatures(db, account.id),
      language,
      isOutage,
    });
    if (own === undefined) throw new Error('an account has its own address');
    return [own, ...others];
  };
  const list = () => merged(routes.sending() === 'continuity');
  const find = (address: string) => list().find((identity) => isSameAddress(identity.address, address));

  const change = (write: () => void): Result<null, AppError> => {
    try {
      write();
    } catch (error) {
      return err(classifyStorageError(error));
    }
    announce('identities');
    options.changed();
    return ok(null);
  };

  const stop = routes.onChange(() => announce('identities'));

  return {
    list,
    mayLeaveByContinuity: (address) =>
      merged(true).some(
        (identity) => isSameAddress(identity.address, address) && identity.unavailable === null,
      ),
    isOwnAddress: (address) => {
      const kind = find(address)?.kind;
      return kind === 'own' || kind === 'alias';
    },
    ownAddresses: () =>
      list().flatMap(({ kind, address }) => (kind === 'own' || kind === 'alias' ? [address] : [])),
    setSignature: (address, signature) =>
      find(address) === undefined
        ? err(appError('notFound', 'never'))
        : change(() => setOwnSignature(db, account.id, { address, text: signature })),
    addAlias: (address, displayName) =>
      !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address) || find(address) !== undefined
        ? err(appError('input.invalid', 'afterUserAction', { field: 'address' }))
        : change(() =>
            addOwnIdentity(db, account.id, { address, displayName, kind: 'alias', continuity: false }),
          ),
    removeAlias: (address) =>
      find(address)?.isByHand === true
        ? change(() => removeOwnIdentity(db, account.id, address))
        : err(appError('notFound', 'never')),
    replaceFromProvider: (rows) => change(() => replaceProviderIdentities(db, account.id, rows)),
    stop,
  };
}
