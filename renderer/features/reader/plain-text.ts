export interface TextBlock {
  /** How often the lines are quoted; 0 is what the sender wrote. */
  readonly depth: number;
  readonly text: string;
}

/** A plain text in blocks of the same quotation depth. The last block of depth 0 is what was said here. */
export function textBlocks(text: string): readonly TextBlock[] {
  const blocks: { depth: number; lines: string[] }[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').trimEnd().split('\n')) {
    const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
    const depth = marks.replaceAll(' ', '').length;
    const last = blocks.at(-1);
    const content = line.slice(marks.length);
    if (last?.depth === depth) last.lines.push(content);
    else blocks.push({ depth, lines: [content] });
  }
  return blocks.map(({ depth, lines }) => ({ depth, text: lines.join('\n') }));
}

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string };

/** Web addresses in a text, apart from it, without the punctuation that ends a sentence. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"'`]{3,2000}/g)) {
    const url = match[0].replace(/[.,;:!?)\]}»]+$/, '');
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    pieces.push({ kind: 'link', url });
    end = match.index + url.length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}
