import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { readinessTodos } from '../../shared/model/readiness.ts';
import { type DrillTable, drillTable } from '../engine/readiness/drill-table.ts';
import { type ReadinessFile, readinessFile } from '../engine/readiness/readiness-file.ts';

const usage = `npm run readiness -- [--profile FOLDER] [--json]
npm run readiness -- --drills FILE [--json]

Says what would work on this laptop if Exchange died now, as the app last found it. Names nobody.
Ends with 0: all is good; 1: somebody should look at it; 2: in an outage something would fail; 3: there is no report.

--drills prints how a drill went in the whole company, from the provider's file (docs/provider.md): who could not, and why.
Ends with 0: it worked everywhere; 1: somebody could not, or was silent; 3: the file cannot be read.`;

const whoOf = { person: 'the person', it: 'IT', provider: 'the provider' } as const;

const { values: options } = parseArgs({
  options: {
    profile: { type: 'string', default: defaultProfile() },
    drills: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(usage);
else if (options.drills === undefined) process.exitCode = show(options.profile);
else process.exitCode = showDrills(options.drills);

function show(profile: string): number {
  const report = read(join(profile, 'readiness.json'));
  if (report === null) {
    console.log(`No report in ${profile}. It is written when Relevo has run for a moment.`);
    return 3;
  }
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else print(report, profile);
  const levels = report.accounts.map(({ level }) => level);
  if (levels.includes('bad')) return 2;
  return levels.includes('attention') ? 1 : 0;
}

function print({ writtenAt, accounts }: ReadinessFile, profile: string): void {
  console.log(`As of ${timeOf(writtenAt)}`);
  for (const { account, level, todo, checks, drills } of accounts) {
    console.log(`\nMailbox ${account}: ${level}`);
    if (todo !== null) console.log(`  To do by ${whoOf[readinessTodos[todo]]}: ${todo}`);
    for (const check of checks)
      console.log(
        `  ${check.level.padEnd(10)} ${check.name.padEnd(17)} ${timeOf(check.at)}${check.error === null ? '' : `  ${check.error}`}${check.todo === null ? '' : `  ${check.todo}`}`,
      );
    for (const { from, outcome, error } of drills)
      console.log(`  drill of ${timeOf(from)}  ${outcome}${error === null ? '' : `  ${error}`}`);
  }
  const keyFile = join(profile, 'device-key.json');
  if (existsSync(keyFile)) console.log(`\nThe key to encrypt first secrets for this laptop: ${keyFile}`);
}

function showDrills(file: string): number {
  const table = readDrills(file);
  if (table === null) {
    console.log(`No table of drills in ${file}.`);
    return 3;
  }
  if (options.json) console.log(JSON.stringify(table, null, 2));
  else
    for (const drills of Map.groupBy(table, ({ matter, window }) => `${matter} ${window.from}`).values())
      printDrill(drills);
  return table.every(({ outcome }) => outcome === 'worked') ? 0 : 1;
}

function printDrill(drills: DrillTable): void {
  const [first] = drills;
  if (first === undefined) return;
  const of = (outcome: string) => drills.filter((drill) => drill.outcome === outcome);
  console.log(
    `\n${printable(first.matter)}, ${timeOf(first.window.from * 1000)} to ${timeOf(first.window.until * 1000)}`,
  );
  console.log(
    `  ${of('worked').length} worked, ${of('couldNot').length} could not, ${of('silent').length} were silent`,
  );
  for (const { address, device, outcome, error } of [...of('couldNot'), ...of('silent')])
    console.log(`  ${printable(address)}  ${printable(device)}  ${printable(error ?? outcome)}`);
}

/** What comes from elsewhere moves no cursor. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

function readDrills(file: string): DrillTable | null {
  try {
    const parsed = v.safeParse(drillTable, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function read(file: string): ReadinessFile | null {
  try {
    const parsed = v.safeParse(readinessFile, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function timeOf(at: number | null): string {
  return at === null ? 'never'.padEnd(20) : new Date(at).toISOString().replace(/\.\d+/, '');
}

/** Where the app keeps its profile unless it is told otherwise. */
function defaultProfile(): string {
  const { env, platform } = process;
  if (platform === 'win32') return join(env.APPDATA ?? homedir(), 'Relevo');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Relevo');
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Relevo');
}
