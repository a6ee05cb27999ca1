import { parseArgs } from 'node:util';
import { bundle } from '../build/bundle.ts';
import { setUp } from '../build/setup.ts';
import { type Figure, table } from './figure.ts';
import { start } from './start.ts';

/** `npm run bench -- SERIES [--json]`: measures; exits 1 when a figure does not keep to what it must. */
const allSeries: Readonly<Record<string, () => Promise<readonly Figure[]>>> = { start };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const series = positionals.map((name) => allSeries[name]);
const problem =
  series.length === 0 || series.includes(undefined)
    ? `Which series? ${Object.keys(allSeries).join(', ')}`
    : setUp();
if (problem !== null) {
  console.error(problem);
  process.exit(2);
}

await bundle();
const figures: Figure[] = [];
for (const measure of series) figures.push(...((await measure?.()) ?? []));
console.log(options.json ? figures.map((one) => JSON.stringify(one)).join('\n') : table(figures));
// Not by itself: a socket of Playwright's to an app that has ended may stay.
process.exit(figures.every(({ met }) => met) ? 0 : 1);
