/** Crockford's alphabet: no I, L, O and U, so that nothing is mistaken for 1, 0 or V. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 16;

/**
 * The code as the provider knows it, from what a person typed: case, spaces and hyphens mean nothing, I and L count as
 * 1, O as 0. Null: not a code, or mistyped (the last character is a check on the others).
 */
export function canonicalCode(typed: string): string | null {
  const code = typed
    .replace(/[\s\-\u2010-\u2015\u2212]/g, '')
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (code.length !== length || [...code].some((character) => !alphabet.includes(character))) return null;
  return checkCharacter(code.slice(0, -1)) === code.at(-1) ? code : null;
}

/** Four groups of four, as a code is printed. */
export function printedCode(canonical: string): string {
  return canonical.replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * The remainder of the characters as a polynomial over the field of 32 elements (x⁵ + x² + 1), times x. It finds every
 * wrong character and every swap of two: their places have different weights, and there are fewer than 31 of them.
 */
export function checkCharacter(characters: string): string {
  let remainder = 1;
  for (const character of characters) remainder = timesX(remainder) ^ alphabet.indexOf(character);
  return alphabet.charAt(timesX(remainder));
}

const timesX = (element: number): number => (element & 16 ? (element << 1) ^ 0b100101 : element << 1);
