import fc from 'fast-check';

/**
 * The same cases in every everyday run: one that fails fails again, and a run that differs has another reason.
 * `npm run test:deep` asks for more runs of each property, each time from another seed, which it prints.
 */
const runs = Number(process.env.PROPERTY_RUNS);
fc.configureGlobal({
  seed: Number(process.env.PROOF_SEED ?? 1),
  ...(runs > 0 ? { numRuns: runs } : {}),
});
