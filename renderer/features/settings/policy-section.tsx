import { Search, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { EffectivePolicy } from '../../../shared/model/effective-policy.ts';
import type { HelpText } from '../../../shared/policy/help/help.ts';
import { help } from '../../../shared/policy/help/index.ts';
import { useEffectivePolicy } from '../../bridge/queries.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Answered } from './section.tsx';
import { SettingRow } from './setting-row.tsx';
import './policy.css';

/** Each setting, its value, where it comes from, whether it is locked; what was refused, and why. */
export function PolicySection() {
  return <Answered question={useEffectivePolicy()}>{(policy) => <Policy policy={policy} />}</Answered>;
}

function Policy({ policy: { settings, refused, adminContact } }: { readonly policy: EffectivePolicy }) {
  const { t, language } = useLanguage();
  const texts: Readonly<Record<string, HelpText>> = (
    Object.hasOwn(help, language) ? help[language as keyof typeof help] : help.en
  ).settings;
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const found = settings.filter(({ name, value }) =>
    `${name} ${texts[name]?.title} ${texts[name]?.text} ${value}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <p className="soft section-lead">{t('policy.explained')}</p>
      <p className="section-lead" data-testid="admin-contact">
        {adminContact === '' ? t('policy.noContact') : t('policy.contact', { contact: adminContact })}
      </p>
      {refused.length > 0 && (
        <section className="card refused" aria-label={t('policy.refused')} data-testid="policy-refused">
          <h3>
            <TriangleAlert size={16} aria-hidden="true" />
            {t('policy.refused')}
          </h3>
          <ul className="facts">
            {refused.map(({ setting, place, reason }) => (
              <li key={`${setting}-${place}-${reason}`} data-testid="policy-refusal">
                <p>{setting === null ? t('policy.wholeSource') : <code>{setting}</code>}</p>
                <p>{reason}</p>
                <p className="soft">{place}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="policy-filter">
        <Search size={16} aria-hidden="true" />
        <input
          className="input"
          type="search"
          aria-label={t('policy.filter')}
          placeholder={t('policy.filter')}
          data-testid="policy-filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="soft" role="status">
          {t('policy.found', { count: found.length })}
        </span>
      </div>
      <ul className="settings-list">
        {found.map((setting) => (
          <SettingRow
            key={setting.name}
            setting={setting}
            text={texts[setting.name] ?? null}
            adminContact={adminContact}
          />
        ))}
      </ul>
    </>
  );
}
