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
