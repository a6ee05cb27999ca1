import * as v from 'valibot';
import { type ReadinessTodo, readinessChecks, readinessTodos } from '../../../shared/model/readiness.ts';

const level = v.picklist(['good', 'attention', 'bad']);
const time = v.nullable(v.number());
const todo = v.nullable(v.picklist(Object.keys(readinessTodos) as ReadinessTodo[]));
const error = v.nullable(v.string());

/** `readiness.json` of a profile: the last report, without names, addresses and texts. Times in ms since 1970. */
export const readinessFile = v.object({
  version: v.literal(1),
  writtenAt: v.number(),
  accounts: v.array(
    v.object({
      /** The account's number on this laptop. */
      account: v.number(),
      level,
      todo,
      checks: v.array(v.object({ name: v.picklist(readinessChecks), level, at: time, error, todo })),
      drills: v.array(
        v.object({ from: v.number(), until: v.number(), outcome: v.picklist(['worked', 'couldNot']), error }),
      ),
    }),
  ),
});

export type ReadinessFile = v.InferOutput<typeof readinessFile>;
