import { KeyRound } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import { useLanguage } from '../../ui/language.tsx';
import { SignInSteps } from './sign-in-steps.tsx';
import './sign-in.css';

interface SignInNoticeProps {
  readonly status: SignInStatus;
  readonly account: AccountSummary | undefined;
  /** The person asked for it: it takes the focus. */
  readonly isAskedFor: boolean;
  readonly onLater: () => void;
}

/** Which sign-in is needed and why, above the mail, which stays usable beside it. It says that it is not Exchange. */
export function SignInNotice({ status, account, isAskedFor, onLater }: SignInNoticeProps) {
  const { t } = useLanguage();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isAskedFor) ref.current?.focus();
  }, [isAskedFor]);
  const { state, provider } = status;
  if (state.kind === 'good') return null;
  return (
    <section
      ref={ref}
      tabIndex={-1}
      className="notice sign-in"
      aria-label={t('signIn.label')}
      data-testid="sign-in"
      data-provider={provider}
      data-state={state.kind}
      data-reason={state.kind === 'needed' ? state.reason : undefined}
    >
      <KeyRound size={18} aria-hidden="true" />
      <div className="sign-in-body">
        <p role="status">
          <strong>
            {t(
              state.kind === 'waiting' ? `signIn.waiting.${provider}` : `signIn.${state.reason}.${provider}`,
            )}
          </strong>{' '}
          {t(`signIn.meaning.${provider}`)}
        </p>
        {account !== undefined && <p className="soft">{account.address}</p>}
        <SignInSteps status={status} />
      </div>
      {state.kind === 'needed' && (
        <button type="button" className="button quiet" data-testid="sign-in-later" onClick={onLater}>
          {t('signIn.later')}
        </button>
      )}
    </section>
  );
}
