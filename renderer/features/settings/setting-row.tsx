import { Lock } from 'lucide-react';
import { useId, useState } from 'react';
import type { EffectiveSetting } from '../../../shared/model/effective-policy.ts';
import type { HelpText } from '../../../shared/policy/help/help.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';
import { fromTyped, kindOfValue, toTyped } from './setting-value.ts';

interface SettingRowProps {
  readonly setting: EffectiveSetting;
  /** Null: nothing is said about it. */
  readonly text: HelpText | null;
  readonly adminContact: string;
}

export function SettingRow({ setting, text, adminContact }: SettingRowProps) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const resetting = useAction();
  const { name, value, source, isLocked, isPersonal, needsRestart } = setting;
  const lockedBy = adminContact === '' ? t('policy.locked') : t('policy.lockedBy', { contact: adminContact });
  return (
    <li
      className="setting"
      data-testid="setting"
      data-name={name}
      data-source={source}
      data-locked={isLocked}
    >
      <div className="setting-head">
        <h3>
          {text === null ? <code>{name}</code> : text.title}
          {isLocked && (
            <span title={lockedBy} data-testid="setting-lock">
              <Lock size={13} role="img" aria-label={lockedBy} />
            </span>
          )}
        </h3>
        {text !== null && <code className="soft">{name}</code>}
        <span className="setting-source">{t(`policy.source.${source}`)}</span>
        {needsRestart && (
          <span className="chip" data-tone="amber" data-testid="setting-restart">
            {t('policy.afterRestart')}
          </span>
        )}
      </div>
      <div className="setting-body">
        {text !== null && <p className="soft">{text.text}</p>}
        {isOpen ? (
          <ValueEditor setting={setting} onEnd={() => setOpen(false)} />
        ) : (
          <div className="setting-value">
            <code data-testid="setting-value">{value}</code>
            {isPersonal && !isLocked && (
              <>
                <button
                  type="button"
                  className="text-link"
                  data-testid="setting-change"
                  onClick={() => setOpen(true)}
                >
                  {t('policy.change')}
                  <span className="visually-hidden">{name}</span>
                </button>
                {source === 'person' && (
                  <button
                    type="button"
                    className="text-link"
                    data-testid="setting-reset"
                    disabled={resetting.isBusy}
                    onClick={() => resetting.run(() => relevo.policy.reset({ name }))}
                  >
                    {t('policy.reset')}
                    <span className="visually-hidden">{name}</span>
                  </button>
                )}
              </>
            )}
          </div>
        )}
        {resetting.error !== null && <ErrorNote error={resetting.error} />}
      </div>
    </li>
  );
}

interface ValueEditorProps {
  readonly setting: EffectiveSetting;
  readonly onEnd: () => void;
}

/** The field that fits the value: a choice, a number, a line of text, or JSON. */
function ValueEditor({ setting: { name, value }, onEnd }: ValueEditorProps) {
  const { t } = useLanguage();
  const id = useId();
  const kind = kindOfValue(value);
  const [typed, setTyped] = useState(toTyped(value));
  const saving = useAction();
  const json = fromTyped(kind, typed);
  const reason = saving.error?.context?.reason;
  const field = {
    id,
    className: 'input',
    'data-testid': 'setting-input',
    'aria-label': name,
    'aria-invalid': json === null,
    // The person asked for it by the button that it replaces.
    autoFocus: true,
    value: typed,
    onChange: (event: { readonly target: { readonly value: string } }) => setTyped(event.target.value),
  };
  return (
    <form
      className="setting-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (json !== null) saving.run(() => relevo.policy.change({ name, value: json }), onEnd);
      }}
    >
      {kind === 'boolean' ? (
        <select {...field}>
          <option value="true">{t('policy.on')}</option>
          <option value="false">{t('policy.off')}</option>
        </select>
      ) : kind === 'json' ? (
        <textarea {...field} spellCheck={false} maxLength={10_000} />
      ) : (
        <input {...field} type={kind} step="any" spellCheck={false} maxLength={9000} />
      )}
      <button
        type="submit"
        className="button primary"
        data-testid="setting-save"
        disabled={json === null || saving.isBusy}
      >
        {t('settings.save')}
      </button>
      <button type="button" className="button" onClick={onEnd}>
        {t('settings.cancel')}
      </button>
      {json === null && (
        <p className="remark">{t(kind === 'number' ? 'policy.noNumber' : 'policy.noJson')}</p>
      )}
      {saving.error !== null && <ErrorNote error={saving.error} />}
      {reason !== undefined && <code className="soft">{reason}</code>}
    </form>
  );
}
