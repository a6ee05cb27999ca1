import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, Clock, TriangleAlert } from 'lucide-react';
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { type ErrorCode, errorCodes } from '../../../shared/errors.ts';
import type { DecisionCode } from '../../../shared/model/conversation.ts';
import type { ConversationId, OutageId } from '../../../shared/model/ids.ts';
import { type LedgerEntry, type LedgerFilter, ledgerFilters } from '../../../shared/model/ledger.ts';
import { type LedgerQuestion, pageSize, useLedgerPages, useLedgerStart } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { type Language, useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';

interface LedgerEntriesProps {
  readonly outageId: OutageId;
  readonly onOpen: (id: ConversationId) => void;
}

/** What became of each message of an outage, filtered, and what to do about those that are not back. */
export function LedgerEntries({ outageId, onOpen }: LedgerEntriesProps) {
  const { t } = useLanguage();
  const id = useId();
  const [filter, setFilter] = useState<LedgerFilter>('all');
  const [typed, setTyped] = useState('');
  const counterpart = useDeferredValue(typed.trim());
  const question: LedgerQuestion = { outageId, filter, counterpart };
  const start = useLedgerStart(question);
  const totals = start.data?.totals;
  if (start.isError && start.data === undefined) return <ErrorNote error={start.error} />;
  if (totals === undefined) return <Skeleton label={t('list.loading')} rows={3} />;
  const count = totals[filter];
  return (
    <>
      <div className="ledger-tools">
        <fieldset className="ledger-filter">
          <legend className="visually-hidden">{t('ledger.filter.label')}</legend>
          {ledgerFilters.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name={id}
                checked={name === filter}
                data-testid={`ledger-filter-${name}`}
                onChange={() => setFilter(name)}
              />
              {t('ledger.counted', { title: t(`ledger.filter.${name}`), count: totals[name] })}
            </label>
          ))}
        </fieldset>
        <input
          type="search"
          className="input"
          data-testid="ledger-search"
          aria-label={t('ledger.search')}
          placeholder={t('ledger.search')}
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {count === 0 ? (
        <p className="soft ledger-none" role="status" data-testid="ledger-none">
          {t(filter === 'exceptions' && counterpart === '' ? 'ledger.allBack' : 'ledger.noneFound')}
        </p>
      ) : (
        <EntryList
          key={`${filter} ${counterpart}`}
          question={question}
          count={count}
          label={t(`ledger.filter.${filter}`)}
          onOpen={onOpen}
        />
      )}
      {filter === 'exceptions' && count > 0 && (
        <SaveExceptions outageId={outageId} count={totals.exceptions} />
      )}
    </>
  );
}

interface EntryListProps {
  readonly question: LedgerQuestion;
  readonly count: number;
  readonly label: string;
  readonly onOpen: (id: ConversationId) => void;
}

/** Only what can be seen is in the page, and only those pages that it needs are asked for. */
function EntryList({ question, count, label, onOpen }: EntryListProps) {
  const scroller = useRef<HTMLElement>(null);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const loaded = useLedgerPages(question, pages);
  const entryAt = (index: number): LedgerEntry | undefined =>
    loaded.get(Math.floor(index / pageSize))?.items[index % pageSize];
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 57,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const wanted = [
    ...new Set([rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0].map((index) => Math.floor(index / pageSize))),
  ];
  const wantedKey = wanted.join();
  useEffect(() => setPages(wantedKey.split(',').map(Number)), [wantedKey]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="ledger-scroll" tabIndex={0} aria-label={label}>
      <ul className="ledger-entries" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, start }) => {
          const entry = entryAt(index);
          return (
            entry !== undefined && (
              <li
                key={entry.key}
                ref={virtual.measureElement}
                data-index={index}
                data-testid="ledger-entry"
                data-outcome={entry.outcome}
                aria-posinset={index + 1}
                aria-setsize={count}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Entry entry={entry} onOpen={onOpen} />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

const icons: Readonly<Record<LedgerEntry['outcome'], typeof Check>> = {
  handedOver: Check,
  appended: Check,
  changed: Check,
  pending: Clock,
  failed: TriangleAlert,
};

function Entry({
  entry,
  onOpen,
}: {
  readonly entry: LedgerEntry;
  readonly onOpen: (id: ConversationId) => void;
}) {
  const language = useLanguage();
  const { t, dateTime } = language;
  const tell = useToast();
  const { isBusy, error, run } = useAction();
  const { outcome, change, folder, verifiedAt, messageId, conversationId } = entry;
  const Icon = icons[outcome];
  const isOpen = outcome === 'pending' || outcome === 'failed';
  return (
    <>
      <Icon size={15} aria-hidden />
      <div>
        <p>{entry.subject === '' ? t('list.noSubject') : entry.subject}</p>
        <p className="soft">
          {[t(`ledger.${entry.direction}`, { name: entry.counterpart }), dateTime(entry.at)].join(' · ')}
        </p>
        {isOpen && messageId !== null && (
          <p className="ledger-entry-actions">
            {conversationId !== null && (
              <button type="button" className="text-link" onClick={() => onOpen(conversationId)}>
                {t('outbox.open')}
              </button>
            )}
            <button
              type="button"
              className="text-link"
              data-testid="ledger-save-message"
              disabled={isBusy}
              onClick={() =>
                run(
                  () => relevo.messages.export({ messageIds: [messageId] }),
                  ({ isSaved }) => isSaved && tell(t('reader.attachmentSaved')),
                )
              }
            >
              {t('reader.saveMessage')}
            </button>
          </p>
        )}
        {error !== null && <ErrorNote error={error} />}
      </div>
      <div className="ledger-outcome">
        <p>
          {change === null
            ? t(`ledger.${outcome === 'changed' ? 'pending' : outcome}`)
            : t(`ledger.change.${change}`)}
        </p>
        <Why entry={entry} language={language} />
        {folder !== null && (
          <p className="soft">
            {verifiedAt === null ? folder : t('ledger.verifiedAt', { folder, time: dateTime(verifiedAt) })}
          </p>
        )}
      </div>
    </>
  );
}

/** Why it is not as it should be, and what comes next. */
function Why({ entry, language }: { readonly entry: LedgerEntry; readonly language: Language }) {
  const { t } = language;
  const { reason, change, subject } = entry;
  if (reason === null) return null;
  // The engine writes nothing else there: a Decision's code beside a change, an error's beside a message.
  if (change !== null)
    return <p className="soft">{t(`decision.${reason as DecisionCode}`, { topic: subject })}</p>;
  const code = errorCodes.find((known): known is ErrorCode => known === reason);
  if (code === undefined) return null;
  return (
    <p className="soft" data-testid="ledger-why">
      {t(`error.${code}.title`)} {t(`error.${code}.next`)}
    </p>
  );
}

function SaveExceptions({ outageId, count }: { readonly outageId: OutageId; readonly count: number }) {
  const { t } = useLanguage();
  const tell = useToast();
  const { isBusy, error, run } = useAction();
  return (
    <>
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="ledger-save-exceptions"
          disabled={isBusy}
          onClick={() =>
            run(
              () => relevo.messages.export({ exceptionsOf: outageId }),
              ({ isSaved }) => isSaved && tell(t('reader.attachmentSaved')),
            )
          }
        >
          {t('ledger.saveExceptions', { count })}
        </button>
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}
