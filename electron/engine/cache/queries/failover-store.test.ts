import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outageCauses } from '../../../../shared/model/failover.ts';
import type { AccountId } from '../../../../shared/model/ids.ts';
import { upsertAccount } from '../accounts.ts';
import { type Database, openDatabase } from '../database.ts';
import {
  beginOutage,
  endOutage,
  loadHome,
  loadState,
  openOutage,
  saveHome,
  saveState,
} from './failover-store.ts';

describe('the failover store', () => {
  let folder: string;
  let db: Database;
  let anna: AccountId;
  let bert: AccountId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-failover-store-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    anna = upsertAccount(db, { address: 'anna@corp.example', displayName: 'Anna' });
    bert = upsertAccount(db, { address: 'bert@corp.example', displayName: 'Bert' });
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives back the newest state of each account, and none of a new one', () => {
    saveState(db, anna, { kind: 'primary', since: 1 }, 1);
    saveState(db, anna, { kind: 'primary', since: 2 }, 2);
    expect(loadState(db, anna)).toEqual({ kind: 'primary', since: 2 });
    expect(loadState(db, bert)).toBeNull();
  });

  it('gives back how Exchange was reached last, of each account', () => {
    expect(loadHome(db, anna)).toBeNull();
    saveHome(db, anna, { addresses: 'private', network: '10.1.0.0/16' });
    saveHome(db, anna, { addresses: 'public', network: '192.168.1.0/24' });
    expect(loadHome(db, anna)).toEqual({ addresses: 'public', network: '192.168.1.0/24' });
    expect(loadHome(db, bert)).toBeNull();
  });

  it('takes every cause that there is', () => {
    for (const cause of outageCauses) {
      beginOutage(db, anna, 10, cause);
      endOutage(db, anna, 20);
    }
    expect(db.prepare('SELECT count(*) AS n FROM outage').get()).toEqual({ n: outageCauses.length });
  });

  it('has one open outage of an account at most', () => {
    expect(openOutage(db, anna)).toBeNull();
    beginOutage(db, anna, 10, 'refused');
    beginOutage(db, anna, 20, 'hanging');
    beginOutage(db, bert, 30, 'hanging');
    expect(db.prepare('SELECT account_id, started_at, cause FROM outage ORDER BY id').raw().all()).toEqual([
      [anna, 10, 'refused'],
      [bert, 30, 'hanging'],
    ]);
  });

  it('ends the outage of one account and lets the next begin', () => {
    beginOutage(db, anna, 10, 'refused');
    beginOutage(db, bert, 10, 'refused');
    const first = openOutage(db, anna);
    endOutage(db, anna, 15);
    expect(openOutage(db, anna)).toBeNull();
    expect(openOutage(db, bert)).not.toBeNull();
    beginOutage(db, anna, 20, 'tls');
    expect(openOutage(db, anna)).not.toBe(first);
  });
});
