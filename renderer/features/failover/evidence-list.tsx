import type { Tried } from '../../../shared/model/evidence.ts';
import { useLanguage } from '../../ui/language.tsx';

/** What the state rests on, line by line: the same that the log has, with the names of the servers. */
export function EvidenceList({ evidence }: { readonly evidence: readonly Tried[] }) {
  const { t, time } = useLanguage();
  if (evidence.length === 0) return null;
  const line = ({ at, asked, host, from, answer }: Tried): string => {
    const told = {
      time: time(at),
      asked: t(`evidence.asked.${asked}`, { host: host ?? '' }),
      answer: t(`evidence.answer.${answer}`),
    };
    return from === 'network'
      ? t('evidence.line', told)
      : t('evidence.lineFrom', { ...told, from: t(`evidence.from.${from}`) });
  };
  return (
    <>
      <dt>{t('evidence.label')}</dt>
      <dd>
        <ol className="banner-evidence" data-testid="evidence">
          {evidence.map((tried) => (
            <li key={`${tried.at} ${tried.asked}`}>{line(tried)}</li>
          ))}
        </ol>
      </dd>
    </>
  );
}
