import { TriangleAlert } from 'lucide-react';
import type { AppStatus } from '../../../shared/contract/app.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { Delayed } from '../../ui/delayed.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './notices.css';

/** What is wrong with the product itself, or with what IT has set: one line each, worst first. */
export function Problems({ status }: { readonly status: AppStatus }) {
  const { t } = useLanguage();
  return (
    <div data-testid="engine-state" data-state={status.engine}>
      {status.engine === 'restarting' && (
        <p className="notice" role="status" data-testid="engine-restarting">
          {t('engine.restarting')}
        </p>
      )}
      {status.problems.map((problem, index) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may stand there twice, and none has a state
          key={`${problem.code}-${index}`}
          className="notice"
          role="alert"
          data-testid="problem"
          data-code={problem.code}
          data-tone="red"
        >
          <TriangleAlert size={16} role="img" aria-label={t('problem.label')} />
          <span>
            <strong>{t(`error.${problem.code}.title`)}</strong> {t(`error.${problem.code}.next`)}
          </span>
        </p>
      ))}
    </div>
  );
}

/** The first copy on its way: how far it is, while everything can be used. */
export function SyncProgress({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useLanguage();
  if (sync.kind !== 'syncing' || sync.lastCompleteAt !== null) return null;
  return (
    <Delayed>
      <div className="sync-progress" data-testid="sync-progress">
        <p role="status">
          {sync.total === 0 ? t('sync.starting') : t('sync.progress', { done: sync.done, total: sync.total })}
        </p>
        <progress
          aria-label={t('sync.starting')}
          {...(sync.total === 0 ? {} : { value: sync.done, max: sync.total })}
        />
      </div>
    </Delayed>
  );
}

/** A lost connection is failover's to judge; these no waiting settles, and the person should know of them. */
function isWorthSaying(code: ErrorCode): boolean {
  return code.startsWith('auth.') || code === 'network.tls' || code === 'server.protocol';
}

/** What stands in the way of this account's mail, other than an outage: a sign-in, above all. */
export function SyncError({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useLanguage();
  if (sync.error === null || !isWorthSaying(sync.error.code)) return null;
  return (
    <p className="notice" role="status" data-testid="sync-error" data-code={sync.error.code} data-tone="red">
      <TriangleAlert size={16} role="img" aria-label={t('problem.label')} />
      <span>
        <strong>{t(`error.${sync.error.code}.title`)}</strong> {t(`error.${sync.error.code}.next`)}
      </span>
    </p>
  );
}
