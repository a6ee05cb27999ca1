import { type AppError, appError } from '../../shared/errors.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { KeyStore } from './key-store.ts';
import type { PolicyService } from './policy/policy-service.ts';

/** What the window has to say is wrong, worst first. */
export function problemsOf(
  policy: Pick<PolicyService, 'running' | 'refused'>,
  keyStore: Pick<KeyStore, 'protection' | 'changedFrom'>,
  engineError: AppError | null,
  startError: AppError | null,
  accounts: readonly AccountSummary[],
): readonly AppError[] {
  const problems: AppError[] = [];
  if (startError !== null) problems.push(startError);
  if (engineError !== null) problems.push(engineError);
  if (startError === null && !keyStore.protection().isProtected)
    problems.push(appError('keystore.unprotected', 'afterUserAction'));
  if (startError === null && keyStore.changedFrom() !== null)
    problems.push(appError('keystore.changed', 'never'));
  if (policy.running.accounts.length === 0 && accounts.length === 0)
    problems.push(appError('policy.noAccount', 'afterUserAction'));
  for (const { setting, reason } of policy.refused)
    problems.push(appError('policy.invalid', 'afterUserAction', { setting: setting ?? '', reason }));
  return problems;
}
