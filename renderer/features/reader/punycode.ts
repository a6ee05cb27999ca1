/** A domain as a person would see it written: its labels that begin with "xn--" decoded (RFC 3492, RFC 5890). */
export function toUnicode(domain: string): string {
  return domain
    .split('.')
    .map((label) => (label.toLowerCase().startsWith('xn--') ? (decode(label.slice(4)) ?? label) : label))
    .join('.');
}

const base = 36;
const [tMin, tMax, skew, damp] = [1, 26, 38, 700];

/** RFC 3492 section 6.2; null: it is none. */
function decode(label: string): string | null {
  const hyphen = label.lastIndexOf('-');
  const points = hyphen < 0 ? [] : [...label.slice(0, hyphen)].map((letter) => letter.codePointAt(0) ?? 0);
  let [point, at, bias] = [128, 0, 72];
  for (let index = hyphen + 1; index < label.length; ) {
    const before = at;
    let weight = 1;
    for (let step = base; ; step += base) {
      const digit = digitOf(label.charCodeAt(index++));
      if (digit === null) return null;
      at += digit * weight;
      if (at > 0x7fffffff) return null;
      const threshold = Math.min(Math.max(step - bias, tMin), tMax);
      if (digit < threshold) break;
      weight *= base - threshold;
    }
    const length = points.length + 1;
    bias = adapt(at - before, length, before === 0);
    point += Math.floor(at / length);
    at %= length;
    if (point > 0x10ffff) return null;
    points.splice(at++, 0, point);
  }
  return String.fromCodePoint(...points);
}

function digitOf(code: number): number | null {
  if (code >= 48 && code <= 57) return code - 22;
  if (code >= 65 && code <= 90) return code - 65;
  return code >= 97 && code <= 122 ? code - 97 : null;
}

/** RFC 3492 section 6.1. */
function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? damp : 2));
  rest += Math.floor(rest / length);
  let steps = 0;
  while (rest > ((base - tMin) * tMax) / 2) {
    rest = Math.floor(rest / (base - tMin));
    steps += base;
  }
  return steps + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}
