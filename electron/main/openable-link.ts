/** What a link in a mail may open in the system: the web and mail, nothing else (no smb:, file:, ms-msdt:, search-ms:). */
export function isOpenable(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && ['https:', 'http:', 'mailto:'].includes(parsed.protocol);
}
