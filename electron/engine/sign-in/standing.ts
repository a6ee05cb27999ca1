import type { ProviderName } from '../../../shared/model/account.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { DeviceCode, SignInState, SignInStatus } from '../../../shared/model/sign-in.ts';
import type { Database } from '../cache/database.ts';
import { loadSignIn, saveSignIn } from '../cache/queries/sign-in-store.ts';
import type { Announce, Clock } from '../ports.ts';

export type NeededReason = Extract<SignInState, { kind: 'needed' }>['reason'];

/** Being accepted again is written down this often at most, in milliseconds. */
const acceptedEveryMs = 10 * 60_000;

export interface StandingSetup {
  readonly accountId: AccountId;
  readonly provider: ProviderName;
  readonly method: SignInStatus['method'];
  readonly db: Database;
  readonly clock: Clock;
  readonly announce: Announce;
}

/** Where one sign-in stands: remembered over restarts, and announced when it changes. */
export interface Standing {
  status(): SignInStatus;
  /** The provider has accepted the credentials just now. */
  accepted(): void;
  /** The person has to do something. Nothing is announced twice. */
  needed(reason: NeededReason): void;
  /** The person is elsewhere, with or without a code; null: not any more. */
  waiting(waiting: { readonly deviceCode: DeviceCode | null } | null): void;
}

export function createStanding(setup: StandingSetup): Standing {
  const { accountId, provider, method, db, clock, announce } = setup;
  const remembered = loadSignIn(db, accountId, provider);
  let { acceptedAt } = remembered;
  let reason: NeededReason | null = remembered.reason;
  let writtenAt: EpochMs | null = acceptedAt;
  let away: { readonly deviceCode: DeviceCode | null } | null = null;

  const state = (): SignInState => {
    if (away !== null) return { kind: 'waiting', deviceCode: away.deviceCode };
    return reason === null ? { kind: 'good' } : { kind: 'needed', reason };
  };

  return {
    status: () => ({ accountId, provider, method, state: state(), acceptedAt }),
    accepted: () => {
      const now = clock.now();
      const isNews = reason !== null || writtenAt === null || Math.abs(now - writtenAt) >= acceptedEveryMs;
      acceptedAt = now;
      reason = null;
      if (!isNews) return;
      writtenAt = now;
      saveSignIn(db, accountId, provider, { acceptedAt, refusedAt: null, reason });
      announce('signIn');
    },
    needed: (newReason) => {
      if (reason === newReason) return;
      reason = newReason;
      saveSignIn(db, accountId, provider, { acceptedAt, refusedAt: clock.now(), reason });
      announce('signIn');
    },
    waiting: (now) => {
      if (away === now) return;
      away = now;
      announce('signIn');
    },
  };
}
