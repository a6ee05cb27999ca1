/**
 * Where Windows keeps that a file came from outside, beside its content in a second stream (MS-FSCC section 5.6.1,
 * "Zone.Identifier"): programs then open it protected, or ask first. Null: the system knows nothing of the kind.
 */
export function markOfTheWeb(
  file: string,
  platform: NodeJS.Platform,
): { readonly file: string; readonly content: string } | null {
  if (platform !== 'win32') return null;
  return { file: `${file}:Zone.Identifier`, content: '[ZoneTransfer]\r\nZoneId=3\r\n' };
}
