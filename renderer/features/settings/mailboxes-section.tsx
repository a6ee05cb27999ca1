import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { type AccountSummary, providers } from '../../../shared/model/account.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import { useSignIn, useSyncStatus } from '../../bridge/queries.ts';
import { useLanguage } from '../../ui/language.tsx';
import { CopyPart } from './copy-part.tsx';
import { Answered } from './section.tsx';

interface MailboxesSectionProps {
  readonly accounts: readonly AccountSummary[];
  readonly onSignIn: (status: SignInStatus) => void;
}

/** The mailboxes of the person, and where the sign-in at each of their two providers stands. */
export function MailboxesSection({ accounts, onSignIn }: MailboxesSectionProps) {
  const { t } = useLanguage();
  const signIns = useSignIn();
  const sync = useSyncStatus().data ?? [];
  return (
    <ul className="cards">
      {accounts.map(({ id, address, displayName, isShared }) => (
        <li key={id} className="card" data-testid="mailbox-card">
          <header>
            <h3>{displayName === '' ? address : displayName}</h3>
            {isShared && <span className="chip">{t('settings.shared')}</span>}
          </header>
          <p className="soft">{address}</p>
          {isShared && <p className="soft">{t('settings.sharedExplained')}</p>}
          <Answered question={signIns}>
            {(all) => (
              <ul className="facts">
                {providers.map((provider) => {
                  const found = all.find((one) => one.accountId === id && one.provider === provider);
                  return found === undefined ? null : (
                    <SignInLine key={provider} status={found} onSignIn={() => onSignIn(found)} />
                  );
                })}
              </ul>
            )}
          </Answered>
          <CopyPart accountId={id} sync={sync.find(({ accountId }) => accountId === id)} />
        </li>
      ))}
    </ul>
  );
}

const icons = { good: CircleCheck, waiting: LoaderCircle, needed: CircleAlert } as const;
const tones = { good: 'green', waiting: 'slate', needed: 'amber' } as const;

function SignInLine({ status, onSignIn }: { readonly status: SignInStatus; readonly onSignIn: () => void }) {
  const { t, dateTime } = useLanguage();
  const { state, provider, acceptedAt } = status;
  const Icon = icons[state.kind];
  const said =
    state.kind === 'needed'
      ? t(`signIn.${state.reason}.${provider}`)
      : state.kind === 'waiting'
        ? t(`signIn.waiting.${provider}`)
        : t('settings.signedIn');
  return (
    <li
      className="fact"
      data-testid="mailbox-sign-in"
      data-provider={provider}
      data-state={state.kind}
      data-tone={tones[state.kind]}
    >
      <Icon size={16} aria-hidden="true" />
      <div>
        <h4>{t(`provider.${provider}`)}</h4>
        <p>{said}</p>
        <p className="soft">
          {acceptedAt === null
            ? t('settings.neverAccepted')
            : t('settings.acceptedAt', { time: dateTime(acceptedAt) })}
        </p>
      </div>
      {state.kind !== 'good' && (
        <button type="button" className="button" data-testid="mailbox-sign-in-open" onClick={onSignIn}>
          {t(state.kind === 'waiting' ? 'settings.showSignIn' : 'settings.signIn')}
        </button>
      )}
    </li>
  );
}
