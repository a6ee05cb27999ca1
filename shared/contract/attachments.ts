import * as v from 'valibot';
import type { FetchProgress } from '../model/conversation.ts';
import { attachmentId, nothing } from './fields.ts';
import { method } from './method.ts';

export const attachments = {
  /**
   * Fetches an attachment that is not in the copy, with whatever its message lacks besides; ends when it is there. Its id is
   * another then (topic `conversations`). `server.unavailable`: not while Exchange is away.
   */
  fetch: method<null>()('engine', v.strictObject({ attachmentId })),
  /** What is being fetched now (topic `attachments`). */
  progress: method<readonly FetchProgress[]>()('engine', nothing),
};
