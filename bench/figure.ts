export type Unit = 'ms' | 's' | 'MB' | 'kB' | '%' | 'times';

/** One measured value. */
export interface Figure {
  readonly series: string;
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** The same of the peer that it is compared with. */
  readonly reference?: number;
  /** `value / reference`. */
  readonly ratio?: number;
  /** The largest ratio allowed where there is a reference, the largest value otherwise. */
  readonly must?: number;
  /** What it should come to, of the same kind as `must`; missing it is no failure. */
  readonly aim?: number;
  /** Whether it keeps to `must`; true where nothing is asked. */
  readonly met: boolean;
}

export interface Measured extends Pick<Figure, 'name' | 'value' | 'unit'> {
  readonly reference?: number | undefined;
  readonly must?: number | undefined;
  readonly aim?: number | undefined;
}

/** Completes a measurement to a figure, rounded to what is worth reading. */
export function figure(series: string, { name, value, unit, reference, must, aim }: Measured): Figure {
  const ratio = reference === undefined ? undefined : value / reference;
  return {
    series,
    name,
    value: rounded(value),
    unit,
    ...(reference === undefined ? {} : { reference: rounded(reference) }),
    ...(ratio === undefined ? {} : { ratio: rounded(ratio) }),
    ...(must === undefined ? {} : { must }),
    ...(aim === undefined ? {} : { aim }),
    met: must === undefined || (ratio ?? value) <= must,
  };
}

/** Three digits, or whole numbers above that. */
const rounded = (value: number): number => Number(value >= 1000 ? value.toFixed(0) : value.toPrecision(3));

/** The value that `share` (0 to 1) of all do not exceed: by nearest rank, so that it is one of them. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Columns for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ series, name, value, unit, reference, ratio, must, aim, met }) => [
    series,
    name,
    `${value} ${unit}`,
    reference === undefined ? '' : `${reference} ${unit}`,
    ratio === undefined ? '' : `× ${ratio}`,
    must === undefined ? '' : `≤ ${must}`,
    aim === undefined ? '' : `≤ ${aim}`,
    met ? 'ok' : 'NOT MET',
  ]);
  const head = ['series', 'name', 'value', 'reference', 'ratio', 'must', 'aim', 'met'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
