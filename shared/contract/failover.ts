import type { FailoverStatus } from '../model/failover.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

export const failover = {
  status: method<readonly FailoverStatus[]>()('engine', nothing),
};
