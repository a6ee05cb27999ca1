import { decodeText } from './charset.ts';
import { unflow } from './flowed.ts';
import { encodingOf, type Part } from './structure.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** An HTML body may say its charset itself, within its first kilobyte (HTML Living Standard, "prescan a byte stream"). */
const prescanned = 1024;

/** The text of a part of type text, with line feeds only. `fallback`: the charset of its message. */
export function textOfPart(part: Part, fallback: string | null): string {
  const bytes = decodeTransfer(part.body, encodingOf(part));
  const label = part.parameters.get('charset') ?? (part.type === 'text/html' ? metaCharset(bytes) : null);
  const text = decodeText(bytes, label, fallback).replace(/\r\n?/g, '\n');
  const isFlowed = part.parameters.get('format')?.trim().toLowerCase() === 'flowed';
  return part.type === 'text/plain' && isFlowed
    ? unflow(text, part.parameters.get('delsp')?.trim().toLowerCase() === 'yes')
    : text;
}

function metaCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, prescanned)).toString('latin1');
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1] ?? null;
}

/** The words of text/enriched (RFC 1896): without "<bold>" and "<param>…</param>"; a single line end is a blank. */
export function withoutCommands(text: string): string {
  return text
    .replace(/<param>[^<]{0,1000}<\/param>/gi, '')
    .replace(/<<|<\/?[a-z][a-z0-9-]{0,59}>/gi, (command) => (command === '<<' ? '<' : ''))
    .replace(/\n+/g, (ends) => (ends === '\n' ? ' ' : ends.slice(1)));
}
