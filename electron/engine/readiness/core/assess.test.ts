import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/errors.ts';
import type { AccountId } from '../../../../shared/model/ids.ts';
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
};

const unreachable = appError('network.unreachable', 'soon');
const refused = appError('auth.refused', 'afterUserAction');

describe('readiness', () => {
  it('is good when everything is', () => {
    const { level, checks } = assess(allIsWell, now);
    expect(level).toBe('good');
    expect(checks.map((check) => [check.name, check.level])).toEqual([
      ['continuitySignIn', 'good'],
      ['rehearsal', 'good'],
      ['copy', 'good'],
      ['keyStore', 'good'],
      ['exchangeSignIn', 'good'],
    ]);
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
