import type { AppError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs, FolderId } from '../../../shared/model/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  copiesBetween,
  correctSurvey,
  recordSurveyed,
  type SurveyedMessage,
  surveyedBetween,
  withheldIn,
} from '../cache/queries/survey-store.ts';
import { applyPlan, noteLookedThrough } from '../cache/queries/sync-store.ts';
import { conversationKeys } from '../conversation/threading.ts';
import type { RemoteHeader } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { Clock } from '../ports.ts';
import { confirmGone } from './confirm-gone.ts';
import { correspondentKeys } from './core/correspondents.ts';
import { planStretch, rangeOf, stretchesOf, type UidRange } from './core/look-through.ts';
import { isTime, withheldMs } from './core/window.ts';
import type { FolderPass } from './folder-sync.ts';
import { shownFlags, yieldToOthers } from './turns.ts';

/** Messages that are looked at in one go. */
const stretchSize = 2000;
/** Headers that are asked for in one go. */
const headerBatch = 250;

interface LookThroughSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly clock: Clock;
  readonly windowStart: () => EpochMs;
  readonly isOwnAddress: (address: string) => boolean;
  readonly copy: (
    pass: FolderPass,
    folderId: FolderId,
    uids: readonly number[],
  ) => Promise<Result<null, AppError>>;
}

/**
 * Looks at every message of the open folder, stretch by stretch, the newest first. What it has noted stays noted: after
 * an interruption only the cheap part is done again.
 */
export function createLookThrough({ account, db, clock, windowStart, isOwnAddress, copy }: LookThroughSetup) {
  const survey = async (
    pass: FolderPass,
    folderId: FolderId,
    uids: readonly number[],
  ): Promise<Result<null, AppError>> => {
    for (let at = 0; at < uids.length; at += headerBatch) {
      const asked = uids.slice(at, at + headerBatch);
      const headers = await pass.session.headers(asked);
      if (!headers.ok) return headers;
      const given = new Set(headers.value.map(({ uid }) => uid));
      const left = asked.filter((uid) => !given.has(uid));
      // As with whole messages: now and then Exchange gives nothing, and gives it when it is asked again.
      const again = left.length === 0 ? ok([]) : await pass.session.headers(left);
      if (!again.ok) return again;
      const messages: SurveyedMessage[] = [];
      for (const header of [...headers.value, ...again.value])
        messages.push(await surveyedOf(header, isOwnAddress));
      recordSurveyed(db, { accountId: account.id, folderId }, messages);
      await yieldToOthers();
    }
    return ok(null);
  };

  return async (
    pass: FolderPass,
    folderId: FolderId,
    messageCount: number,
  ): Promise<Result<null, AppError>> => {
    const { session } = pass;
    let newer: UidRange | null = null;
    for (const places of stretchesOf(messageCount, stretchSize)) {
      const told = await session.places(places.from, places.to);
      if (!told.ok) return told;
      const range = rangeOf(places, told.value, newer);
      if (range === null) continue;
      newer = range;
      const plan = planStretch(
        {
          copies: copiesBetween(db, folderId, range),
          surveyed: surveyedBetween(db, folderId, range),
          present: told.value.map((place) => ({ ...place, flags: shownFlags(place.flags) })),
        },
        windowStart(),
      );
      const gone = await confirmGone(session, pass.mayRemove ? plan.remove : []);
      if (!gone.ok) return gone;
      if (applyPlan(db, folderId, { updateFlags: plan.updateFlags, remove: gone.value })) pass.changed(0);
      correctSurvey(db, folderId, plan);
      const surveyed = await survey(pass, folderId, plan.survey);
      if (!surveyed.ok) return surveyed;
      const withheld = withheldIn(db, folderId);
      const wanted = plan.fetch.filter((uid) => isTime(withheld.get(uid) ?? 0, clock.now(), withheldMs));
      const copied = await copy(pass, folderId, wanted);
      if (!copied.ok) return copied;
      await yieldToOthers();
    }
    noteLookedThrough(db, folderId, clock.now());
    return ok(null);
  };
}

async function surveyedOf(
  { uid, flags, internalDate, header }: RemoteHeader,
  isOwnAddress: (address: string) => boolean,
): Promise<SurveyedMessage> {
  const parsed = await parseMessage(header);
  const keys = [...conversationKeys(parsed), ...correspondentKeys(parsed, isOwnAddress)];
  return { uid, internalDate, isFlagged: flags.includes('\\Flagged'), keys };
}
