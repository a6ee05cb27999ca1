import fc from 'fast-check';
import { vi } from 'vitest';

/**
 * The same cases in every everyday run: one that fails fails again, and a run that differs has another reason.
 * `npm run test:deep` asks for more runs of each property, each time from another seed, which it prints.
 */
const runs = Number(process.env.PROPERTY_RUNS);
fc.configureGlobal({
  seed: Number(process.env.PROOF_SEED ?? 1),
  ...(runs > 0 ? { numRuns: runs } : {}),
});

/**
 * What is waited for comes or never does: how soon depends on what else the machine does, which no test can know. This
 * long at least, whatever a test says; `expect.poll` has the same in vitest.config.ts.
 */
const patienceMs = 60_000;
const waitFor = vi.waitFor;
vi.waitFor = (callback, options = {}) => {
  const { timeout = 0, ...rest } = typeof options === 'number' ? { timeout: options } : options;
  return waitFor(callback, { ...rest, timeout: Math.max(timeout, patienceMs) });
};
