import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { MessageKey } from '../../../shared/messages/index.ts';
import type { KeyProtection } from '../../../shared/model/key-protection.ts';
import { useKeyProtection } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { RecoveryCode } from './recovery-code.tsx';
import { Answered } from './section.tsx';

/** How the key to the copy is kept, and how the copy is opened without it. */
export function KeysSection() {
  const { t } = useLanguage();
  return (
    <>
      <p className="soft section-lead">{t('keys.explained')}</p>
      <Answered question={useKeyProtection()}>
        {(protection) => (
          <ul className="cards">
            <Protection protection={protection} />
            <Recovery recovery={protection.recovery} />
          </ul>
        )}
      </Answered>
    </>
  );
}

/** What people call the key stores; one that is not here is named as the system names it. */
const backends: Readonly<Record<string, MessageKey>> = {
  darwin: 'keys.backend.darwin',
  win32: 'keys.backend.win32',
  gnome_libsecret: 'keys.backend.secretService',
  kwallet: 'keys.backend.kwallet',
  kwallet5: 'keys.backend.kwallet',
  kwallet6: 'keys.backend.kwallet',
  basic_text: 'keys.backend.none',
};

function Protection({ protection }: { readonly protection: KeyProtection }) {
  const { t, dateTime } = useLanguage();
  const tell = useToast();
  const rotation = useAction();
  const { backend, isProtected, keyMadeAt } = protection;
  const named = backends[backend];
  const Icon = isProtected ? CircleCheck : CircleAlert;
  return (
    <li className="card" data-testid="key-protection" data-protected={isProtected}>
      <h3>{t('keys.key')}</h3>
      <ul className="facts">
        <li className="fact" data-tone={isProtected ? 'green' : 'red'}>
          <Icon size={16} aria-hidden="true" />
          <div>
            <p>{t(isProtected ? 'keys.protected' : 'keys.unprotected')}</p>
            <p className="soft">
              {t('keys.keptBy', { backend: named === undefined ? backend : t(named) })}
              {keyMadeAt !== null && ` · ${t('keys.madeAt', { time: dateTime(keyMadeAt) })}`}
            </p>
          </div>
        </li>
      </ul>
      {rotation.error !== null && <ErrorNote error={rotation.error} />}
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="key-rotate"
          disabled={rotation.isBusy}
          onClick={() =>
            rotation.run(
              () => relevo.keyStore.rotate({}),
              () => tell(t('keys.rotated')),
            )
          }
        >
          {t('keys.rotate')}
        </button>
        <span className="soft" role="status">
          {t(rotation.isBusy ? 'keys.rotating' : 'keys.rotateExplained')}
        </span>
      </div>
      {rotation.isBusy && <progress className="running" aria-label={t('keys.rotating')} />}
    </li>
  );
}

function Recovery({ recovery }: { readonly recovery: KeyProtection['recovery'] }) {
  const { t } = useLanguage();
  const making = useAction();
  const [code, setCode] = useState<string | null>(null);
  const Icon = recovery === 'none' ? CircleAlert : CircleCheck;
  return (
    <li className="card" data-testid="key-recovery" data-recovery={recovery}>
      <h3>{t('keys.recovery')}</h3>
      <ul className="facts">
        <li className="fact" data-tone={recovery === 'none' ? 'amber' : 'green'}>
          <Icon size={16} aria-hidden="true" />
          <p>{t(`keys.recovery.${recovery}`)}</p>
        </li>
      </ul>
      {making.error !== null && <ErrorNote error={making.error} />}
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="recovery-code-make"
          disabled={making.isBusy}
          onClick={() =>
            making.run(
              () => relevo.keyStore.newRecoveryCode({}),
              (made) => setCode(made.code),
            )
          }
        >
          {t('keys.makeCode')}
        </button>
        <span className="soft">
          {t(recovery === 'code' ? 'keys.makeCodeAgain' : 'keys.makeCodeExplained')}
        </span>
      </div>
      {code !== null && <RecoveryCode code={code} onEnd={() => setCode(null)} />}
    </li>
  );
}
