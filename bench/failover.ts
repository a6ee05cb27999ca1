import { type Lab, startLab } from '../e2e/lab/lab.ts';
import { type Calm, calms, falseSwitches, tokenSeconds } from './failover/calms.ts';
import { idleCost } from './failover/cost.ts';
import { capMs, type Outage, outages, timeToWrite } from './failover/faults.ts';
import { BenchLaptop } from './failover/laptop.ts';
import { watchStalls } from './failover/stalls.ts';
import { type Figure, figure, type Measured, median, quantile, table } from './figure.ts';
import { imapflowNotices } from './peers/imapflow-default.ts';
import { mbsyncNotices } from './peers/mbsync.ts';

/** So many laptops at once: more would measure this machine. */
const width = 8;
/** What the others do does not vary much, and takes a minute each time. */
const runsOfPeers = 1;
const aimed = 8;
/** When the servers have been silent for so long by this machine's fault, a switch says nothing about the laptop. */
const longestStallMs = 1500;
/** A machine that is never still for long enough proves nothing, however often it is asked. */
const mostRepeats = 5;

/**
 * How long until a person can write again, by fault, beside what others notice of the same; false switches in what is no
 * outage; what watching costs. The real engine, two real servers, and a proxy that breaks what lies between. `only`: the
 * beginnings of the parts that are wanted, as `fault:refused`, `calm:server restart`, `cost`; all where there is none.
 */
export async function failover(runs = 20, only: readonly string[] = []): Promise<readonly Figure[]> {
  const isWanted = (part: string): boolean =>
    only.length === 0 || only.some((wanted) => part.toLowerCase().startsWith(wanted.toLowerCase()));
  const faults = outages.filter(({ name }) => isWanted(`fault:${name}`));
  const quiet = calms.filter(({ name }) => isWanted(`calm:${name}`));
  const employees = Array.from({ length: width + 1 }, (_, index) => `laptop${index}`);
  const lab = await startLab({ employees, seed: { messages: 5 } });
  try {
    const parts = [
      ...(faults.length > 0 ? [() => timesToWrite(lab, employees, runs, faults)] : []),
      ...(isWanted('cost') ? [() => idleCost(lab, employees.slice(-3))] : []),
      ...(quiet.length > 0 ? [() => switches(lab, employees, runs, quiet)] : []),
    ];
    const figures: Figure[] = [];
    for (const part of parts) {
      const measured = (await part()).map((row) => figure('failover', row));
      // Somebody who waits for an hour sees what there is.
      console.error(table(measured));
      figures.push(...measured);
    }
    return figures;
  } finally {
    await lab.stop();
  }
}

async function timesToWrite(
  lab: Lab,
  employees: readonly string[],
  runs: number,
  outages: readonly Outage[],
): Promise<readonly Measured[]> {
  const ours = new Map<string, number[]>();
  const imapflow = new Map<string, number[]>();
  const mbsync = new Map<string, number[]>();
  const add = (map: Map<string, number[]>, name: string, ms: number): void =>
    void map.set(name, [...(map.get(name) ?? []), ms]);
  const jobs = range(runs).flatMap((run) =>
    outages.flatMap((outage): Job[] => {
      const { name, peer } = outage;
      const others: Job[] =
        peer === null || run >= runsOfPeers
          ? []
          : [
              async (employee) => {
                const mailbox = lab.exchange.mailbox(employee);
                const [flow, sync] = await Promise.all([
                  imapflowNotices(mailbox, peer, capMs),
                  mbsyncNotices(mailbox, peer, capMs),
                ]);
                add(imapflow, name, flow);
                if (sync !== null) add(mbsync, name, sync);
              },
            ];
      const job: Job = async (employee) => {
        for (let ms: number | null = null; ms === null; ) {
          const laptop = await BenchLaptop.start({ lab, employee });
          try {
            ms = await timeToWrite(laptop, outage);
          } finally {
            await laptop.stop();
          }
          if (ms !== null) add(ours, name, ms);
        }
      };
      return [job, ...others];
    }),
  );
  await inParallel('faults', employees.slice(0, width), jobs);
  return outages.flatMap(({ name, must }): Measured[] => {
    const seconds = (map: Map<string, number[]>): readonly number[] =>
      (map.get(name) ?? []).map((ms) => ms / 1000);
    const peer = (who: string, times: readonly number[]): Measured[] => {
      if (times.length === 0) return [];
      const value = median(times);
      const end = value < capMs / 1000 ? '' : ' (has not by then)';
      return [{ name: `${name}: ${who} notices${end}`, value, unit: 's' }];
    };
    const times = seconds(ours);
    return [
      {
        name: `${name}: can write, p95 of ${runs}`,
        value: quantile(times, 0.95),
        unit: 's',
        must,
        aim: Math.min(must, aimed),
      },
      { name: `${name}: can write, median`, value: median(times), unit: 's' },
      ...peer('imapflow by default', seconds(imapflow)),
      ...peer('an mbsync begun then', seconds(mbsync)),
    ];
  });
}

async function switches(
  lab: Lab,
  employees: readonly string[],
  runs: number,
  calms: readonly Calm[],
): Promise<readonly Measured[]> {
  lab.issuer.tokenLifetime = tokenSeconds;
  const counts = new Map<string, number>();
  let standstills = 0;
  const jobs = range(runs).flatMap(() =>
    calms.map(
      (calm): Job =>
        async (employee) => {
          for (let repeats = 0; ; repeats++) {
            const stalls = watchStalls();
            const count = await falseSwitches({ lab, employee }, calm);
            stalls.stop();
            if (count === 0 || stalls.longestMs() < longestStallMs || repeats === mostRepeats) {
              counts.set(calm.name, (counts.get(calm.name) ?? 0) + count);
              return;
            }
            standstills += count;
            console.error(
              `failover: ${calm.name}: again, since nothing ran for ${stalls.longestMs().toFixed(0)} ms`,
            );
          }
        },
    ),
  );
  await inParallel('no outage', employees.slice(0, width), jobs);
  lab.issuer.tokenLifetime = 3600;
  return [
    ...calms.map(
      ({ name, seconds }): Measured => ({
        name: `${name}: false switches in ${runs} × ${seconds} s`,
        value: counts.get(name) ?? Number.NaN,
        unit: 'times',
        must: 0,
      }),
    ),
    {
      name: `switches while lab and laptops stood still for ${longestStallMs} ms or longer, repeated`,
      value: standstills,
      unit: 'times',
    },
  ];
}

type Job = (employee: string) => Promise<void>;

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

/** Each employee takes the next job when theirs is done. */
async function inParallel(what: string, employees: readonly string[], jobs: readonly Job[]): Promise<void> {
  const left = [...jobs];
  let done = 0;
  await Promise.all(
    employees.map(async (employee) => {
      for (let job = left.shift(); job !== undefined; job = left.shift()) {
        const running: Promise<void> = job(employee);
        await running;
        done += 1;
        if (done % 10 === 0 || done === jobs.length)
          console.error(`failover: ${what} ${done}/${jobs.length}`);
      }
    }),
  );
}
