import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { hasWitness } from '../../../e2e/lab/witness.ts';
import { newModel } from '../../../e2e/proof/outage/happening.ts';
import { begin, beginnings, happenings } from '../../../e2e/proof/outage/happenings.ts';
import { StoryLaboratory } from '../../../e2e/proof/outage/laboratory.ts';
import { record } from '../../../e2e/proof/outage/records.ts';
import { seed } from '../sync/proof/testing/random.ts';

/** `npm run test:deep` asks for more, and `npm run test:soak` without end. */
const runs = Number(process.env.PROOF_OUTAGES ?? 25);
/** Nobody waits longer for the few of every day: on a machine that is too busy, fewer are played, and the sum says so. */
const budgetMs = runs > 25 ? Number.POSITIVE_INFINITY : 240_000;
const length = Number(process.env.PROOF_LENGTH ?? (runs > 25 ? 24 : 10));

describe.skipIf(!hasWitness)('whatever happens in an outage', { timeout: 86_400_000 }, () => {
  let laboratory: StoryLaboratory;

  beforeAll(() => {
    laboratory = new StoryLaboratory();
  });
  afterAll(() => laboratory.close());

  it(`no mail is lost and none is there twice (${runs} histories)`, async () => {
    const sums = { runs: 0, kills: 0, lost: 0, doubled: 0, uncertain: 0 };
    const faults: Record<string, number> = {};
    const startedAt = performance.now();
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.boolean(),
          beginnings,
          happenings(length),
          async (isQuirky, beginning, commands) => {
            if (performance.now() - startedAt > budgetMs) return;
            const story = await laboratory.story(isQuirky);
            const model = newModel();
            try {
              await begin(story, model, beginning);
              await fc.asyncModelRun(() => ({ model, real: story }), commands);
              const { violations, ...counts } = await story.end();
              sums.runs += 1;
              sums.kills += story.laptops.reduce((sum, { kills }) => sum + kills, 0);
              for (const [kind, count] of story.accidents) faults[kind] = (faults[kind] ?? 0) + count;
              for (const name of ['lost', 'doubled', 'uncertain'] as const) sums[name] += counts[name];
              if (violations.length > 0)
                throw new Error(
                  [
                    ...violations,
                    `The story${isQuirky ? ', with the manners of Exchange' : ''}:`,
                    ...model.told.map((sentence) => `  ${sentence}`),
                    ...story.laptops.flatMap(({ name, deaths }) =>
                      deaths.map((death) => `  (${name} ${death})`),
                    ),
                  ].join('\n'),
                );
            } finally {
              if (process.env.PROOF_LOG !== undefined)
                for (const { name, log } of story.laptops) console.log(`${name}\n${log.join('\n')}`);
              await story.remove();
            }
          },
        ),
        {
          numRuns: runs,
          seed,
          ...(process.env.PROOF_PATH === undefined ? {} : { path: process.env.PROOF_PATH }),
          ...(process.env.PROOF_SHRINKS === undefined ? {} : { endOnFailure: true }),
        },
      );
    } finally {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(
        `seed ${seed}: ${sums.runs} histories with ${sums.kills} kills in ${seconds} s: ${JSON.stringify({ ...sums, faults })}`,
      );
      record({ what: 'histories', ...sums, faults });
    }
  });
});
