import { findIana } from 'windows-iana';

/**
 * The IANA name behind a TZID: itself, the name that Windows has for it, or the end of a path that other programs put
 * before it. Null: none of these; then the rules that the calendar brings along count.
 */
export function ianaNameOf(tzid: string): string | null {
  const name = tzid.trim();
  if (name === '' || name.length > 200) return null;
  const [windows] = findIana(name);
  if (windows !== undefined) return windows;
  const path = name.split('/').filter((part) => part !== '');
  return [name, path.slice(-2).join('/'), path.slice(-3).join('/')].find(isKnown) ?? null;
}

function isKnown(name: string): boolean {
  // An offset is no zone, and "EST" and its like are not what people mean by them in summer.
  if (!name.includes('/') && name !== 'UTC') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
