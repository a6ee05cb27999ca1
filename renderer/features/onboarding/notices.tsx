import { Info, RotateCw, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AppStatus } from '../../../shared/contract/app.ts';
import type { AppError, ErrorCode } from '../../../shared/errors.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { Delayed } from '../../ui/delayed.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './notices.css';

/** What is wrong with the product itself, or with what IT has set: one line each, worst first. */
export function Problems({ status }: { readonly status: AppStatus }) {
  const { t } = useLanguage();
  const hasMail = status.accounts.length > 0;
  return (
    <div data-testid="engine-state" data-state={status.engine}>
      {status.engine === 'restarting' && (
        <Delayed>
          <p className="notice" role="status" data-testid="engine-restarting">
            <RotateCw size={16} aria-hidden="true" />
            <span>{t('engine.restarting')}</span>
          </p>
        </Delayed>
      )}
      {hasMail &&
        status.problems.map((problem, index) => <Notice key={noticeKey(problem, index)} error={problem} />)}
    </div>
  );
}

interface NoMailboxProps {
  readonly status: AppStatus | undefined;
  /** What the person can do where no mailbox has been set up. */
  readonly enrolment: ReactNode;
  /** What the administrator has set, for who is called to help. */
  readonly policy: ReactNode;
}

/** The whole window, while there is no mailbox to show: it is being opened, why it cannot be, or how it becomes one. */
export function NoMailbox({ status, enrolment, policy }: NoMailboxProps) {
  const { t } = useLanguage();
  // Until the engine runs, nobody can know of a mailbox that an enrolment opened.
  const problems = (status?.problems ?? []).filter(
    ({ code }) => code !== 'policy.noAccount' || status?.engine !== 'starting',
  );
  return (
    <main className="no-mailbox">
      <p className="brand">{t('app.name')}</p>
      {problems.length === 0 ? (
        <Delayed>
          <p role="status">{t('engine.starting')}</p>
        </Delayed>
      ) : (
        problems.map((problem, index) => (
          <div key={noticeKey(problem, index)} role="alert" data-testid="problem" data-code={problem.code}>
            <h2>{t(`error.${problem.code}.title`)}</h2>
            <p>{t(`error.${problem.code}.next`)}</p>
          </div>
        ))
      )}
      {status?.engine === 'running' && problems.some(({ code }) => code === 'policy.noAccount') && (
        <div className="first-start" data-testid="first-start">
          {enrolment}
          <p>{t('enrol.without')}</p>
        </div>
      )}
      {problems.length > 0 && <PolicyDetails>{policy}</PolicyDetails>}
    </main>
  );
}

function PolicyDetails({ children }: { readonly children: ReactNode }) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="policy-details settings" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary data-testid="policy-details">{t('policy.show')}</summary>
      {isOpen && children}
    </details>
  );
}

/** The same problem may stand there twice, and none has a state. */
const noticeKey = ({ code }: AppError, index: number): string => `${code}-${index}`;

function Notice({ error, testId = 'problem' }: { readonly error: AppError; readonly testId?: string }) {
  const { t } = useLanguage();
  // Worth knowing, and nothing to do about it.
  const isNews = error.code === 'keystore.changed';
  return (
    <p
      className="notice"
      role={isNews ? 'status' : 'alert'}
      data-testid={testId}
      data-code={error.code}
      data-tone={isNews ? undefined : 'red'}
    >
      {isNews ? (
        <Info size={16} aria-hidden="true" />
      ) : (
        <TriangleAlert size={16} role="img" aria-label={t('problem.label')} />
      )}
      <span>
        <strong>{t(`error.${error.code}.title`)}</strong> {t(`error.${error.code}.next`)}
      </span>
    </p>
  );
}

/** Whether the first copy of an account is still on its way. */
export function isFilling(sync: SyncStatus | undefined): boolean {
  return sync?.kind === 'syncing' && sync.lastCompleteAt === null;
}

/** The first copy on its way: how far it is, while everything can be used. */
export function SyncProgress({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useLanguage();
  if (!isFilling(sync)) return null;
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
  return /^(auth\.|network\.(tls|certificate|proxy)|server\.protocol$)/.test(code);
}

/** What stands in the way of this account's mail, other than an outage: a sign-in, above all. */
export function SyncError({ sync }: { readonly sync: SyncStatus }) {
  if (sync.error === null || !isWorthSaying(sync.error.code)) return null;
  return <Notice error={sync.error} testId="sync-error" />;
}

/** How fresh the copy is. */
export function SyncAge({ sync }: { readonly sync: SyncStatus }) {
  const { t, shortDate } = useLanguage();
  if (sync.lastCompleteAt === null) return null;
  return <p className="sync-age">{t('sync.current', { time: shortDate(sync.lastCompleteAt) })}</p>;
}
