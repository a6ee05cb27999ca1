/**
 * Where the words of somebody else begin in a draft, as `outbox/quotation` writes them: a time, a name and a quoted
 * line, or the line and the headers above a forwarded message. With the line ends that lead to it.
 */
const quotationStart = /(?:^|\n{1,2})(?:\d{4}-\d{2}-\d{2} \d{2}:\d{2}, [^\n]+:\n>|-{10}\nFrom: )/;

/** What a person has written, and what it quotes, with the line ends that lead to that. */
export function splitQuotation(text: string): readonly [written: string, quoted: string] {
  const quotedAt = text.search(quotationStart);
  return quotedAt < 0 ? [text, ''] : [text.slice(0, quotedAt), text.slice(quotedAt)];
}

/**
 * Puts the signature `after` in the place of `before`, under what is written and above the quotation; an empty one is
 * none. A signature that the person has changed or taken out is theirs and stays. Nothing else of the text changes:
 * swapping back yields the text as it was.
 *
 * The line `-- ` (RFC 3676 section 4.3) leads it only where nothing follows: programs take all below for signature.
 */
export function swapSignature(text: string, before: string, after: string): string {
  if (before === after) return text;
  const [written, quoted] = splitQuotation(text);
  if (before === '') return `${written}\n\n${quoted === '' ? '-- \n' : ''}${after}${quoted}`;
  const at = lastLinesThatAre(before, written);
  if (at < 0) return text;
  const [above, below] = [written.slice(0, at), written.slice(at + before.length)];
  const kept = after === '' ? above.replace(/\n{0,2}(?:-- \n)?$/, '') : above;
  return kept + after + below + quoted;
}

function lastLinesThatAre(lines: string, text: string): number {
  for (let at = text.lastIndexOf(lines); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(lines, at - 1)) {
    const [before, after] = [text[at - 1], text[at + lines.length]];
    if ((before === undefined || before === '\n') && (after === undefined || after === '\n')) return at;
  }
  return -1;
}
