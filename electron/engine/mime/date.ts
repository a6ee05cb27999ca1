import type { EpochMs } from '../../../shared/model/ids.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * In hours. RFC 5322 section 4.3 gives only the American names a meaning; those of which no other place has a zone are
 * understood as well. Any other name counts as UTC.
 */
const namedZones: Readonly<Record<string, number>> = {
  aedt: 11,
  aest: 10,
  cdt: -5,
  cest: 2,
  cet: 1,
  cst: -6,
  edt: -4,
  eest: 3,
  eet: 2,
  est: -5,
  hkt: 8,
  jst: 9,
  kst: 9,
  mdt: -6,
  mest: 2,
  met: 1,
  msk: 3,
  mst: -7,
  nzdt: 13,
  nzst: 12,
  pdt: -7,
  pst: -8,
  west: 1,
};

const maximumLength = 200;
const time = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2}))?(?:\.\d{1,9})?\s*(?<half>[ap]m\b)?`;
const zone = String.raw`(?:(?:GMT|UTC)?(?<sign>[+-])(?<zoneHours>\d{2}):?(?<zoneMinutes>\d{2})|(?<zone>[a-z]+))?`;
const patterns = [
  // As RFC 5322 has it.
  String.raw`(?:^|[\s,])(?<day>\d{1,2})[\s-]+(?<month>[a-z]{3})[a-z]*\.?[\s,-]+(?<year>\d{2,4})[\s,]+${time}\s*${zone}`,
  // As asctime() and date(1) have it: "Mon Nov 23 10:00:00 CET 2026".
  String.raw`(?:^|[\s,])(?<month>[a-z]{3})[a-z]*\s+(?<day>\d{1,2})\s+${time}\s+(?:${zone}\s+)?(?<year>\d{4})\b`,
  // ISO 8601.
  String.raw`^\s*(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T\s]+${time}\s*${zone}`,
].map((pattern) => new RegExp(pattern, 'i'));

/**
 * A Date header (RFC 5322 sections 3.3 and 4.3), with the liberties that real mail takes. The result never depends on
 * the time zone of this laptop. Null when it is no date or one outside 1980 to 2100.
 */
export function readDate(value: string): EpochMs | null {
  const plain = value.slice(0, maximumLength).replace(/\([^()]*\)/g, ' ');
  const found = patterns.map((pattern) => pattern.exec(plain)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) return null;
  const { year = '', month = '', day, hour, minute, second = '0', half, sign, zone = '' } = found;
  const monthIndex = /\d/.test(month) ? Number(month) - 1 : months.indexOf(month.toLowerCase());
  if (monthIndex < 0 || monthIndex > 11) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const local = Date.UTC(
    fullYear(Number(year), year.length),
    monthIndex,
    Number(day),
    hours,
    Number(minute),
    Number(second),
  );
  const offset =
    sign === undefined
      ? (namedZones[zone.toLowerCase()] ?? 0) * 60
      : (sign === '-' ? -1 : 1) * (Number(found.zoneHours) * 60 + Number(found.zoneMinutes));
  const at = local - offset * 60_000;
  return at >= Date.UTC(1980) && at < Date.UTC(2100) ? at : null;
}

/** RFC 5322 section 4.3: two digits from 00 to 49 mean 20xx; two or three digits otherwise count from 1900. */
function fullYear(year: number, digits: number): number {
  if (digits === 4) return year;
  return digits === 2 && year < 50 ? 2000 + year : 1900 + year;
}
