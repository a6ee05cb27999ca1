import type { Translate } from '../../../shared/messages/index.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { OutageSummary } from '../../../shared/model/ledger.ts';
import { type FleetMessage, isBack } from './fleet.ts';

export interface LedgerToPrint {
  readonly address: string;
  readonly outages: readonly OutageSummary[];
  readonly messages: readonly FleetMessage[];
  readonly changes: readonly FleetMessage[];
  /** The fingerprint of the key that signs. */
  readonly device: string;
  readonly signedAt: EpochMs;
  readonly isCountersigned: boolean;
}

/** A page to print: a sentence, what is missing, then every message. It loads nothing and runs nothing. */
export function printedLedger(
  ledger: LedgerToPrint,
  { t, locale }: { readonly t: Translate; readonly locale: string },
): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const time = (at: EpochMs | string): string => format.format(new Date(at));
  const { address, outages, messages, changes, device, signedAt, isCountersigned } = ledger;
  const back = messages.filter(isBack).length;
  const open = messages.filter((message) => !isBack(message));
  const title = t('ledger.printTitle', { address });
  const row = ({ first, latest }: FleetMessage): string => {
    const { direction, counterpart, sentAt, folder, uid, reason, event, change } = latest;
    const where = folder === null ? '' : `${folder}${uid === null ? '' : `, ${uid}`}`;
    const what = event === 'changed' ? t(`ledger.change.${change ?? 'read'}`) : t(`ledger.${stateOf(event)}`);
    return cells([
      time(sentAt),
      t(`ledger.${direction}`, { name: counterpart }),
      latest.message,
      first.answer ?? '',
      [what, reason ?? ''].filter((part) => part !== '').join(' · '),
      where,
      time(latest.at),
    ]);
  };
  const table = (heading: string, rows: readonly FleetMessage[]): string =>
    rows.length === 0
      ? ''
      : `<h2>${escaped(heading)}</h2><table><thead>${heads(t)}</thead><tbody>${rows.map(row).join('')}</tbody></table>`;
  return `<!doctype html><html lang="${escaped(locale)}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="sum">${escaped(t('ledger.backInExchange', { verified: back, total: messages.length }))}</p>
${outages.map((outage) => `<p>${escaped(sentenceOn(outage, t, time))}</p>`).join('')}
${table(t('ledger.filter.exceptions'), open)}
${table(t('ledger.printAll'), messages)}
${table(t('ledger.filter.changed'), changes)}
<p class="proof">${escaped(t('ledger.signedBy', { device, time: time(signedAt) }))}
${escaped(t(isCountersigned ? 'ledger.printCountersigned' : 'ledger.notCountersigned'))}</p>
</body></html>`;
}

const stateOf = (event: FleetMessage['latest']['event']) =>
  event === 'recorded' || event === 'changed' ? 'pending' : event;

function sentenceOn(outage: OutageSummary, t: Translate, time: (at: EpochMs) => string): string {
  const { startedAt, endedAt, cause } = outage;
  return [
    t('ledger.from', { start: time(startedAt) }),
    endedAt === null ? t('ledger.goesOn') : t('ledger.lasted', { end: time(endedAt) }),
    t(`banner.cause.${cause}`),
  ].join(' · ');
}

const heads = (t: Translate): string =>
  `<tr>${(['date', 'message', 'id', 'answer', 'state', 'place', 'known'] as const)
    .map((name) => `<th scope="col">${escaped(t(`ledger.column.${name}`))}</th>`)
    .join('')}</tr>`;

const cells = (texts: readonly string[]): string =>
  `<tr>${texts.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const style = `@page { size: A4 landscape; margin: 14mm }
body { font: 9pt/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 0 }
h1 { font-size: 15pt; margin: 0 0 4pt } h2 { font-size: 11pt; margin: 14pt 0 4pt }
p { margin: 0 0 3pt } .sum { font-size: 12pt; font-weight: 600 }
table { border-collapse: collapse; width: 100%; table-layout: fixed } thead { display: table-header-group }
tr { break-inside: avoid } th, td { text-align: start; vertical-align: top; padding: 2pt 6pt 2pt 0; border-bottom: .5pt solid #bbb; overflow-wrap: anywhere }
.proof { margin-top: 12pt; color: #444; overflow-wrap: anywhere }`;
