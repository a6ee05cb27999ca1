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
 * The hybrid check of ISO/IEC 7064 with the moduli 33 and 32: it finds every single wrong character and every swap of
 * two neighbours.
 */
export function checkCharacter(characters: string): string {
  const size = alphabet.length;
  let product = size;
  for (const character of characters) {
    const sum = (product + alphabet.indexOf(character)) % size || size;
    product = (2 * sum) % (size + 1);
  }
  return alphabet.charAt((size + 1 - product) % size);
}
