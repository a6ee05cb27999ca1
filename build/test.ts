import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { hasDovecot } from './dovecot-host.ts';
import { proofTable } from './proof-table.ts';
import { runTool } from './run.ts';
import { setUp } from './setup.ts';
import {
  addUp,
  failedFiles,
  failureList,
  playwrightTally,
  summary,
  type Tally,
  vitestTally,
  withSecondTry,
} from './tally.ts';

/**
 * `npm test`: sets up, bundles, runs the units, the engine against the lab, and the scenarios of `e2e/`. The last line
 * adds them up. `--deep` runs each property far more often and every scenario with the quirks of Exchange too, `--soak`
 * each scenario ten times, and then outages at random until one goes wrong or somebody ends it.
 *
 * Before the last line stands what the proof came to: how many outages, kills and faults, and what was lost or doubled.
 *
 * Real servers, a real browser and a busy machine: what fails has a second try, a file at a time, which the last line
 * counts and the lines before it name. With `--deep` and `--soak`, which look for what fails now and then, nothing has.
 *
 * Every day the same cases and stories are tried; the long suites draw others each time, by the seed that they print.
 * `PROOF_SEED` sets it.
 */
const { values: options } = parseArgs({
  options: { deep: { type: 'boolean', default: false }, soak: { type: 'boolean', default: false } },
});

/** How often things are tried with `--deep`. */
const deepRuns = {
  PROPERTY_RUNS: '5000',
  FAILOVER_HISTORIES: '100000',
  PROOF_HISTORIES: '500',
  PROOF_KILLS: '500',
  PROOF_MESSAGES: '100000',
  PROOF_OUTAGES: '1000',
  PROOF_RETURNS: '200',
  PROOF_OUTAGE_MESSAGES: '5000',
  PROOF_CRASHES: '1000000',
  SEARCH_RUNS: '1000',
};

const isEveryday = !options.deep && !options.soak;

const problem = setUp();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

const reports = mkdtempSync(join(tmpdir(), 'relevo-test-'));
const records = join(reports, 'proof-records');
const outages = 'electron/engine/proof/outages.itest.ts';
process.once('exit', () => rmSync(reports, { recursive: true, force: true }));

const failed: Tally = { passed: 0, failed: 1, skipped: 0 };
const tallies = [
  await unlessItThrows('bundle', async () => {
    await bundle();
    return { passed: 0, failed: 0, skipped: 0 };
  }),
  await vitest('unit'),
  ...(hasDovecot() ? [await vitest('integration'), await scenarios()] : [withoutLab()]),
];
const total = addUp(tallies);
printProof();
const failures = failureList(total);
if (failures !== null) console.log(`\n${failures}`);
console.log(`\n${summary(total)}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

if (options.soak && process.exitCode === 0) await soak();

/** What the proofs have noted, added up. */
function printProof(): void {
  const table = existsSync(records) ? proofTable(readFileSync(records, 'utf8')) : null;
  if (table !== null) console.log(`\n${table}`);
}

/** Outages at random, each time from another seed, until one of them goes wrong. */
async function soak(): Promise<void> {
  for (;;) {
    const { failed: violated } = await vitest('integration', [outages], { PROOF_OUTAGES: '1000' });
    printProof();
    if (violated > 0) {
      process.exitCode = 1;
      return;
    }
  }
}

/** The integration tests and the scenarios count as two skipped: nobody is to think that they ran. */
function withoutLab(): Tally {
  console.error('Skipped: the integration tests and the scenarios need the mail lab, and so Dovecot 2.3.');
  return { passed: 0, failed: 0, skipped: 2 };
}

async function vitest(
  project: 'unit' | 'integration',
  files: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Tally> {
  const report = join(reports, `${project}-${files.length}.json`);
  const seed = isEveryday ? {} : { PROOF_SEED: process.env.PROOF_SEED ?? String(randomInt(1_000_000)) };
  if (!isEveryday) console.log(`PROOF_SEED=${seed.PROOF_SEED}`);
  const { code } = await runTool(
    'vitest',
    'vitest',
    [
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(files.length === 0 ? [] : ['--maxWorkers=1', ...files]),
    ],
    {
      output: 'inherit',
      env: { PROOF_RECORDS: records, ...(options.deep ? deepRuns : {}), ...seed, ...more },
    },
  );
  return unlessItThrows(project, async () => {
    const text = readFileSync(report, 'utf8');
    const tally = vitestTally(text, code);
    const again = failedFiles(text);
    const mayTryAgain = isEveryday && files.length === 0 && again.length > 0;
    return mayTryAgain ? withSecondTry(tally, await vitest(project, again)) : tally;
  });
}

async function scenarios(): Promise<Tally> {
  const report = join(reports, 'e2e.json');
  const { code } = await runTool(
    'playwright',
    'playwright',
    [
      'test',
      '--config=e2e/playwright.config.ts',
      '--reporter=list,json',
      ...(options.soak ? ['--repeat-each=10'] : []),
      ...(isEveryday ? ['--retries=1'] : []),
    ],
    {
      output: 'inherit',
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...(options.deep ? { ALL_WITH_QUIRKS: '1' } : {}) },
    },
  );
  return unlessItThrows('e2e', async () => playwrightTally(readFileSync(report, 'utf8'), code));
}

/** A part that could not even run counts as one failure, so that the sum can never hide it. */
async function unlessItThrows(name: string, count: () => Promise<Tally>): Promise<Tally> {
  try {
    return await count();
  } catch (error) {
    console.error(`${name} did not finish: ${error instanceof Error ? error.message : String(error)}`);
    return failed;
  }
}
