import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { hasWitness } from '../../../../e2e/lab/witness.ts';
import { type Played, play } from '../../../../e2e/proof/history.ts';
import { Laboratory } from '../../../../e2e/proof/laboratory.ts';
import { histories } from '../../../../e2e/proof/steps.ts';
import { seed } from './testing/random.ts';

/** `npm run test:deep` asks for more. */
const runs = Number(process.env.PROOF_HISTORIES ?? 20);

describe.skipIf(!hasWitness)('whatever happens to a mailbox', { timeout: 7_200_000 }, () => {
  let laboratory: Laboratory;

  beforeAll(() => {
    laboratory = new Laboratory();
  });
  afterAll(() => laboratory.close());

  it(`the copy is exact in the end, and nothing that the person did is lost (${runs} histories)`, async () => {
    const played: Played[] = [];
    const startedAt = performance.now();
    try {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          played.push(await play(laboratory, history));
        }),
        {
          numRuns: runs,
          seed,
          // The shortest story of a failure may take an hour to be found.
          endOnFailure: process.env.PROOF_HISTORIES === undefined,
          ...(process.env.PROOF_PATH === undefined ? {} : { path: process.env.PROOF_PATH }),
        },
      );
    } finally {
      const sum = (of: (one: Played) => number): number => played.reduce((total, one) => total + of(one), 0);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(
        `seed ${seed}: ${played.length} histories of ${sum(({ steps }) => steps)} steps with ${sum(({ kills }) => kills)} kills in ${seconds} s; ${sum(({ given }) => given)} messages of ${sum(({ givenBytes }) => givenBytes)} bytes given`,
      );
    }
  });
});
