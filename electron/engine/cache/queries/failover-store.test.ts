import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../../shared/model/ids.ts';
import { upsertAccount } from '../accounts.ts';
import { type Database, openDatabase } from '../database.ts';
import { beginOutage, endOutage, loadState, openOutage, saveState } from './failover-store.ts';

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
