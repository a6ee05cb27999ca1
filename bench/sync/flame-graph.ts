import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `--cpu-prof` leaves. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly name: string;
  /** Microseconds, with what it calls. */
  total: number;
  readonly calls: Map<string, Frame>;
}

const [width, rowHeight] = [1200, 17];
/** Narrower frames are not drawn. */
const narrowest = 0.6;

/** Draws each profile of a folder as an SVG beside it: what is wide takes the time, what lies above is called by what is below. */
export function flameGraph(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile;
    writeFileSync(join(folder, name.replace(/cpuprofile$/, 'svg')), flameGraphSvg(profile));
  }
}

export function flameGraphSvg(profile: CpuProfile): string {
  const root = framesOf(profile);
  const boxes: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, depth: number, x: number): void => {
    deepest = Math.max(deepest, depth);
    const wide = (frame.total / root.total) * width;
    const label = `${frame.name} ${((100 * frame.total) / root.total).toFixed(1)} %`;
    boxes.push(
      `<g><title>${escaped(label)}</title><rect x="${x.toFixed(1)}" y="${depth * rowHeight}" width="${wide.toFixed(1)}" height="${rowHeight - 1}" fill="${colourOf(frame.name)}"/>${
        wide > 60
          ? `<text x="${(x + 3).toFixed(1)}" y="${depth * rowHeight + 12}">${escaped(label.slice(0, Math.floor(wide / 6.5)))}</text>`
          : ''
      }</g>`,
    );
    let at = x;
    for (const call of [...frame.calls.values()].sort((a, b) => b.total - a.total)) {
      const share = (call.total / root.total) * width;
      if (share >= narrowest) draw(call, depth + 1, at);
      at += share;
    }
  };
  draw(root, 0, 0);
  const height = (deepest + 1) * rowHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11"><title>Where the time goes</title>${boxes.join('\n')}</svg>\n`;
}

/** Without the time in which nothing was done. */
function framesOf({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const own = new Map<number, number>();
  for (const [index, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  const root: Frame = { name: 'engine', total: 0, calls: new Map() };
  for (const [id, time] of own) {
    const path: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame !== undefined) path.unshift(frame.functionName || '(anonymous)');
    }
    if (path.at(-1) === '(idle)') continue;
    let frame = root;
    frame.total += time;
    for (const name of path.slice(1)) {
      const next: Frame = frame.calls.get(name) ?? { name, total: 0, calls: new Map() };
      frame.calls.set(name, next);
      next.total += time;
      frame = next;
    }
  }
  return root;
}

function colourOf(name: string): string {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 50, 7);
  return `hsl(${hue} 80% 70%)`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
