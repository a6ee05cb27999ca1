import { describe, expect, it } from 'vitest';
import type { Identity, IdentityKind } from '../../../../shared/model/identity.ts';
import { type Addressed, pickIdentity } from './pick-identity.ts';

const identity = (name: string, kind: IdentityKind): Identity => ({
  address: `${name}@corp.example`,
  displayName: name,
  kind,
  signature: '',
  unavailable: null,
  isByHand: false,
});
const identities = [
  identity('anna', 'own'),
  identity('a.berg', 'alias'),
  identity('desk', 'sendAs'),
  identity('boss', 'onBehalf'),
] as const;

const to = (...names: readonly string[]) =>
  names.map((name) => ({ name: '', address: `${name}@corp.example` }));
const mail = (change: Partial<Addressed>): Addressed => ({
  from: { name: '', address: 'clara@outside.example' },
  to: [],
  cc: [],
  deliveredTo: [],
  isFromMe: false,
  ...change,
});
const picked = (change: Partial<Addressed>, kind: 'reply' | 'replyAll' | 'forward' | 'new' = 'reply') =>
  pickIdentity(kind, mail(change), identities).displayName;

describe('pickIdentity', () => {
  it.each([
    ['the one it is written to', { to: to('desk') }, 'desk'],
    ['the alias it is written to', { to: to('somebody', 'A.Berg') }, 'a.berg'],
    ['the one in copy', { to: to('somebody'), cc: to('boss') }, 'boss'],
    ['oneself before whom one represents', { to: to('boss'), cc: to('anna') }, 'anna'],
    [
      'what people wrote before what servers wrote',
      { to: to('desk'), deliveredTo: ['anna@corp.example'] },
      'desk',
    ],
    [
      'where it was delivered, when nobody is named',
      { to: to('list'), deliveredTo: ['a.berg@corp.example'] },
      'a.berg',
    ],
    ['oneself, when it says nothing', { to: to('list') }, 'anna'],
    [
      'the one that wrote it, for one’s own',
      { isFromMe: true, from: to('desk')[0], to: to('a.berg') },
      'desk',
    ],
  ] as const)('answers as %s', (_name, change, expected) => {
    expect(picked(change as Partial<Addressed>)).toBe(expected);
    expect(picked(change as Partial<Addressed>, 'replyAll')).toBe(expected);
  });

  it('writes what is new or passed on as oneself', () => {
    expect(picked({ to: to('desk') }, 'forward')).toBe('anna');
    expect(pickIdentity('new', null, identities).displayName).toBe('anna');
  });
});
