import type { AccountId, OutageId } from '../../../shared/model/ids.ts';
import { useLedgerProof } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';

/** By whom the ledger is signed: what IT compares with a file it was given. */
export function LedgerSignatures({ accountId }: { readonly accountId: AccountId }) {
  const { t, dateTime } = useLanguage();
  const proof = useLedgerProof(accountId);
  if (proof.data === undefined) return null;
  const { device, countersigned, lines } = proof.data;
  return (
    <div className="soft ledger-signatures" data-testid="ledger-signatures">
      <p>{device === null ? t('ledger.noKey') : t('ledger.signedByKey', { device })}</p>
      <p>
        {countersigned === null
          ? t('ledger.notCountersigned')
          : t('ledger.countersigned', {
              lines: countersigned.lines,
              total: lines,
              time: dateTime(countersigned.at),
            })}
      </p>
    </div>
  );
}

const forms = [
  ['pdf', 'ledger.savePdf'],
  ['csv', 'ledger.saveCsv'],
  ['signed', 'ledger.saveSigned'],
] as const;

/** The ledger as a file: of this outage to read and to calculate with, the whole of it signed. */
export function LedgerExports({
  accountId,
  outageId,
}: {
  readonly accountId: AccountId;
  readonly outageId: OutageId;
}) {
  const { t } = useLanguage();
  const tell = useToast();
  const { isBusy, error, run } = useAction();
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: no form, so no fieldset */}
      <div className="card-actions" role="group" aria-label={t('ledger.saveAs')}>
        <span className="soft" aria-hidden="true">
          {t('ledger.saveAs')}
        </span>
        {forms.map(([form, label]) => (
          <button
            key={form}
            type="button"
            className="button"
            data-testid={`ledger-export-${form}`}
            disabled={isBusy}
            onClick={() =>
              run(
                () => relevo.ledger.export({ accountId, outageId, form }),
                ({ isSaved }) => isSaved && tell(t('reader.attachmentSaved')),
              )
            }
          >
            {t(label)}
          </button>
        ))}
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}
