import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../build/bundle.ts';
import { setUp } from '../build/setup.ts';
import { type Figure, table } from './figure.ts';

/**
 * `npm run bench -- SERIES [--json] [--runs N] [--only PART]… [--messages N] [--profile]`: measures; exits 1 when a figure does not keep to what it must. A series is
 * loaded when it is asked for.
 */
const allSeries: Readonly<Record<string, (runs: number | undefined) => Promise<readonly Figure[]>>> = {
  sync: async () => {
    await import('../electron/engine/testing/sql-as-text.ts');
    const { sync } = await import('./sync.ts');
    return sync({
      messages: Number(options.messages),
      withPeers: !options['no-peers'],
      profileFolder: options.profile ? join(import.meta.dirname, '../out/profile') : null,
    });
  },
  search: async () => {
    await import('../electron/engine/testing/sql-as-text.ts');
    const { search } = await import('./search.ts');
    return search({ messages: Number(options.messages), withPeers: !options['no-peers'] });
  },
  start: async () => (await import('./start.ts')).start(),
  failover: async (runs) => {
    await import('../electron/engine/testing/sql-as-text.ts');
    return (await import('./failover.ts')).failover(runs, options.only);
  },
  fleet: async () => (await import('./fleet.ts')).fleet(),
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string' },
    /** Parts of `failover`: `fault:refused`, `calm:restart`, `cost`; how the name goes on may be left out. */
    only: { type: 'string', multiple: true, default: [] },
    /** How large the mailbox of `sync` and `search` is. */
    messages: { type: 'string', default: '50000' },
    'no-peers': { type: 'boolean', default: false },
    /** Leaves a profile and a flame graph of the first sync in `out/profile/`. */
    profile: { type: 'boolean', default: false },
  },
});
const series = positionals.map((name) => allSeries[name]);
const problem =
  series.length === 0 || series.includes(undefined)
    ? `Which series? ${Object.keys(allSeries).join(', ')}`
    : setUp({
        withPeers: positionals.some((name) => ['sync', 'search'].includes(name)) && !options['no-peers'],
      });
if (problem !== null) {
  console.error(problem);
  process.exit(2);
}

const runs = options.runs === undefined ? undefined : Number(options.runs);
await bundle();
const figures: Figure[] = [];
for (const measure of series) figures.push(...((await measure?.(runs)) ?? []));
console.log(options.json ? figures.map((one) => JSON.stringify(one)).join('\n') : table(figures));
// Not by itself: a socket of Playwright's to an app that has ended may stay.
process.exit(figures.every(({ met }) => met) ? 0 : 1);
