import type { EpochMs } from '../../../shared/model/ids.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** RFC 5322 section 4.3: the zones that have a meaning; any other name counts as UTC. In hours. */
const namedZones: Readonly<Record<string, number>> = {
  edt: -4,
  est: -5,
  cdt: -5,
  cst: -6,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
};

const maximumLength = 200;
const pattern =
  /(?:^|[\s,])(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?:(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})|([a-z]+))?/i;

/**
 * A Date header (RFC 5322 sections 3.3 and 4.3), with the liberties that real mail takes. The result never depends on
 * the time zone of this laptop. Null when it is no date or one outside 1980 to 2100.
 */
export function readDate(value: string): EpochMs | null {
  const match = pattern.exec(value.slice(0, maximumLength).replace(/\([^()]*\)/g, ' '));
  if (match === null) return null;
  const [, day, monthName, yearText, hour, minute, second, sign, zoneHours, zoneMinutes, zoneName] = match;
  const month = months.indexOf((monthName ?? '').toLowerCase());
  if (month < 0) return null;
  const year = fullYear(Number(yearText), (yearText ?? '').length);
  const local = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second ?? 0));
  const offset =
    sign === undefined
      ? (namedZones[(zoneName ?? '').toLowerCase()] ?? 0) * 60
      : (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const at = local - offset * 60_000;
  return at >= Date.UTC(1980) && at < Date.UTC(2100) ? at : null;
}

/** RFC 5322 section 4.3: two digits from 00 to 49 mean 20xx; two or three digits otherwise count from 1900. */
function fullYear(year: number, digits: number): number {
  if (digits === 4) return year;
  return digits === 2 && year < 50 ? 2000 + year : 1900 + year;
}
