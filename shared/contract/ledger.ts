import * as v from 'valibot';
import type { LedgerEntry, OutageSummary } from '../model/ledger.ts';
import { accountId, outageId } from './fields.ts';
import { method } from './method.ts';

export const ledger = {
  /** Newest first. */
  outages: method<readonly OutageSummary[]>()('engine', v.strictObject({ accountId })),
  entries: method<readonly LedgerEntry[]>()('engine', v.strictObject({ outageId })),
};
