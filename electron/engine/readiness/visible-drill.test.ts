import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { DrillOutcome } from '../../../shared/model/readiness.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { upsertAccount } from '../cache/accounts.ts';
import type { Database } from '../cache/database.ts';
import { visibleDrills } from '../cache/queries/drill-store.ts';
import { openTestDatabase, silent } from '../testing/laptop.ts';
import type { AccountToAssess } from './readiness-service.ts';
import { takePartInDrill } from './visible-drill.ts';

const minute = 60_000;
const from = 1_800_000_000_000;
const drill = { matter: 'drill', from, until: from + 10 * minute };
const refused = appError('auth.refused', 'afterUserAction');

describe('a drill that everybody sees', () => {
  let folder: string;
  let db: Database;
  let now = from;
  let told: DrillOutcome[] = [];
  let rehearsals = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-drill-'));
    db = openTestDatabase(join(folder, 'mail.db'));
    now = from;
    told = [];
    rehearsals = 0;
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const laptop = (changed: {
    readonly state?: ReturnType<AccountToAssess['state']>;
    readonly outcome?: Result<null, AppError>;
    readonly isOver?: boolean;
    readonly answer?: Result<null, AppError>;
  }): AccountToAssess => ({
    id: upsertAccount(db, { address: 'alice@corp.example', displayName: 'Alice' }),
    address: 'alice@corp.example',
    place: 0.5,
    signIn: () => ({ state: { kind: 'good' }, acceptedAt: now }),
    copy: () => ({ lastCompleteAt: now, completeness: null, error: null }),
    certificates: () => ({ exchange: null, continuity: null }),
    isPolicyInForce: () => true,
    state: () => changed.state ?? 'drill',
    drill: () => (changed.isOver === true ? null : drill),
    rehearse: async () => {
      rehearsals += 1;
      return changed.outcome ?? ok(null);
    },
    reportDrill: async (outcome) => {
      told.push(outcome);
      return changed.answer ?? ok(null);
    },
  });
  const take = (account: AccountToAssess) =>
    takePartInDrill(account, { db, clock: { now: () => now, after: () => () => {} }, log: silent });
  const kept = () => visibleDrills(db, laptop({}).id, 9);

  it('waits for its turn, works, tells the provider once, and does no more', async () => {
    expect(await take(laptop({}))).toEqual({ hasNews: false, againMs: 2.5 * minute });
    expect(rehearsals).toBe(0);
    now += 2.5 * minute;
    expect((await take(laptop({}))).hasNews).toBe(true);
    now += minute;
    await take(laptop({}));
    await take(laptop({ isOver: true }));
    expect(rehearsals).toBe(1);
    expect(told).toMatchObject([{ ...drill, outcome: 'worked', error: null }]);
  });

  it('tries again what failed, and tells only when the window is over that it could not', async () => {
    now += 3 * minute;
    await take(laptop({ outcome: err(refused) }));
    await take(laptop({ outcome: err(refused) }));
    expect([rehearsals, told.length]).toEqual([1, 0]);
    now += minute;
    await take(laptop({ outcome: err(refused) }));
    expect(rehearsals).toBe(2);
    now = drill.until;
    await take(laptop({ isOver: true }));
    expect(told).toMatchObject([{ outcome: 'couldNot', error: refused }]);
  });

  it('has worked if it worked at last', async () => {
    now += 3 * minute;
    await take(laptop({ outcome: err(refused) }));
    now += minute;
    await take(laptop({}));
    expect(told).toMatchObject([{ outcome: 'worked' }]);
    expect(kept()).toMatchObject([{ outcome: 'worked', error: null }]);
  });

  it('could not without a network, and tells when there is one', async () => {
    now += 3 * minute;
    await take(laptop({ state: 'offline' }));
    now = drill.until + minute;
    await take(laptop({ isOver: true, answer: err(appError('enrolment.unreachable', 'later')) }));
    now += 60 * minute;
    await take(laptop({ isOver: true }));
    await take(laptop({ isOver: true }));
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({ outcome: 'couldNot', error: { code: 'network.unreachable' } });
  });

  it('says nothing while something graver decides', async () => {
    now += 3 * minute;
    expect(await take(laptop({ state: 'other' }))).toEqual({ hasNews: false, againMs: minute });
    expect(kept()).toEqual([]);
  });

  it('leaves a provider alone that does not want to know', async () => {
    now += 3 * minute;
    await take(laptop({ answer: err(appError('enrolment.refused', 'afterUserAction')) }));
    await take(laptop({}));
    expect(told).toHaveLength(1);
  });
});
