/** One line of a plot. */
export interface Line {
  readonly label: string;
  /** One value for each second, in percent of the fleet. */
  readonly values: readonly number[];
}

export interface Plot {
  readonly title: string;
  /** Seconds; what happened then. */
  readonly moments: readonly (readonly [second: number, label: string])[];
  readonly lines: readonly Line[];
  /** In percent: drawn across. */
  readonly limit: number;
}

const [width, height] = [860, 260];
const [left, top, right, bottom] = [48, 44, 12, 34];
/** Of a line: more cannot be seen. */
const mostPoints = 800;
const colours = ['#0a6e5c', '#b35400', '#4a5ac7'];

/** Drawn for a white page and for a dark one; the same input gives the same bytes. */
export function plotSvg({ title, moments, lines, limit }: Plot): string {
  const seconds = Math.max(...lines.map(({ values }) => values.length));
  const each = Math.ceil(seconds / mostPoints);
  const most = Math.max(limit * 1.15, ...lines.flatMap(({ values }) => values));
  const x = (second: number): string => (left + (second / seconds) * (width - left - right)).toFixed(1);
  const y = (value: number): string =>
    (height - bottom - (value / most) * (height - top - bottom)).toFixed(1);
  const text = (at: string, rest: string, content: string): string =>
    `<text ${at} ${rest}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
  const across = (value: number, rest: string): string =>
    `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" ${rest}/>`;
  const legend = lines.map(({ label }, index) =>
    text(`x="${left + index * 260}" y="34"`, `fill="${colours[index % colours.length]}"`, `— ${label}`),
  );
  const marks = moments.flatMap(([second, label]) => [
    `<line x1="${x(second)}" x2="${x(second)}" y1="${top}" y2="${height - bottom}" stroke="#888" stroke-dasharray="2 3"/>`,
    text(`x="${x(second)}" y="${height - bottom + 28}"`, 'text-anchor="middle" fill="#666"', label),
  ]);
  const minutes = Array.from({ length: 7 }, (_, index) => Math.round((index * seconds) / 6 / 60)).map(
    (minute) =>
      text(
        `x="${x(minute * 60)}" y="${height - bottom + 14}"`,
        'text-anchor="middle" fill="#666"',
        `${minute} min`,
      ),
  );
  const drawn = lines.map(
    ({ values }, index) =>
      `<path fill="none" stroke="${colours[index % colours.length]}" d="${pathOf(mostOfEach(values, each), (index) => x(index * each), y)}"/>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(`x="${left}" y="17"`, 'font-size="13" fill="#222"', title),
    ...legend,
    across(0, 'stroke="#444"'),
    across(limit, 'stroke="#c02020" stroke-dasharray="6 3"'),
    text(`x="${left - 6}" y="${y(limit)}"`, 'text-anchor="end" fill="#c02020"', `${limit}%`),
    ...minutes,
    ...marks,
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}

/** The largest of every `each` values. */
const mostOfEach = (values: readonly number[], each: number): readonly number[] =>
  Array.from({ length: Math.ceil(values.length / each) }, (_, index) =>
    Math.max(...values.slice(index * each, (index + 1) * each)),
  );

/** Where nothing changes, points are left out. */
function pathOf(
  values: readonly number[],
  x: (second: number) => string,
  y: (value: number) => string,
): string {
  const isCorner = (index: number): boolean =>
    values[index] !== values[index - 1] || values[index] !== values[index + 1];
  return values
    .flatMap((value, index) => (isCorner(index) ? [`${x(index)} ${y(value)}`] : []))
    .map((point, index) => (index === 0 ? `M${point}` : `L${point}`))
    .join('');
}
