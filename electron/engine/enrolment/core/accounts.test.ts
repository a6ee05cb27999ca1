import { describe, expect, it } from 'vitest';
import type { AccountSettings } from '../../../../shared/policy/account-settings.ts';
import { accountsToRun, type EnrolledAccount } from './accounts.ts';

const servers = (name: string) => ({
  imap: { host: `imap.${name}.example`, port: 993, security: 'tls' as const },
  submission: { host: `smtp.${name}.example`, port: 587, security: 'starttls' as const },
});
const withPassword = (user: string) => ({ kind: 'password' as const, user });
const exchange = { ...servers('exchange'), authentication: withPassword('anna') };
const policy: AccountSettings = {
  address: 'anna@corp.example',
  displayName: 'Anna Berg',
  exchange,
  continuity: { ...servers('continuity'), authentication: withPassword('anna@corp.example') },
};
const enrolled: EnrolledAccount = {
  address: 'Anna@Corp.example',
  displayName: 'A. Berg',
  continuity: servers('elsewhere'),
  exchange,
  user: 'dev-1',
};

describe('the accounts to run', () => {
  it('are those of the policy and those enrolled', () => {
    const other = { ...enrolled, address: 'ben@corp.example' };
    expect(accountsToRun([policy], [other])).toEqual([
      policy,
      {
        address: 'ben@corp.example',
        displayName: 'A. Berg',
        exchange,
        continuity: { ...servers('elsewhere'), authentication: withPassword('dev-1') },
      },
    ]);
  });

  it('have one of each address, by the settings of the policy, with the user name of the credential', () => {
    expect(accountsToRun([policy], [enrolled])).toEqual([
      { ...policy, continuity: { ...policy.continuity, authentication: withPassword('dev-1') } },
    ]);
  });

  it('do not hold one whose Exchange nobody knows', () => {
    expect(accountsToRun([], [{ ...enrolled, exchange: null }])).toEqual([]);
  });
});
