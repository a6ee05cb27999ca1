import type { AccountSettings } from '../../../../shared/policy/account-settings.ts';

/** Whose mailbox an enrolment opened, and with which settings. */
export interface EnrolledAccount {
  readonly address: string;
  readonly displayName: string;
  readonly continuity: Pick<AccountSettings['continuity'], 'imap' | 'submission'>;
  /** Null: the provider does not know it; the policy has to. */
  readonly exchange: AccountSettings['exchange'] | null;
  /** The name that this device's credential goes with. */
  readonly user: string;
}

/**
 * Every account that can run: those of the policy, and those enrolled besides. Where both know an account, the policy's
 * settings win, but for the user name, which belongs to the credential of the enrolment.
 */
export function accountsToRun(
  ofPolicy: readonly AccountSettings[],
  enrolled: readonly EnrolledAccount[],
): readonly AccountSettings[] {
  const byAddress = new Map(enrolled.map((account) => [account.address.toLowerCase(), account]));
  const managed = ofPolicy.map((settings) => {
    const own = byAddress.get(settings.address.toLowerCase());
    byAddress.delete(settings.address.toLowerCase());
    if (own === undefined || settings.continuity.authentication.kind !== 'password') return settings;
    return { ...settings, continuity: { ...settings.continuity, authentication: passwordOf(own.user) } };
  });
  const others = [...byAddress.values()].flatMap(({ address, displayName, continuity, exchange, user }) =>
    exchange === null
      ? []
      : [
          {
            address,
            displayName,
            exchange,
            continuity: { ...continuity, authentication: passwordOf(user) },
          },
        ],
  );
  return [...managed, ...others];
}

const passwordOf = (user: string) => ({ kind: 'password' as const, user });
