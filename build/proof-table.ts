/** What one part of the proof came to, as `e2e/proof/outage/records.ts` writes it, a line each. */
interface ProofRecord {
  readonly what: string;
  readonly runs: number;
  readonly kills: number;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly doubled: number;
  readonly uncertain: number;
}

/** The table at the end of a run: what was tried, what befell it, and what came of it. Null: nothing was tried. */
export function proofTable(records: string): string | null {
  const all = records
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ProofRecord);
  if (all.length === 0) return null;
  const sums = new Map<string, ProofRecord>();
  for (const one of all) {
    const before = sums.get(one.what);
    sums.set(one.what, before === undefined ? one : added(before, one));
  }
  const rows = [...sums.values()];
  const total = rows.reduce(added);
  const lines = [...rows, ...(rows.length > 1 ? [{ ...total, what: 'all' }] : [])].map((row) =>
    [row.what, row.runs, row.kills, row.lost, row.doubled, row.uncertain].map(String),
  );
  const table = aligned([['what', 'runs', 'kills', 'lost', 'doubled', 'uncertain'], ...lines]);
  const faults = Object.entries(total.faults).sort(([, one], [, other]) => other - one);
  return [
    ...table,
    ...(faults.length === 0
      ? []
      : [`Faults: ${faults.map(([kind, count]) => `${kind} ${count}`).join(', ')}.`]),
    ...(total.uncertain === 0
      ? []
      : [`Uncertain: each was cut after its final dot may have left, and is shown to the person.`]),
  ].join('\n');
}

function added(one: ProofRecord, other: ProofRecord): ProofRecord {
  const faults = { ...one.faults };
  for (const [kind, count] of Object.entries(other.faults)) faults[kind] = (faults[kind] ?? 0) + count;
  return {
    what: one.what,
    runs: one.runs + other.runs,
    kills: one.kills + other.kills,
    faults,
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    uncertain: one.uncertain + other.uncertain,
  };
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
