import { useId, useState } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Identity } from '../../../shared/model/identity.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { useIdentities } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Answered } from './section.tsx';

/** As whom the person may write from each mailbox, and what stands under it. */
export function SendersSection({ accounts }: { readonly accounts: readonly AccountSummary[] }) {
  const { t } = useLanguage();
  return (
    <>
      <p className="soft section-lead">{t('senders.explained')}</p>
      {accounts.map((account) => (
        <section key={account.id} aria-label={account.address}>
          {accounts.length > 1 && <h3 className="section-title">{account.address}</h3>}
          <Senders accountId={account.id} />
          <AddSender accountId={account.id} />
        </section>
      ))}
    </>
  );
}

function Senders({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLanguage();
  return (
    <Answered question={useIdentities(accountId)}>
      {(identities) =>
        identities.length === 0 ? (
          <p className="soft section-lead">{t('senders.none')}</p>
        ) : (
          <ul className="cards">
            {identities.map((identity) => (
              <Sender key={identity.address} accountId={accountId} identity={identity} />
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

interface SenderProps {
  readonly accountId: AccountId;
  readonly identity: Identity;
}

function Sender({ accountId, identity }: SenderProps) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const removing = useAction();
  const { address, displayName, kind, signature, unavailable, isByHand } = identity;
  return (
    <li className="card" data-testid="sender" data-kind={kind} data-unavailable={unavailable ?? undefined}>
      <header>
        <h3>{displayName === '' ? address : displayName}</h3>
        <span className="chip">{t(`senders.kind.${kind}`)}</span>
      </header>
      <p className="soft">{address}</p>
      {unavailable !== null && <p className="remark">{t(`senders.unavailable.${unavailable}`)}</p>}
      {isOpen ? (
        <SignatureEditor accountId={accountId} identity={identity} onEnd={() => setOpen(false)} />
      ) : (
        <>
          {signature !== '' && <p className="signature">{signature}</p>}
          <div className="card-actions">
            <button
              type="button"
              className="button"
              data-testid="signature-edit"
              onClick={() => setOpen(true)}
            >
              {t(signature === '' ? 'senders.addSignature' : 'senders.editSignature')}
              <span className="visually-hidden">{address}</span>
            </button>
            {isByHand && (
              <button
                type="button"
                className="button"
                data-testid="sender-remove"
                disabled={removing.isBusy}
                onClick={() => removing.run(() => relevo.identities.removeAlias({ accountId, address }))}
              >
                {t('senders.remove')}
                <span className="visually-hidden">{address}</span>
              </button>
            )}
          </div>
          {removing.error !== null && <ErrorNote error={removing.error} />}
        </>
      )}
    </li>
  );
}

/** Another address of the mailbox, where neither policy nor a directory tells of it. */
function AddSender({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const [address, setAddress] = useState('');
  const [displayName, setDisplayName] = useState('');
  const adding = useAction();
  const end = () => {
    setOpen(false);
    setAddress('');
    setDisplayName('');
  };
  if (!isOpen)
    return (
      <button
        type="button"
        className="button below-cards"
        data-testid="sender-add"
        onClick={() => setOpen(true)}
      >
        {t('senders.add')}
      </button>
    );
  return (
    <form
      className="card below-cards"
      onSubmit={(event) => {
        event.preventDefault();
        adding.run(() => relevo.identities.addAlias({ accountId, address, displayName }), end);
      }}
    >
      <Field
        label={t('senders.address')}
        hint={t('senders.addExplained')}
        type="email"
        // The person asked for it by the button that it replaces.
        autoFocus
        required
        data-testid="sender-address"
        maxLength={500}
        value={address}
        aria-invalid={adding.error !== null}
        onChange={(event) => setAddress(event.target.value)}
      />
      <Field
        label={t('senders.name')}
        data-testid="sender-name"
        maxLength={200}
        value={displayName}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      {adding.error !== null && <ErrorNote error={adding.error} />}
      <div className="card-actions">
        <button
          type="submit"
          className="button primary"
          data-testid="sender-save"
          disabled={address.trim() === '' || adding.isBusy}
        >
          {t('settings.save')}
        </button>
        <button type="button" className="button" onClick={end}>
          {t('settings.cancel')}
        </button>
      </div>
    </form>
  );
}

function SignatureEditor({ accountId, identity, onEnd }: SenderProps & { readonly onEnd: () => void }) {
  const { t } = useLanguage();
  const tell = useToast();
  const id = useId();
  const [text, setText] = useState(identity.signature);
  const saving = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.run(
          () => relevo.identities.setSignature({ accountId, address: identity.address, signature: text }),
          () => {
            tell(t('senders.signatureSaved'));
            onEnd();
          },
        );
      }}
    >
      <label className="input-label" htmlFor={id}>
        {t('senders.signature', { address: identity.address })}
      </label>
      <textarea
        // The person asked for it by the button that it replaces.
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus
        id={id}
        className="input"
        data-testid="signature-text"
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {saving.error !== null && <ErrorNote error={saving.error} />}
      <div className="card-actions">
        <button
          type="submit"
          className="button primary"
          data-testid="signature-save"
          disabled={saving.isBusy}
        >
          {t('settings.save')}
        </button>
        <button type="button" className="button" onClick={onEnd}>
          {t('settings.cancel')}
        </button>
      </div>
    </form>
  );
}
