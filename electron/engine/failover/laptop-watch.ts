import { networkInterfaces } from 'node:os';
import type { Attention } from '../../../shared/model/attention.ts';
import type { Clock } from '../ports.ts';
import { type LaptopAddress, type LaptopNetwork, laptopNetwork } from './core/laptop-network.ts';

/** A look costs a fraction of a millisecond; what it finds is looked for seldom where nobody waits. */
const pauseMs: Readonly<Record<Attention['presence'], number>> = {
  working: 5_000,
  near: 15_000,
  away: 60_000,
};
/** A timer that is later than this was not held up by work: the laptop slept. */
const longestLateMs = 15_000;

export interface LaptopWatch {
  /** In which network this laptop is, as of now. */
  here(): LaptopNetwork;
  attend(attention: Attention): void;
  start(): void;
  stop(): void;
}

/**
 * Watches what no system tells a process without a window: that the network is another one, and that the laptop slept.
 * Both are told by main as well, where the system tells it; told twice it is asked twice, and that is all.
 */
export function createLaptopWatch(options: {
  readonly clock: Clock;
  readonly addresses?: () => readonly LaptopAddress[];
  readonly networkChanged: () => void;
  readonly slept: () => void;
}): LaptopWatch {
  const { clock, addresses = systemAddresses, networkChanged, slept } = options;
  const here = (): LaptopNetwork => laptopNetwork(addresses());
  let presence: Attention['presence'] = 'working';
  let known = here().name;
  let cancel = (): void => {};

  const look = (dueAt: number): void => {
    const now = clock.now();
    plan();
    if (now - dueAt > longestLateMs) {
      known = here().name;
      slept();
      return;
    }
    const { name } = here();
    if (name === known) return;
    known = name;
    networkChanged();
  };

  const plan = (): void => {
    const dueAt = clock.now() + pauseMs[presence];
    cancel();
    cancel = clock.after(pauseMs[presence], () => look(dueAt));
  };

  return {
    here,
    attend: (next) => {
      const isSooner = pauseMs[next.presence] < pauseMs[presence];
      presence = next.presence;
      if (isSooner) look(clock.now());
    },
    start: plan,
    stop: () => cancel(),
  };
}

function systemAddresses(): readonly LaptopAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, found = []]) =>
    found.map(({ cidr, family, internal }) => ({ name, cidr, family, internal })),
  );
}
