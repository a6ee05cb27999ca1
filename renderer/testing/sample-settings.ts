import type { EffectivePolicy } from '../../shared/model/effective-policy.ts';
import type { Identity } from '../../shared/model/identity.ts';
import type { EpochMs } from '../../shared/model/ids.ts';
import type { KeyProtection } from '../../shared/model/key-protection.ts';
import type { Readiness } from '../../shared/model/readiness.ts';
import type { SignInStatus } from '../../shared/model/sign-in.ts';
import { account, accountId, day, minute } from './sample-mail.ts';

/** Both sign-ins of the account, in order. */
export const signIns = (now: EpochMs): readonly SignInStatus[] => [
  {
    accountId,
    provider: 'exchange',
    method: 'browser',
    state: { kind: 'good' },
    acceptedAt: now - 9 * minute,
  },
  {
    accountId,
    provider: 'continuity',
    method: 'enrolment',
    state: { kind: 'good' },
    acceptedAt: now - 0.6 * day,
  },
];

export const identities: readonly Identity[] = [
  {
    address: account.address,
    displayName: account.displayName,
    kind: 'own',
    signature: 'Alice Hoffmann\nNordlicht Bau GmbH · Hafenstraße 12 · 20457 Hamburg',
    unavailable: null,
    isByHand: false,
  },
  {
    address: 'a.hoffmann@nordlicht.example',
    displayName: account.displayName,
    kind: 'alias',
    signature: '',
    unavailable: null,
    isByHand: true,
  },
  {
    address: 'info@nordlicht.example',
    displayName: 'Nordlicht Info',
    kind: 'sendAs',
    signature: '',
    unavailable: null,
    isByHand: false,
  },
  {
    address: 'geschaeftsfuehrung@nordlicht.example',
    displayName: 'Jonas Weber',
    kind: 'onBehalf',
    signature: '',
    unavailable: 'notByContinuity',
    isByHand: false,
  },
];

export const readiness = (now: EpochMs): Readiness => ({
  accountId,
  level: 'attention',
  todo: 'rehearse',
  drills: [
    {
      matter: 'drill',
      from: now - 3 * day,
      until: now - 3 * day + 10 * minute,
      outcome: 'worked',
      error: null,
    },
  ],
  checks: [
    { name: 'continuitySignIn', level: 'good', at: now - 0.6 * day, error: null, todo: null },
    { name: 'rehearsal', level: 'attention', at: now - 33 * day, error: null, todo: 'rehearse' },
    { name: 'copy', level: 'good', at: now - minute, error: null, todo: null },
    { name: 'keyStore', level: 'good', at: now - 3 * 60 * minute, error: null, todo: null },
    { name: 'exchangeSignIn', level: 'good', at: now - 9 * minute, error: null, todo: null },
  ],
});

export const unready = (now: EpochMs): Readiness => ({
  accountId,
  level: 'bad',
  todo: 'enrolAgain',
  drills: [
    {
      matter: 'drill',
      from: now - 3 * day,
      until: now - 3 * day + 10 * minute,
      outcome: 'couldNot',
      error: { code: 'network.unreachable', retry: 'soon' },
    },
  ],
  checks: [
    {
      name: 'continuitySignIn',
      level: 'bad',
      at: null,
      error: { code: 'auth.deviceRevoked', retry: 'afterUserAction' },
      todo: 'enrolAgain',
    },
    {
      name: 'rehearsal',
      level: 'bad',
      at: now - 2 * day,
      error: { code: 'network.proxyRefused', retry: 'later' },
      todo: 'rehearse',
    },
    { name: 'copy', level: 'bad', at: null, error: null, todo: 'leaveOpen' },
    { name: 'keyStore', level: 'attention', at: now - 3 * 60 * minute, error: null, todo: 'protectKeys' },
    {
      name: 'exchangeSignIn',
      level: 'attention',
      at: now - 9 * day,
      error: { code: 'auth.providerUnreachable', retry: 'later' },
      todo: 'signInToExchange',
    },
  ],
});

export const keyProtection = (now: EpochMs): KeyProtection => ({
  backend: 'gnome_libsecret',
  isProtected: true,
  recovery: 'none',
  keyMadeAt: now - 40 * day,
});

export const policy: EffectivePolicy = {
  adminContact: 'IT service desk, +49 40 1234-0',
  refused: [
    {
      setting: 'sync.windowDays',
      place: '/etc/relevo/policy.json, enforced',
      reason: 'Invalid value: Expected <=180 but received 3650',
    },
    {
      setting: null,
      place: '/etc/relevo/policy.d/branch-office.json',
      reason: 'The file can be written by others than root',
    },
  ],
  settings: [
    {
      name: 'accounts',
      value: JSON.stringify([
        {
          address: account.address,
          displayName: account.displayName,
          exchange: { imap: { host: 'outlook.office365.example', port: 993, security: 'tls' } },
        },
      ]),
      source: 'enforced',
      isLocked: true,
      isPersonal: false,
      needsRestart: false,
    },
    {
      name: 'keystore.allowUnprotected',
      value: 'false',
      source: 'enforced',
      isLocked: true,
      isPersonal: false,
      needsRestart: true,
    },
    {
      name: 'network.neutralHosts',
      value: '["one.one.one.one:443","dns.quad9.net:443","www.iana.org:443"]',
      source: 'product',
      isLocked: false,
      isPersonal: false,
      needsRestart: false,
    },
    {
      name: 'sync.windowDays',
      value: '30',
      source: 'default',
      isLocked: false,
      isPersonal: true,
      needsRestart: false,
    },
    {
      name: 'sync.leftOutFolders',
      value: '["Archive","Projects/2026"]',
      source: 'person',
      isLocked: false,
      isPersonal: true,
      needsRestart: false,
    },
    {
      name: 'failover.probeSeconds',
      value: '2',
      source: 'product',
      isLocked: false,
      isPersonal: false,
      needsRestart: false,
    },
    {
      name: 'reading.remotePictures',
      value: 'false',
      source: 'product',
      isLocked: false,
      isPersonal: true,
      needsRestart: false,
    },
  ],
};
