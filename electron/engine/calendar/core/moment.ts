import type { EpochMs } from '../../../../shared/model/ids.ts';
import { dayMs, type Moment, type Observance, type Wall } from './event.ts';
import { expand } from './recurrence.ts';

/** When a moment is. `home` is the IANA zone of this computer: for days and times that stand for no zone. */
export function instantOf({ wall, zone, isDate }: Moment, home: string): EpochMs {
  if (isDate || zone.kind === 'floating') return instantIn(wall, (at) => offsetIn(home, at));
  if (zone.kind === 'utc') return wall;
  if (zone.kind === 'iana') return instantIn(wall, (at) => offsetIn(zone.name, at));
  return wall - offsetByRules(zone.observances, wall);
}

/** What the clock of a zone shows at an instant. */
export function wallIn(zone: string, at: EpochMs): Wall {
  return at + offsetIn(zone, at);
}

/** RFC 5545 section 3.3.5: an hour that is twice is the first of them; one that is left out counts as before the change. */
function instantIn(wall: Wall, offsetAt: (at: EpochMs) => number): EpochMs {
  const before = offsetAt(wall - dayMs);
  if (offsetAt(wall - before) === before) return wall - before;
  const after = offsetAt(wall + dayMs);
  return offsetAt(wall - after) === after ? wall - after : wall - before;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of an IANA zone are ahead of UTC. */
function offsetIn(zone: string, at: EpochMs): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      ...{ calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

/** The change that came last decides; before the first one, what was before it. */
function offsetByRules(observances: readonly Observance[], wall: Wall): number {
  let newest: { readonly at: Wall; readonly offset: number } | null = null;
  for (const observance of observances) {
    const at = lastOnset(observance, wall);
    if (at !== null && (newest === null || at > newest.at)) newest = { at, offset: observance.offsetTo };
  }
  return newest?.offset ?? observances.toSorted((one, other) => one.start - other.start)[0]?.offsetFrom ?? 0;
}

function lastOnset({ start, rule, added }: Observance, wall: Wall): Wall | null {
  const span = { from: wall - 800 * dayMs, until: wall + 1, limit: rule?.until?.wall ?? null };
  const byRule = rule === null ? [] : expand(rule, start, span);
  const met = [start, ...added, ...byRule].filter((one) => one <= wall);
  // A rule that ended long ago still left its last change behind it; that is the start of what came after.
  return met.length === 0 ? null : Math.max(...met);
}
