import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/errors.ts';
import type { AccountId } from '../../../../shared/model/ids.ts';
import {
  type ReadinessLevel,
  type ReadinessTodo,
  readinessTodos,
} from '../../../../shared/model/readiness.ts';
import { assess, type ReadinessFacts } from './assess.ts';

const now = 1_800_000_000_000;
const day = 86_400_000;
const accepted = { state: { kind: 'good' }, acceptedAt: now - 1000 } as const;
const needs = (reason: 'missing' | 'refused' | 'interaction' | 'revoked') =>
  ({ state: { kind: 'needed', reason }, acceptedAt: now - day }) as const;

const whole = { copied: 240, missing: 0, oldestMissingAt: null };

const allIsWell: ReadinessFacts = {
  accountId: 1 as AccountId,
  signIn: { exchange: accepted, continuity: accepted },
  rehearsal: { succeededAt: now - 1000, error: null },
  copy: { lastCompleteAt: now - 1000, completeness: whole, error: null },
  keyStore: { error: null, isProtected: true },
  domain: { at: now, findings: [] },
  certificates: { exchange: now + 60 * day, continuity: now + 60 * day },
  clock: { at: now, aheadMs: 300 },
  isPolicyInForce: true,
  drills: [],
};

const unreachable = appError('network.unreachable', 'soon');
const refused = appError('auth.refused', 'afterUserAction');
const notArrived = appError('drill.notArrived', 'later');
const serverRefused = appError('server.refused', 'never');
const unreadable = appError('keystore.unreadable', 'afterUserAction');

