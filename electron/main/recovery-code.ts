import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that what is misread can be told. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 26 characters of 5 bits are 130 bits: beyond guessing, so no slow derivation is needed. */
const secretLength = 26;
/** 20 bits: of a million slips of the pen, one passes. */
const checkLength = 4;
const groupLength = 5;

/** 130 random bits with four check characters, as a person copies it: six groups of five. */
export function makeRecoveryCode(): string {
  const secret = [...randomBytes(secretLength)].map((byte) => alphabet[byte % 32]).join('');
  const code = secret + checkOf(secret);
  return (code.match(new RegExp(`.{${groupLength}}`, 'g')) ?? []).join('-');
}

/**
 * The secret of a code as somebody typed it: whatever its case, spaces and dashes, with O for 0 and I or L for 1. Null
 * when its check characters say that it was mistyped.
 */
export function readRecoveryCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (code.length !== secretLength + checkLength || ![...code].every((sign) => alphabet.includes(sign)))
    return null;
  const secret = code.slice(0, secretLength);
  return code.slice(secretLength) === checkOf(secret) ? secret : null;
}

function checkOf(secret: string): string {
  const digest = createHash('sha256').update(`relevo recovery code ${secret}`).digest();
  return [...digest.subarray(0, checkLength)].map((byte) => alphabet[byte % 32]).join('');
}
