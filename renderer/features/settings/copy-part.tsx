import { useId, useState } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Pin, PinTarget } from '../../../shared/model/pin.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { useFolders, usePins } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Answered } from './section.tsx';

/** How much of a mailbox is on this computer, and what the person keeps of it however old it gets. */
export function CopyPart({
  accountId,
  sync,
}: {
  readonly accountId: AccountId;
  readonly sync: SyncStatus | undefined;
}) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="copy-part">
      <h4>{t('copy.title')}</h4>
      {sync !== undefined && <Completeness sync={sync} />}
      <h4>{t('pins.title')}</h4>
      <p className="soft">{t('pins.explained')}</p>
      <Answered question={usePins(accountId)}>
        {(pins) =>
          pins.length > 0 && (
            <ul className="facts">
              {pins.map((pin) => (
                <PinLine key={`${pin.target.kind} ${keyOf(pin)}`} accountId={accountId} pin={pin} />
              ))}
            </ul>
          )
        }
      </Answered>
      {isOpen ? (
        <AddPin accountId={accountId} onEnd={() => setOpen(false)} />
      ) : (
        <button type="button" className="button" data-testid="pin-add" onClick={() => setOpen(true)}>
          {t('pins.add')}
        </button>
      )}
    </div>
  );
}

const keyOf = ({ target, name }: Pin): string =>
  target.kind === 'conversation' ? String(target.conversationId) : name;

function Completeness({ sync: { completeness } }: { readonly sync: SyncStatus }) {
  const { t, date } = useLanguage();
  if (completeness === null) return <p data-testid="completeness">{t('copy.unknown')}</p>;
  const { copied, missing, oldestMissingAt } = completeness;
  return (
    <p data-testid="completeness" data-missing={missing}>
      {t('copy.complete', { copied, missing })}
      {oldestMissingAt !== null && ` ${t('copy.oldest', { date: date(oldestMissingAt) })}`}
    </p>
  );
}

function PinLine({ accountId, pin: { target, name } }: { readonly accountId: AccountId; readonly pin: Pin }) {
  const { t } = useLanguage();
  const removing = useAction();
  const shown = name === '' ? t('list.noSubject') : name;
  return (
    <li className="fact" data-testid="pin-line" data-kind={target.kind}>
      <div>
        <p>{shown}</p>
        <p className="soft">{t(`pins.kind.${target.kind}`)}</p>
        {removing.error !== null && <ErrorNote error={removing.error} />}
      </div>
      <button
        type="button"
        className="button"
        data-testid="pin-remove"
        disabled={removing.isBusy}
        onClick={() => removing.run(() => relevo.pins.remove({ accountId, target }))}
      >
        {t('pins.remove')}
        <span className="visually-hidden">{shown}</span>
      </button>
    </li>
  );
}

function AddPin({ accountId, onEnd }: { readonly accountId: AccountId; readonly onEnd: () => void }) {
  const { t } = useLanguage();
  const id = useId();
  const folders = useFolders(accountId).data ?? [];
  const [folder, setFolder] = useState('');
  const [address, setAddress] = useState('');
  const adding = useAction();
  const target: PinTarget | null =
    folder !== ''
      ? { kind: 'folder', path: folder }
      : address.trim().length >= 3
        ? { kind: 'correspondent', address: address.trim() }
        : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (target !== null) adding.run(() => relevo.pins.add({ accountId, target }), onEnd);
      }}
    >
      <label className="input-label" htmlFor={id}>
        {t('pins.folder')}
      </label>
      <select
        id={id}
        className="input"
        data-testid="pin-folder"
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
      >
        <option value="">{t('pins.noFolder')}</option>
        {folders.map(({ path }) => (
          <option key={path} value={path}>
            {path}
          </option>
        ))}
      </select>
      <Field
        label={t('pins.correspondent')}
        type="email"
        data-testid="pin-address"
        maxLength={500}
        disabled={folder !== ''}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      {adding.error !== null && <ErrorNote error={adding.error} />}
      <div className="card-actions">
        <button
          type="submit"
          className="button primary"
          data-testid="pin-save"
          disabled={target === null || adding.isBusy}
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