describe('readiness', () => {
  it('is good when everything is', () => {
    const { level, checks } = assess(allIsWell, now);
    expect(level).toBe('good');
    expect(checks.map((check) => [check.name, check.level])).toEqual([
      ['continuitySignIn', 'good'],
      ['rehearsal', 'good'],
      ['copy', 'good'],
      ['keyStore', 'good'],
      ['domain', 'good'],
      ['certificates', 'good'],
      ['clock', 'good'],
      ['policy', 'good'],
      ['exchangeSignIn', 'good'],
    ]);
    expect(assess(allIsWell, now).todo).toBeNull();
  });

  it('takes what nobody could look up for no fault', () => {
    const unknown = { domain: null, clock: null, certificates: { exchange: null, continuity: null } };
    expect(assess({ ...allIsWell, ...unknown }, now)).toMatchObject({ level: 'good', todo: null });
  });

  const failures: readonly (readonly [ReadinessTodo, ReadinessLevel, Partial<ReadinessFacts>])[] = [
    ['signInToContinuity', 'bad', { signIn: { ...allIsWell.signIn, continuity: needs('refused') } }],
    ['enrolAgain', 'bad', { signIn: { ...allIsWell.signIn, continuity: needs('revoked') } }],
    ['rehearse', 'attention', { rehearsal: { succeededAt: now - 4 * day, error: null } }],
    ['continuityUnreachable', 'bad', { rehearsal: { succeededAt: now - 15 * day, error: unreachable } }],
    ['drillNotArrived', 'bad', { rehearsal: { succeededAt: now - day, error: notArrived } }],
    ['drillRefused', 'bad', { rehearsal: { succeededAt: now - day, error: serverRefused } }],
    ['leaveOpen', 'bad', { copy: { lastCompleteAt: null, completeness: null, error: null } }],
    ['protectKeys', 'attention', { keyStore: { error: null, isProtected: false } }],
    ['repairKeys', 'bad', { keyStore: { error: unreadable, isProtected: true } }],
    ['dmarc', 'bad', { domain: { at: now, findings: ['dmarc', 'spf', 'dkim'] } }],
    ['spfBroken', 'attention', { domain: { at: now, findings: ['spfBroken'] } }],
    ['spf', 'attention', { domain: { at: now, findings: ['spf', 'mx'] } }],
    ['dkim', 'attention', { domain: { at: now, findings: ['dkim'] } }],
    ['mx', 'attention', { domain: { at: now, findings: ['mx'] } }],
    [
      'continuityCertificate',
      'attention',
      { certificates: { exchange: now + day, continuity: now + 13 * day } },
    ],
    ['continuityCertificate', 'bad', { certificates: { exchange: null, continuity: now - 1 } }],
    ['exchangeCertificate', 'attention', { certificates: { exchange: now + 13 * day, continuity: null } }],
    ['setClock', 'attention', { clock: { at: now, aheadMs: -6 * 60_000 } }],
    ['setClock', 'bad', { clock: { at: now, aheadMs: 366 * day } }],
    ['restart', 'attention', { isPolicyInForce: false }],
    ['signInToExchange', 'attention', { signIn: { ...allIsWell.signIn, exchange: needs('refused') } }],
  ];

  it.each(failures)('says %s, and nothing else, where one thing is %s', (todo, level, changed) => {
    const report = assess({ ...allIsWell, ...changed }, now);
    expect(report).toMatchObject({ todo, level });
    expect(report.checks.filter((check) => check.todo !== null).map((check) => check.todo)).toEqual([todo]);
  });

  it('has a failure for everything there is to do', () => {
    expect(new Set(failures.map(([todo]) => todo))).toEqual(new Set(Object.keys(readinessTodos)));
  });

  it('names the worst first, and of two that are as bad the one that helps most', () => {
    const slight = { clock: { at: now, aheadMs: 6 * 60_000 }, isPolicyInForce: false };
    expect(assess({ ...allIsWell, ...slight }, now).todo).toBe('setClock');
    const grave = { domain: { at: now, findings: ['dmarc'] } } as const;
    expect(assess({ ...allIsWell, ...slight, ...grave }, now).todo).toBe('dmarc');
  });

  it.each<[string, Partial<ReadinessFacts>, string, string, string | null]>([
    [
      'no credentials',
      { signIn: { ...allIsWell.signIn, continuity: needs('missing') } },
      'continuitySignIn',
      'bad',
      'auth.missing',
    ],
    [
      'a device that was shut out',
      { signIn: { ...allIsWell.signIn, continuity: needs('revoked') } },
      'continuitySignIn',
      'bad',
      'auth.deviceRevoked',
    ],
    [
      'credentials never shown',
      { signIn: { ...allIsWell.signIn, continuity: { ...accepted, acceptedAt: null } } },
      'continuitySignIn',
      'attention',
      null,
    ],
    [
      'Exchange wanting to see the person',
      { signIn: { ...allIsWell.signIn, exchange: needs('interaction') } },
      'exchangeSignIn',
      'attention',
      'auth.interactionNeeded',
    ],
    ['no rehearsal yet', { rehearsal: null }, 'rehearsal', 'attention', null],
    [
      'a rehearsal that met no network',
      { rehearsal: { succeededAt: now - day, error: unreachable } },
      'rehearsal',
      'attention',
      'network.unreachable',
    ],
    [
      'a rehearsal that was refused',
      { rehearsal: { succeededAt: now - day, error: refused } },
      'rehearsal',
      'bad',
      'auth.refused',
    ],
    [
      'no successful rehearsal for weeks',
      { rehearsal: { succeededAt: now - 15 * day, error: unreachable } },
      'rehearsal',
      'bad',
      'network.unreachable',
    ],
    [
      'a copy that lacks some messages',
      { copy: { lastCompleteAt: now - 1000, completeness: { ...whole, missing: 3 }, error: null } },
      'copy',
      'attention',
      null,
    ],
    [
      'a copy of which nobody knows what it lacks',
      { copy: { lastCompleteAt: now - 1000, completeness: null, error: null } },
      'copy',
      'attention',
      null,
    ],
    ['no copy', { copy: { lastCompleteAt: null, completeness: null, error: null } }, 'copy', 'bad', null],
    [
      'a copy of two days ago',
      { copy: { lastCompleteAt: now - 2 * day, completeness: whole, error: null } },
      'copy',
      'attention',
      null,
    ],
    [
      'a key store that protects nothing',
      { keyStore: { error: null, isProtected: false } },
      'keyStore',
      'attention',
      null,
    ],
    [
      'a key store that opens nothing',
      { keyStore: { error: appError('keystore.unreadable', 'afterUserAction'), isProtected: true } },
      'keyStore',
      'bad',
      'keystore.unreadable',
    ],
  ])('tells of %s, and is as good as its worst', (_what, changed, name, level, code) => {
    const report = assess({ ...allIsWell, ...changed }, now);
    const check = report.checks.find((one) => one.name === name);
    expect(check).toMatchObject({ level });
    expect(check?.error?.code ?? null).toBe(code);
    expect(report.level).toBe(level);
    expect(report.checks.filter((one) => one.level !== 'good')).toEqual([check]);
  });
});
