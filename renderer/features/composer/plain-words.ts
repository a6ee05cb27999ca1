/** A node of the editor's document, as its `toJSON` gives it. */
export interface TextNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[];
  readonly content?: readonly TextNode[];
}

/** The words of a rich text as plain text: the other half of what leaves, and what stays when the person turns to plain. */
export function plainWords(document: TextNode): string {
  return linesOf(document).join('\n');
}

/** The rich text of plain text: a paragraph for each line, a quotation for lines under the same marks. */
export function richWords(text: string): TextNode {
  return { type: 'doc', content: blocksOf(text.replace(/\r\n?/g, '\n').split('\n')) };
}

function linesOf(node: TextNode): readonly string[] {
  const children = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
    case 'heading':
    case 'codeBlock':
      return wordsOf(node).split('\n');
    case 'horizontalRule':
      return ['----------'];
    case 'blockquote':
      return children
        .flatMap(linesOf)
        .map((line) => (/^>+(?: |$)/.test(line) ? `>${line}` : `> ${line}`.trimEnd()));
    case 'bulletList':
      return children.flatMap((item) => itemLines(item, '- '));
    case 'orderedList': {
      const start = typeof node.attrs?.start === 'number' ? node.attrs.start : 1;
      return children.flatMap((item, index) => itemLines(item, `${start + index}. `));
    }
    case 'tableRow':
      return [children.map((cell) => (cell.content ?? []).flatMap(linesOf).join(' ')).join(' | ')];
    default:
      return children.flatMap(linesOf);
  }
}

function itemLines(item: TextNode, mark: string): readonly string[] {
  const lines = (item.content ?? []).flatMap(linesOf);
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

function wordsOf(node: TextNode): string {
  return (node.content ?? [])
    .map((child) => {
      if (child.type === 'hardBreak') return '\n';
      if (child.type === 'image') return pictureWords(child);
      const text = child.text ?? '';
      const target = child.marks?.find(({ type }) => type === 'link')?.attrs?.href;
      return typeof target !== 'string' || isItsOwnAddress(text, target) ? text : `${text} <${target}>`;
    })
    .join('');
}

function pictureWords({ attrs }: TextNode): string {
  return typeof attrs?.alt === 'string' && attrs.alt !== '' ? `[${attrs.alt}]` : '';
}

/** Whoever reads it sees where it leads. */
function isItsOwnAddress(text: string, target: string): boolean {
  const bare = (address: string): string =>
    address.replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '');
  return bare(text) === bare(target);
}

function blocksOf(lines: readonly string[]): readonly TextNode[] {
  const blocks: TextNode[] = [];
  let quoted: string[] = [];
  const endQuotation = (): void => {
    if (quoted.length > 0) blocks.push({ type: 'blockquote', content: blocksOf(quoted) });
    quoted = [];
  };
  for (const line of lines) {
    if (line.startsWith('>')) {
      quoted.push(line.slice(1).replace(/^ /, ''));
      continue;
    }
    endQuotation();
    blocks.push({ type: 'paragraph', ...(line === '' ? {} : { content: [{ type: 'text', text: line }] }) });
  }
  endQuotation();
  return blocks;
}
