import { setTimeout as pause } from 'node:timers/promises';
import type { Fault as LinkFault } from '../../e2e/lab/fault-proxy.ts';
import type { BenchLaptop } from './laptop.ts';
import { exchangeHost } from './links.ts';

/** One way for Exchange to be away, and within how many seconds a person must be able to write again. */
export interface Outage {
  readonly name: string;
  readonly must: number;
  begin(laptop: BenchLaptop): Promise<void>;
  /** What another client's connection to IMAP meets; null: nothing. */
  readonly peer: LinkFault | null;
  /** Somebody sends in the moment of the fault, and not when they could write again. */
  readonly isMetBySending?: true;
}

const must = 10;

const both = (fault: LinkFault, submission: LinkFault = fault) => ({
  must,
  peer: fault,
  begin: async ({ links }: BenchLaptop): Promise<void> => {
    await Promise.all([links.imap.fault(fault), links.submission.fault(submission)]);
  },
});

/** Submission begins in clear: greeting, EHLO, STARTTLS, and then TLS. */
const turn = { handshake: 3, signIn: 5 } as const;

export const outages: readonly Outage[] = [
  { name: 'refused', ...both('refuse'), must: 3, isMetBySending: true },
  { name: 'refused, and nobody sends', ...both('refuse'), peer: null },
  { name: 'RST', ...both('reset') },
  { name: 'FIN', ...both('fin') },
  { name: 'silent after accept', ...both('silent') },
  {
    name: 'SYN black hole',
    must,
    peer: 'unanswered',
    begin: async ({ links }) => {
      await Promise.all(links.exchange.map((link) => link.fault('reset')));
      await Promise.all(links.exchange.map((link) => link.fault('unanswered')));
    },
  },
  { name: 'black hole in mid-session', ...both('unanswered') },
  { name: 'drip of 1 byte/s', ...both({ drip: 1 }) },
  { name: 'TLS handshake stalls', ...both({ deafAfter: 1 }, { deafAfter: turn.handshake }) },
  { name: 'greeting missing', ...both({ deafAfter: 2 }, 'silent') },
  { name: 'sign-in hangs', ...both({ deafAfter: 3 }, { deafAfter: turn.signIn }) },
  {
    name: 'submission only',
    must,
    peer: null,
    isMetBySending: true,
    begin: ({ links }) => links.submission.fault('refuse'),
  },
  {
    name: 'DNS gone',
    must,
    // They are not given the laptop's names.
    peer: null,
    begin: async ({ links, names }) => {
      names.trouble = { code: 'EAI_AGAIN', names: exchangeHost };
      await Promise.all(links.exchange.map((link) => link.fault('refuse')));
    },
  },
];

/** After this it has not been noticed, in milliseconds. */
export const capMs = 60_000;

/** From the fault to a message that continuity has taken, in milliseconds; null: it was not at Exchange to begin with. */
export async function timeToWrite(laptop: BenchLaptop, outage: Outage): Promise<number | null> {
  if (!(await laptop.isCalm())) return null;
  // Anywhere between two signs of life.
  await pause(Math.random() * 2500);
  const begun = performance.now();
  await outage.begin(laptop);
  const first = outage.isMetBySending === true ? await laptop.sends() : null;
  const switched = await laptop.until(({ sending }) => sending === 'continuity', capMs);
  if (switched === null) return capMs;
  const left = await laptop.leftByContinuity(first ?? (await laptop.sends()), capMs);
  return left === null ? capMs : Math.min(capMs, performance.now() - begun);
}
