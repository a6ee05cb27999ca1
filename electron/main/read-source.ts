const mostBytes = 1_000_000;

/** The bytes of a mail as text to look at. Each byte is a character, as the headers have it, unless all of it is UTF-8. */
export function readSource(content: Uint8Array): { readonly text: string; readonly isWhole: boolean } {
  const shown = content.subarray(0, mostBytes);
  const isWhole = shown.length === content.length;
  try {
    // A letter that is cut through at the end is no mistake: it waits for more, which never comes.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: !isWhole }), isWhole };
  } catch {
    return { text: new TextDecoder('latin1').decode(shown), isWhole };
  }
}
