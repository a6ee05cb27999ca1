import { appendFileSync } from 'node:fs';

/** What a run of the proof comes to. The runner of all tests adds these up, and prints them as a table. */
export interface ProofRecord {
  readonly what: 'histories' | 'crash points';
  readonly runs: number;
  readonly kills: number;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly doubled: number;
  readonly uncertain: number;
}

/** Where no runner asks for records, none is kept. */
export function record(one: ProofRecord): void {
  const file = process.env.PROOF_RECORDS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(one)}\n`);
}
