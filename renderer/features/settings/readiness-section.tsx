import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type {
  DrillOutcome,
  Readiness,
  ReadinessCheck,
  ReadinessLevel,
} from '../../../shared/model/readiness.ts';
import { useReadiness, useRehearsal } from '../../bridge/queries.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Answered } from './section.tsx';

/** What would work on this computer if Exchange died now. */
export function ReadinessSection({ accounts }: { readonly accounts: readonly AccountSummary[] }) {
  const { t } = useLanguage();
  return (
    <>
      <p className="soft section-lead">{t('readiness.explained')}</p>
      <Answered question={useReadiness()}>
        {(reports) => (
          <ul className="cards">
            {reports.map((report) => (
              <Report
                key={report.accountId}
                report={report}
                address={accounts.find(({ id }) => id === report.accountId)?.address ?? ''}
              />
            ))}
          </ul>
        )}
      </Answered>
    </>
  );
}

const icons = { good: CircleCheck, attention: CircleAlert, bad: CircleX } as const;
const tones: Readonly<Record<ReadinessLevel, string>> = { good: 'green', attention: 'amber', bad: 'red' };

function Report({ report, address }: { readonly report: Readiness; readonly address: string }) {
  const { t } = useLanguage();
  const rehearse = useRehearsal();
  const rehearsal = useAction();
  const { accountId, level, todo, checks, drills } = report;
  return (
    <li className="card" data-testid="readiness" data-level={level}>
      <header>
        <h3>{t(`readiness.level.${level}`)}</h3>
        <span className="chip" data-tone={tones[level]}>
          {t(`readiness.chip.${level}`)}
        </span>
      </header>
      <p className="soft">{address}</p>
      {todo !== null && <p data-testid="readiness-todo">{t(`readiness.todo.${todo}`)}</p>}
      <ul className="facts">
        {checks.map((check) => (
          <Check key={check.name} check={check} />
        ))}
      </ul>
      {drills.map((drill) => (
        <Drill key={`${drill.matter} ${drill.from}`} drill={drill} />
      ))}
      {rehearsal.error !== null && <ErrorNote error={rehearsal.error} />}
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="rehearse"
          disabled={rehearsal.isBusy}
          onClick={() => rehearsal.run(() => rehearse(accountId))}
        >
          {t('readiness.rehearse')}
        </button>
        <span className="soft" role="status" data-testid="rehearsal-state">
          {t(rehearsal.isBusy ? 'readiness.rehearsing' : 'readiness.rehearseExplained')}
        </span>
      </div>
      {rehearsal.isBusy && <progress className="running" aria-label={t('readiness.rehearsing')} />}
    </li>
  );
}

function Check({ check: { name, level, at, error, todo } }: { readonly check: ReadinessCheck }) {
  const { t, dateTime } = useLanguage();
  const fine = at === null ? 'readiness.notChecked' : (`readiness.${name}.good` as const);
  const sentence = todo === null ? fine : (`readiness.todo.${todo}` as const);
  const Icon = icons[level];
  return (
    <li
      className="fact"
      data-testid="readiness-check"
      data-check={name}
      data-level={level}
      data-tone={tones[level]}
    >
      <Icon size={16} role="img" aria-label={t(`readiness.chip.${level}`)} />
      <div>
        <h4>{t(`readiness.check.${name}`)}</h4>
        <p>{t(sentence)}</p>
        {error !== null && (
          <p data-testid="readiness-error" data-code={error.code}>
            {t(`error.${error.code}.title`)} {t(`error.${error.code}.next`)}
          </p>
        )}
        <p className="soft">
          {at === null ? t('readiness.never') : t('readiness.asOf', { time: dateTime(at) })}
        </p>
      </div>
    </li>
  );
}

/** How a drill that everybody saw went here. */
function Drill({ drill: { from, outcome, error } }: { readonly drill: DrillOutcome }) {
  const { t, dateTime } = useLanguage();
  return (
    <p className="soft" data-testid="drill-outcome" data-outcome={outcome}>
      {t(`readiness.drill.${outcome}`, { time: dateTime(from) })}
      {error !== null && ` ${t(`error.${error.code}.title`)}`}
    </p>
  );
}
