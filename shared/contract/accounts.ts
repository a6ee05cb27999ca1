import type { AccountSummary } from '../model/account.ts';
import type { SyncStatus } from '../model/sync.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

export const accounts = {
  list: method<readonly AccountSummary[]>()('engine', nothing),
  syncStatus: method<readonly SyncStatus[]>()('engine', nothing),
};
