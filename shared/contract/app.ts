import * as v from 'valibot';
import type { AppError } from '../errors.ts';
import type { AccountSummary } from '../model/account.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

/** `failed`: the engine cannot start until somebody does something; `problems` says what. */
export type EngineState = 'starting' | 'running' | 'restarting' | 'failed';

export interface AppStatus {
  readonly version: string;
  readonly engine: EngineState;
  readonly accounts: readonly AccountSummary[];
  /** What is wrong right now, worst first; empty when all is well. */
  readonly problems: readonly AppError[];
}

export const app = {
  status: method<AppStatus>()('main', nothing),
  /** Opens a link of a mail in the system's browser, after the person has seen where it leads. */
  openLink: method<null>()('main', v.strictObject({ url: v.pipe(v.string(), v.maxLength(8192), v.url()) })),
};
