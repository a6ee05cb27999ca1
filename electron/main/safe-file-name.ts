const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name of a mail's choosing, made harmless as a file name on every system: no path, no control or direction
 * characters, nothing that Windows reserves, at most 120 characters with its extension kept.
 */
export function safeFileName(name: string): string {
  const plain = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const named = plain === '' ? 'attachment' : plain;
  const harmless = reservedOnWindows.test(named) ? `_${named}` : named;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(harmless)?.[0] ?? '';
  return harmless.length <= 120 ? harmless : harmless.slice(0, 120 - extension.length) + extension;
}
