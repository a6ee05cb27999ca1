import * as v from 'valibot';
import type { Readiness } from '../model/readiness.ts';
import { accountId, nothing } from './fields.ts';
import { method } from './method.ts';

export const readiness = {
  report: method<readonly Readiness[]>()('engine', nothing),
  /** Signs in to continuity now, as an outage would; the answer is the new report of that account. */
  rehearse: method<Readiness>()('engine', v.strictObject({ accountId })),
};
