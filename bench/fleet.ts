import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPolicy } from '../shared/policy/resolve.ts';
import { type Figure, figure, type Measured } from './figure.ts';
import { plotSvg } from './fleet/plot.ts';
import { type FleetReport, type Story, simulate } from './fleet/simulation.ts';

const clients = 20_000;
const docs = join(import.meta.dirname, '../docs');
const minute = 60_000;

/** At most this share of the fleet comes to a server in any second, in percent. */
const mostPerSecond = 2;
/** Everybody has come by then, in seconds. */
const longest = 120;

interface Scene {
  readonly name: string;
  readonly file: string;
  readonly title: string;
  readonly story: Omit<Story, 'clients' | 'seed'>;
  readonly moments: readonly (readonly [ms: number, label: string])[];
  /** Switches of one laptop, there and back. */
  readonly mostSwitches: number;
}

/** A bell around the middle, by the sum of three. */
const around = (middle: number, width: number) => (chance: number) => {
  const other = (chance * 7919) % 1;
  return middle + ((chance + other + ((chance * 104_729) % 1)) / 3 - 0.5) * 2 * width;
};

const flaps = Array.from(
  { length: 120 },
  (_, index) => [minute + index * 30_000, index % 2 === 0 ? 'refusing' : 'up'] as const,
);

export const scenes: readonly Scene[] = [
  {
    name: 'outage and return',
    file: 'fleet-outage.svg',
    title: 'Exchange hangs for five minutes',
    story: {
      lengthMs: 12 * minute,
      exchange: [
        [minute, 'silent'],
        [6 * minute, 'up'],
      ],
    },
    moments: [
      [minute, 'hangs'],
      [6 * minute, 'is back'],
    ],
    mostSwitches: 2,
  },
  {
    name: 'outage (refused) and return',
    file: 'fleet-refused.svg',
    title: 'Exchange refuses for five minutes',
    story: {
      lengthMs: 12 * minute,
      exchange: [
        [minute, 'refusing'],
        [6 * minute, 'up'],
      ],
    },
    moments: [
      [minute, 'refuses'],
      [6 * minute, 'is back'],
    ],
    mostSwitches: 2,
  },
  {
    name: 'flapping hour',
    file: 'fleet-flapping.svg',
    title: 'Exchange goes and comes every 30 seconds for an hour',
    story: { lengthMs: 68 * minute, exchange: flaps },
    moments: [
      [minute, 'flaps'],
      [61 * minute, 'stays'],
    ],
    mostSwitches: 2,
  },
  {
    name: 'bulletin',
    file: 'fleet-bulletin.svg',
    title: 'A bulletin declares an outage, and ends it after ten minutes',
    story: {
      lengthMs: 20 * minute,
      exchange: [],
      decrees: [
        [2 * minute, 'outage'],
        [12 * minute, 'none'],
      ],
    },
    moments: [
      [2 * minute, 'declared'],
      [12 * minute, 'ended'],
    ],
    mostSwitches: 2,
  },
  {
    name: 'Monday 9 o’clock',
    file: 'fleet-monday.svg',
    title: 'Everybody starts around 9 o’clock, and Exchange has been away since the night',
    story: {
      lengthMs: 16 * minute,
      exchange: [
        [0, 'silent'],
        [10 * minute, 'up'],
      ],
      startsAt: around(3 * minute, 2 * minute),
      messagesPerHour: 15,
    },
    moments: [
      [3 * minute, '9:00'],
      [10 * minute, 'is back'],
    ],
    mostSwitches: 2,
  },
];

/** 20,000 laptops with the product's own machine and pace; plotted into docs/. */
export async function fleet(): Promise<readonly Figure[]> {
  return scenes.flatMap((scene) => {
    const report = simulate({ ...scene.story, clients, seed: 1 });
    plot(scene, report);
    console.error(`fleet: ${scene.name}`);
    return rowsOf(scene, report, clients).map((row) => figure('fleet', row));
  });
}

export function rowsOf(scene: Scene, report: FleetReport, size: number): readonly Measured[] {
  const named = (what: string): string => `${scene.name}: ${what}`;
  const peak = (series: Uint32Array): number =>
    (series.reduce((most, one) => Math.max(most, one), 0) / size) * 100;
  const inAll = (series: Uint32Array): number => series.reduce((sum, one) => sum + one, 0) / size;
  return [
    {
      name: named('first contacts with continuity, most in a second'),
      value: peak(report.continuity),
      unit: '%',
      must: mostPerSecond,
    },
    {
      name: named('until the last one is there'),
      value: report.longestToContinuity / 1000,
      unit: 's',
      must: longest,
    },
    {
      name: named('first sign-ins at Exchange again, most in a second'),
      value: peak(report.exchange),
      unit: '%',
      must: mostPerSecond,
    },
    {
      name: named('until the last one is there again'),
      value: report.longestToExchange / 1000,
      unit: 's',
      must: longest,
    },
    {
      name: named('switches of one laptop, there and back'),
      value: report.mostSwitches,
      unit: 'times',
      must: scene.mostSwitches,
    },
    { name: named('laptops left behind'), value: report.leftBehind, unit: 'times', must: 0 },
    {
      name: named('greetings asked of Exchange, most in a second'),
      value: peak(report.exchangeProbes),
      unit: '%',
    },
    {
      name: named('greetings asked of Exchange, by a laptop in all'),
      value: inAll(report.exchangeProbes),
      unit: 'times',
    },
    {
      name: named('connections to each neutral host, most in a second'),
      value: peak(report.neutralProbes) / defaultPolicy['network.neutralHosts'].length,
      unit: '%',
    },
  ];
}

function plot({ file, title, moments }: Scene, report: FleetReport): void {
  const share = (series: Uint32Array): readonly number[] =>
    [...series].map((count) => (count / clients) * 100);
  const svg = plotSvg({
    title: `${title} (${clients.toLocaleString('en')} laptops, percent of them in a second)`,
    moments: moments.map(([ms, label]) => [ms / 1000, label]),
    lines: [
      { label: 'first contacts with continuity', values: share(report.continuity) },
      { label: 'first sign-ins at Exchange again', values: share(report.exchange) },
    ],
    limit: mostPerSecond,
  });
  writeFileSync(join(docs, file), svg);
}
