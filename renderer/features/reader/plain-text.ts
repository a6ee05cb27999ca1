export interface TextBlock {
  /** How often the lines are quoted; 0 is what the sender wrote. */
  readonly depth: number;
  readonly text: string;
}

export interface PlainText {
  readonly said: readonly TextBlock[];
  /** The older mail that it ends with, its "… wrote:" included; empty when it ends with the sender's own words. */
  readonly quoted: readonly TextBlock[];
}

/** Takes a plain text mail apart by its quote marks (RFC 3676 section 4.5). */
export function readPlainText(text: string): PlainText {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n').map(readLine);
  const at = quotedFrom(lines);
  return { said: blocksOf(lines.slice(0, at)), quoted: blocksOf(lines.slice(at)) };
}

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string };

/** Links of the web and of mail in a text, apart from it, without the punctuation that ends a sentence. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\b(?:https?:\/\/|mailto:)[^\s<>"'`]{3,2000}/g)) {
    const url = match[0].replace(/[.,;:!?)\]}»]+$/, '');
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    pieces.push({ kind: 'link', url });
    end = match.index + url.length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}

function readLine(line: string): TextBlock {
  const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
  return { depth: marks.replaceAll(' ', '').length, text: line.slice(marks.length) };
}

/** From which line on everything is quoted; behind the last when the end is the sender's own. */
function quotedFrom(lines: readonly TextBlock[]): number {
  const isSaid = ({ depth, text }: TextBlock) => depth === 0 && text.trim() !== '';
  const lastSaid = lines.findLastIndex(isSaid);
  if (!lines.slice(lastSaid + 1).some(({ depth }) => depth > 0)) return lines.length;
  const isIntroduction = lines[lastSaid]?.text.trimEnd().endsWith(':') === true;
  const at = isIntroduction ? lastSaid : lastSaid + 1;
  // A mail that is nothing but a quotation is read as it is.
  return lines.slice(0, at).some(isSaid) ? at : lines.length;
}

function blocksOf(lines: readonly TextBlock[]): readonly TextBlock[] {
  const blocks: { depth: number; lines: string[] }[] = [];
  for (const { depth, text } of lines) {
    const last = blocks.at(-1);
    if (last?.depth === depth) last.lines.push(text);
    else blocks.push({ depth, lines: [text] });
  }
  return blocks
    .map((block) => ({ depth: block.depth, text: block.lines.join('\n').replace(/^\n+|\s+$/g, '') }))
    .filter(({ text }) => text !== '');
}
