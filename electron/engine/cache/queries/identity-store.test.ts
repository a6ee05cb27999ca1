import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityEntry } from '../../../../shared/model/identity.ts';
import { type Laptop, openLaptop } from '../../testing/laptop.ts';
import { upsertAccount } from '../accounts.ts';
import {
  addOwnIdentity,
  ownSignatures,
  removeOwnIdentity,
  replaceProviderIdentities,
  setOwnSignature,
  storedIdentities,
} from './identity-store.ts';

const desk: IdentityEntry = {
  address: 'desk@corp.example',
  displayName: 'Front Desk',
  kind: 'sendAs',
  signature: { de: 'Empfang' },
  continuity: true,
};

describe('identities in the database', () => {
  let laptop: Laptop;

  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
  });
  afterEach(() => laptop.remove());

  it('of the provider are replaced as a whole, and of one account only', () => {
    const { db, account } = laptop;
    const other = upsertAccount(db, { address: 'bob@corp.example', displayName: 'Bob' });
    replaceProviderIdentities(db, account.id, [desk]);
    replaceProviderIdentities(db, other, [desk]);
    replaceProviderIdentities(db, account.id, [
      { ...desk, address: 'a@corp.example' },
      { ...desk, address: 'A@corp.example', continuity: false },
    ]);
    expect(storedIdentities(db, account.id, 'provider')).toEqual([
      { ...desk, address: 'A@corp.example', continuity: false },
    ]);
    expect(storedIdentities(db, other, 'provider')).toEqual([desk]);
  });

  it('of the person stay when the provider’s are replaced, until the person takes them away', () => {
    const { db, account } = laptop;
    addOwnIdentity(db, account.id, { ...desk, kind: 'alias' });
    replaceProviderIdentities(db, account.id, []);
    expect(storedIdentities(db, account.id, 'person')).toMatchObject([{ address: desk.address }]);
    expect(removeOwnIdentity(db, account.id, 'DESK@corp.example')).toBe(true);
    expect(removeOwnIdentity(db, account.id, desk.address)).toBe(false);
    expect(storedIdentities(db, account.id, 'person')).toEqual([]);
  });

  it('have one signature of the person each, the last one chosen', () => {
    const { db, account } = laptop;
    setOwnSignature(db, account.id, { address: 'anna@corp.example', text: 'Anna' });
    setOwnSignature(db, account.id, { address: 'ANNA@corp.example', text: '' });
    expect(ownSignatures(db, account.id)).toEqual([{ address: 'anna@corp.example', text: '' }]);
  });
});
