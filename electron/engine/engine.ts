import type { ContractMethods } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { AccountId, AttachmentId } from '../../shared/model/ids.ts';
import type { AccountSettings } from '../../shared/policy/account-settings.ts';
import { livePolicy } from '../../shared/policy/live.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { type AccountEngine, createAccountEngine } from './account-engine.ts';
import { upsertAccount } from './cache/accounts.ts';
import { openDatabase } from './cache/database.ts';
import { attachmentContent } from './cache/queries/conversation-store.ts';
import { classifyStorageError } from './cache/storage-error.ts';
import { trustCertificates } from './mail/trust.ts';
import { createMethods } from './methods.ts';
import type { Announce, Clock, Logger, Random, Secrets } from './ports.ts';
import type { AttachmentBytes } from './protocol.ts';

export interface EngineSetup {
  readonly databaseFile: string;
  readonly databaseKey: Uint8Array;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly announce: Announce;
}

export interface Engine {
  readonly accounts: readonly AccountSummary[];
  call(method: string, input: unknown): Promise<Result<unknown, AppError>>;
  attachment(attachmentId: number): Result<AttachmentBytes, AppError>;
  /** What takes effect while the app runs does so at once. */
  policyChanged(policy: Policy): void;
  laptopWoke(): void;
  /** Ends all sessions, then closes the database. */
  stop(): Promise<void>;
}

/** Opens the database and starts every account of the policy. An account that has left the policy stays readable. */
export function startEngine(setup: EngineSetup): Result<Engine, AppError> {
  const { policy, log } = setup;
  trustCertificates(policy['network.certificates']);
  const opened = openDatabase(setup.databaseFile, setup.databaseKey);
  if (!opened.ok) return opened;
  const db = opened.value;

  const live = livePolicy(policy);
  const engines = new Map<AccountId, AccountEngine>();
  const startAccount = (settings: AccountSettings): void => {
    const { address, displayName } = settings;
    const id = upsertAccount(db, { address, displayName });
    if (engines.has(id)) return;
    const account: AccountSummary = { id, address, displayName, isShared: false };
    engines.set(id, createAccountEngine(account, settings, { ...setup, policy: live.policy, db }));
  };
  for (const settings of policy.accounts) startAccount(settings);
  const methods = createMethods({ db, engines, clock: setup.clock, announce: setup.announce });

  return ok({
    accounts: [...engines.values()].map(({ account }) => account),
    call: async (name, input) => {
      try {
        // Main has validated the input against the contract's schema.
        return await methods[name as keyof ContractMethods<'engine'>](input as never);
      } catch (error) {
        const failure = classifyStorageError(error);
        log.warn('call failed', { method: name, code: failure.code });
        return err(failure);
      }
    },
    attachment: (attachmentId) => {
      try {
        return attachmentContent(db, attachmentId as AttachmentId);
      } catch (error) {
        return err(classifyStorageError(error));
      }
    },
    policyChanged: (next) => {
      live.replace(next);
      for (const engine of engines.values()) engine.policyChanged();
    },
    laptopWoke: () => {
      for (const { failover } of engines.values()) failover.laptopWoke();
    },
    stop: async () => {
      await Promise.all([...engines.values()].map((engine) => engine.stop()));
      db.close();
    },
  });
}
