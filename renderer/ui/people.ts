import type { Address } from '../../shared/model/address.ts';

/** What a person is called in running text: the name, else the address. */
export function nameOf({ name, address }: Address): string {
  return name.trim() === '' ? address : name.trim();
}

/** The first name, also of "Weber, Anna"; for a list of several people in little room. */
export function shortNameOf(person: Address): string {
  const name = nameOf(person);
  if (name === person.address) return name.split('@')[0] ?? name;
  const [family, given] = name.split(',', 2);
  return (given ?? family ?? name).trim().split(/\s+/)[0] ?? name;
}

/** One or two letters that stand for a person. */
export function initialsOf(person: Address): string {
  const words = nameOf(person)
    .split('@', 1)
    .join('')
    .split(/[\s,._-]+/)
    .filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word === undefined ? '' : String.fromCodePoint(word.codePointAt(0) ?? 0),
  );
  return letters.join('').toLocaleUpperCase() || '@';
}

export function isSamePerson(one: Address, address: string): boolean {
  return one.address.toLowerCase() === address.toLowerCase();
}

/** A hue of 0 to 359 degrees that stays the same for an address. */
export function hueOf({ address }: Address): number {
  let hash = 0;
  for (const letter of address.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 3600;
  return hash % 360;
}
