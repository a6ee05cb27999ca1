import * as v from 'valibot';
import { type LedgerPage, type LedgerProof, ledgerFilters, type OutageSummary } from '../model/ledger.ts';
import { accountId, outageId } from './fields.ts';
import { method } from './method.ts';

export const ledger = {
  /** Newest first. */
  outages: method<readonly OutageSummary[]>()('engine', v.strictObject({ accountId })),
  /** Part of an outage's messages, oldest first. */
  entries: method<LedgerPage>()(
    'engine',
    v.strictObject({
      outageId,
      filter: v.picklist(ledgerFilters),
      /** What the address or the name of the other side contains; empty: anything. */
      counterpart: v.pipe(v.string(), v.maxLength(200)),
      offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  proof: method<LedgerProof>()('engine', v.strictObject({ accountId })),
  /**
   * Asks for a place and writes the ledger there, without bodies and subjects: `signed` is the whole of it
   * (docs/ledger.md), the others what an outage touched (null: every one). Yields whether the person chose a place.
   */
  export: method<{ readonly isSaved: boolean }>()(
    'main',
    v.strictObject({ accountId, outageId: v.nullable(outageId), form: v.picklist(['signed', 'csv', 'pdf']) }),
  ),
};
