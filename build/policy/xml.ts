/** XML as a tree, so that what is generated can be examined before it is text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (XmlElement | string)[]
): XmlElement {
  return { name, attributes, children };
}

/** A document. Text stands alone in its element, never beside others. */
export function xmlText(root: XmlElement): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${render(root, '')}\n`;
}

/** An element and everything in it. */
export function descendants(root: XmlElement): readonly XmlElement[] {
  const inside = root.children.flatMap((child) => (typeof child === 'string' ? [] : descendants(child)));
  return [root, ...inside];
}

function render({ name, attributes, children }: XmlElement, indent: string): string {
  const start = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = `${indent}<${name}${start.join('')}`;
  if (children.length === 0) return `${open} />`;
  const [only] = children;
  if (children.length === 1 && typeof only === 'string') return `${open}>${escapeXml(only)}</${name}>`;
  const lines = children.map((child) =>
    typeof child === 'string' ? `${indent}  ${escapeXml(child)}` : render(child, `${indent}  `),
  );
  return `${open}>\n${lines.join('\n')}\n${indent}</${name}>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
