import { fold } from './fold.ts';
import {
  dayNames,
  type OperatorName,
  operatorNames,
  roleNames,
  type StateName,
  stateNames,
  type UnitName,
  unitNames,
} from './names.ts';
import type { SearchCondition } from './query.ts';

/** Written before a colon, in any of the languages. */
export const operatorOf = reader(operatorNames);
const stateOf = reader(stateNames);
const roleOf = reader(roleNames);
const unitOf = reader(unitNames);
const dayOf = reader(dayNames);

function reader<T extends string>(
  names: Readonly<Record<T, Readonly<Record<string, string>>>>,
): (written: string) => T | null {
  const known = new Map<string, T>();
  for (const [name, translations] of Object.entries(names) as [T, Readonly<Record<string, string>>][])
    for (const written of [name, ...Object.values(translations)])
      if (!known.has(fold(written))) known.set(fold(written), name);
  return (written) => known.get(fold(written)) ?? null;
}

/** What an operator says with this value; null: nothing that it may say. */
export function conditionOf(operator: OperatorName, value: string): SearchCondition | null {
  switch (operator) {
    case 'from':
    case 'to':
    case 'cc':
    case 'subject':
    case 'filename':
      return { kind: 'words', text: value, field: operator, match: 'word' };
    case 'has':
      return stateCondition(value, ['attachment']);
    case 'is':
      return stateCondition(value, ['unread', 'read', 'flagged']);
    case 'in': {
      const role = roleOf(value);
      return role === null ? { kind: 'folder', path: value } : { kind: 'role', role };
    }
    case 'before':
    case 'after':
      return dayCondition(operator, value);
    case 'older_than':
      return ageCondition('older', value);
    case 'newer_than':
      return ageCondition('newer', value);
    case 'larger':
    case 'smaller': {
      const bytes = bytesOf(value);
      return bytes === null ? null : { kind: 'size', than: operator, bytes };
    }
  }
}

function stateCondition(value: string, allowed: readonly StateName[]): SearchCondition | null {
  const state = stateOf(value);
  return state !== null && allowed.includes(state) ? { kind: 'state', state } : null;
}

function dayCondition(than: 'before' | 'after', value: string): SearchCondition | null {
  const named = dayOf(value);
  if (named !== null) return { kind: 'daysAgo', days: named === 'today' ? 0 : 1, than };
  const day = dateOf(value);
  return day === null ? null : { kind: than, day };
}

/** "2026-10-25", "25.10.2026", "25/10/26", "10/25/2026", "2026-10", "2026". The day comes first where both are possible. */
function dateOf(value: string): string | null {
  const largest = /^(\d{4})(?:[-./](\d{1,2}))?(?:[-./](\d{1,2}))?$/.exec(value);
  if (largest !== null) return isoDate(Number(largest[1]), Number(largest[2] ?? 1), Number(largest[3] ?? 1));
  const smallest = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})$/.exec(value);
  if (smallest === null) return null;
  const [first, second, third] = smallest.slice(1).map(Number) as [number, number, number];
  const year = third < 100 ? 2000 + third : third;
  return isoDate(year, second, first) ?? isoDate(year, first, second);
}

function isoDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

function ageCondition(than: 'older' | 'newer', value: string): SearchCondition | null {
  const found = /^(\d{1,5})_?(\p{L}*)$/u.exec(value);
  if (found === null) return null;
  const written = found[2] ?? '';
  const unit: UnitName | null = written === '' ? 'd' : unitOf(written);
  return unit === null ? null : { kind: 'age', than, amount: Number(found[1]), unit };
}

const kilobyte = 1024;
const sizes: Readonly<Record<string, number>> = { '': 1, k: kilobyte, m: kilobyte ** 2, g: kilobyte ** 3 };

/** "5M", "500 kB", "1,5 Mo". */
function bytesOf(value: string): number | null {
  const found = /^(\d{1,12}(?:[.,]\d{1,3})?)_?([kmg]?)[bo]?$/i.exec(value);
  const unit = sizes[(found?.[2] ?? '').toLowerCase()];
  return found === null || unit === undefined
    ? null
    : Math.round(Number((found[1] ?? '').replace(',', '.')) * unit);
}
