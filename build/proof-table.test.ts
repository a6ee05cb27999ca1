import { describe, expect, it } from 'vitest';
import { proofTable } from './proof-table.ts';

const record = (what: string, more: object = {}): string =>
  JSON.stringify({ what, runs: 25, kills: 7, faults: {}, lost: 0, doubled: 0, uncertain: 0, ...more });

describe('the table of the proof', () => {
  it('is left out where nothing was tried', () => {
    expect(proofTable('')).toBe(null);
  });

  it('adds up what was tried, and all faults by kind, the most frequent first', () => {
    const records = [
      record('histories', { faults: { 'Exchange: refuse': 2, sleep: 1 }, uncertain: 2 }),
      record('crash points', { runs: 614, kills: 614 }),
      record('histories', { faults: { sleep: 5 }, lost: 1 }),
    ];
    expect(proofTable(`${records.join('\n')}\n`)).toBe(
      [
        'what          runs  kills  lost  doubled  uncertain',
        'histories       50     14     1        0          2',
        'crash points   614    614     0        0          0',
        'all            664    628     1        0          2',
        'Faults: sleep 6, Exchange: refuse 2.',
        'Uncertain: each was cut after its final dot may have left, and is shown to the person.',
      ].join('\n'),
    );
  });
});
