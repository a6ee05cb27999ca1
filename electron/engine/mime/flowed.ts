/** Lines are at most this long where there is a blank to divide them at (RFC 3676 section 4.2 asks for 78 at most). */
const longestLine = 76;

/**
 * The text as `format=flowed` without DelSp: a paragraph in lines that end in a blank, marks of quotation without blanks
 * between them, and a blank in front of what would be read otherwise. `unflow` makes the same text of it; blanks at the end
 * of a line are gone, but for the signature's "-- ".
 */
export function flow(text: string): string {
  return text.split('\n').flatMap(flowLine).join('\n');
}

function flowLine(line: string): readonly string[] {
  const quoted = /^>(?: ?>)*/.exec(line)?.[0] ?? '';
  const marks = quoted.replaceAll(' ', '');
  // Behind marks a blank is written anyway.
  const content = line.slice(quoted.length).replace(marks === '' ? /^$/ : /^ /, '');
  const stuffed = (piece: string): string =>
    marks !== '' || /^(?: |>|From )/.test(piece) ? `${marks} ${piece}` : piece;
  if (content === '-- ') return [stuffed(content)];
  const pieces: string[] = [];
  let piece = '';
  for (const word of content.trimEnd().match(/ *[^ ]+ ?/g) ?? []) {
    if (
      piece !== '' &&
      piece !== '-- ' &&
      piece.endsWith(' ') &&
      marks.length + piece.length + word.length > longestLine
    ) {
      pieces.push(piece);
      piece = '';
    }
    piece += word;
  }
  return [...pieces, piece].map((one) => (one === '' ? marks : stuffed(one)));
}

/**
 * Text of `format=flowed` with its paragraphs in one line each (RFC 3676). Quoted lines are joined with lines of the same
 * depth only, and keep their marks; the signature's "-- " ends no paragraph. `deletesSpace`: DelSp=yes.
 */
export function unflow(text: string, deletesSpace: boolean): string {
  const lines: string[] = [];
  let pieces: string[] = [];
  let depth = 0;
  const end = (): void => {
    if (pieces.length > 0) lines.push(`${depth === 0 ? '' : `${'>'.repeat(depth)} `}${pieces.join('')}`);
    pieces = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0;
    // Section 4.4: the blank that was put in front of a line is taken away before anything is made of it.
    const content = line.slice(marks).replace(/^ /, '');
    const isSignature = content === '-- ';
    if (marks !== depth || isSignature) end();
    depth = marks;
    const isFlowed = content.endsWith(' ') && !isSignature;
    pieces.push(isFlowed && deletesSpace ? content.slice(0, -1) : content);
    if (!isFlowed) end();
  }
  end();
  return lines.join('\n');
}
