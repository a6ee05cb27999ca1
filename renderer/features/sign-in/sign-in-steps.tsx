import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { DeviceCode, SignInStatus } from '../../../shared/model/sign-in.ts';
import { relevo } from '../../bridge/relevo.ts';
import { copyText } from '../../ui/clipboard.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { EnrolForm } from './enrol-form.tsx';

/** What the person can do about a sign-in, by the way that the provider has; while one is under way, how it goes on. */
export function SignInSteps({ status }: { readonly status: SignInStatus }) {
  if (status.state.kind === 'waiting') return <Waiting status={status} code={status.state.deviceCode} />;
  if (status.method === 'enrolment') return <EnrolForm />;
  if (status.method === 'password') return <PasswordForm status={status} />;
  return <BrowserButtons status={status} />;
}

function BrowserButtons({ status: { accountId, provider } }: { readonly status: SignInStatus }) {
  const { t } = useLanguage();
  const signIn = useAction();
  const begin = (way: 'browser' | 'deviceCode') =>
    signIn.run(() => relevo.signIn.begin({ accountId, provider, way }));
  return (
    <>
      <div className="sign-in-actions">
        <button
          type="button"
          className="button primary"
          data-testid="sign-in-browser"
          disabled={signIn.isBusy}
          onClick={() => begin('browser')}
        >
          {t('signIn.browser')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="sign-in-device-code"
          disabled={signIn.isBusy}
          onClick={() => begin('deviceCode')}
        >
          {t('signIn.deviceCode')}
        </button>
      </div>
      {signIn.error !== null && <ErrorNote error={signIn.error} />}
    </>
  );
}

function PasswordForm({ status: { accountId, provider } }: { readonly status: SignInStatus }) {
  const { t } = useLanguage();
  const [password, setPassword] = useState('');
  const signIn = useAction();
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '')
          signIn.run(
            () => relevo.signIn.password({ accountId, provider, password }),
            () => setPassword(''),
          );
      }}
    >
      <Field
        label={t(`signIn.password.${provider}`)}
        hint={t('signIn.passwordHint')}
        type="password"
        data-testid="sign-in-password"
        maxLength={1000}
        value={password}
        aria-invalid={signIn.error !== null}
        onChange={(event) => setPassword(event.target.value)}
      >
        <button
          type="submit"
          className="button primary"
          data-testid="sign-in-password-submit"
          disabled={password === '' || signIn.isBusy}
        >
          {t('signIn.submit')}
        </button>
      </Field>
      {signIn.isBusy && <p role="status">{t('signIn.checking')}</p>}
      {signIn.error !== null && <ErrorNote error={signIn.error} />}
    </form>
  );
}

interface WaitingProps {
  readonly status: SignInStatus;
  /** Null: the person was sent to the browser. */
  readonly code: DeviceCode | null;
}

function Waiting({ status: { accountId, provider }, code }: WaitingProps) {
  const { t } = useLanguage();
  const cancelling = useAction();
  return (
    <>
      {code === null ? <p>{t('signIn.inBrowser')}</p> : <CodeToEnter code={code} />}
      <div className="sign-in-actions">
        <span className="waiting" aria-hidden="true" />
        <span className="soft">{t('signIn.waits')}</span>
        <button
          type="button"
          className="button"
          data-testid="sign-in-cancel"
          disabled={cancelling.isBusy}
          onClick={() => cancelling.run(() => relevo.signIn.cancel({ accountId, provider }))}
        >
          {t('signIn.cancel')}
        </button>
      </div>
      {cancelling.error !== null && <ErrorNote error={cancelling.error} />}
    </>
  );
}

function CodeToEnter({ code: { userCode, verificationUrl, expiresAt } }: { readonly code: DeviceCode }) {
  const { t, dateTime } = useLanguage();
  const tell = useToast();
  const opening = useAction();
  return (
    <>
      <ol className="code-steps">
        <li>
          {t('signIn.openAddress')}{' '}
          <button
            type="button"
            className="text-link"
            data-testid="sign-in-address"
            onClick={() => opening.run(() => relevo.app.openLink({ url: verificationUrl }))}
          >
            {verificationUrl}
          </button>
        </li>
        <li>
          {t('signIn.enterCode')}
          <span className="code-line">
            <code className="code" data-testid="sign-in-code">
              {userCode}
            </code>
            <button
              type="button"
              className="button"
              data-testid="sign-in-copy"
              onClick={() => {
                if (copyText(userCode)) tell(t('signIn.copied'));
              }}
            >
              <Copy size={15} aria-hidden="true" />
              {t('signIn.copy')}
            </button>
          </span>
          <span className="soft">{t('signIn.validUntil', { time: dateTime(expiresAt) })}</span>
        </li>
      </ol>
      {opening.error !== null && <ErrorNote error={opening.error} />}
    </>
  );
}
