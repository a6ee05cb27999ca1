/** Why a server refuses, as far as its codes say it. */
export type RefusalCause = 'unknown' | 'full' | 'tooLarge' | 'policy' | 'international' | 'other';

const causes: readonly (readonly [RegExp, RefusalCause])[] = [
  [/5\.6\.7/, 'international'],
  [/5\.2\.2/, 'full'],
  [/5\.(?:2\.3|3\.4)/, 'tooLarge'],
  [/5\.7\./, 'policy'],
  [/5\.1\./, 'unknown'],
  [/^552/, 'tooLarge'],
];

/** By the enhanced code (RFC 3463), else by the reply code, of e.g. "550 5.1.1". */
export function causeOf(response: string): RefusalCause {
  return causes.find(([pattern]) => pattern.test(response))?.[1] ?? 'other';
}
