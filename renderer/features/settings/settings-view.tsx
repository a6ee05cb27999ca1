import type { ReactNode } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import { type SettingsSection, settingsSections } from '../../state.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { KeysSection } from './keys-section.tsx';
import { MailboxesSection } from './mailboxes-section.tsx';
import { PolicySection } from './policy-section.tsx';
import { ReadinessSection } from './readiness-section.tsx';
import { SendersSection } from './senders-section.tsx';
import './settings.css';

interface SettingsViewProps {
  readonly section: SettingsSection;
  readonly onSection: (section: SettingsSection) => void;
  readonly accounts: readonly AccountSummary[];
  readonly onSignIn: (status: SignInStatus) => void;
}

/** What this computer is set up for, whether it would do, and by whose decision. */
export function SettingsView({ section, onSection, accounts, onSignIn }: SettingsViewProps) {
  const { t } = useLanguage();
  const contents: Readonly<Record<SettingsSection, () => ReactNode>> = {
    mailboxes: () => <MailboxesSection accounts={accounts} onSignIn={onSignIn} />,
    senders: () => <SendersSection accounts={accounts} />,
    readiness: () => <ReadinessSection accounts={accounts} />,
    keys: () => <KeysSection />,
    policy: () => <PolicySection />,
  };
  return (
    <main className="page settings" aria-label={t('view.settings')} data-testid="settings">
      <h2>{t('view.settings')}</h2>
      <Tabs
        label={t('view.settings')}
        names={settingsSections}
        current={section}
        title={(name) => t(`settings.${name}`)}
        onChoose={onSection}
      >
        {contents[section]()}
      </Tabs>
    </main>
  );
}
