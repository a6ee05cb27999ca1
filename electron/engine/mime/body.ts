import { decodeText } from './charset.ts';
import { decodeWords } from './encoded-words.ts';
import { safeFileName } from './file-name.ts';
import { htmlToText } from './html-text.ts';
import { encodingOf, field, type Part, readStructure } from './structure.ts';
import { textOfPart, withoutCommands } from './text-part.ts';
import { readTnef, type TnefMessage } from './tnef.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import { takeUuencoded } from './uuencode.ts';

export interface AttachedPart {
  readonly fileName: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly contentLocation: string | null;
  readonly content: Uint8Array;
  readonly absentSize?: number;
}

export interface Body {
  /** Null where there is only HTML, or neither. */
  readonly text: string | null;
  readonly html: string | null;
  /** What winmail.dat says: most often what the text beside it says, but formatted. */
  readonly rich: Pick<TnefMessage, 'text' | 'html'> | null;
  readonly attachments: readonly AttachedPart[];
}

/** All that a part shows and carries. `fallback`: the charset of what names none. */
export function readBody(part: Part, fallback: string | null): Body {
  if (part.children.length > 0) {
    const bodies = part.children.map((child) => readBody(child, fallback));
    const words = part.type === 'multipart/alternative' ? chosen(bodies) : inSequence(bodies);
    return {
      ...words,
      rich: bodies.find(({ rich }) => rich !== null)?.rich ?? null,
      attachments: bodies.flatMap(({ attachments }) => attachments),
    };
  }
  if (isTnef(part)) {
    const body = tnefBody(part, fallback);
    if (body !== null) return body;
  }
  return isBodyText(part) ? textBody(part, fallback) : attachment(part, fallback);
}

/** Words for each kind of reader. Whatever a multipart/alternative holds of one kind is shown, lest any be lost. */
function chosen(bodies: readonly Body[]): Pick<Body, 'text' | 'html'> {
  const plain = bodies.filter(({ text, html }) => html === null && text !== null);
  const rich = bodies.filter(({ html }) => html !== null);
  const texts = (plain.length > 0 ? plain : rich).map(({ text }) => text).filter((text) => text !== null);
  return {
    text: texts.length === 0 ? null : texts.join('\n'),
    html: rich.length === 0 ? null : rich.map(({ html }) => html).join('\n'),
  };
}

/** One after the other; where one of them is HTML, all of them in both kinds. */
function inSequence(bodies: readonly Body[]): Pick<Body, 'text' | 'html'> {
  const shown = bodies.filter(({ text, html }) => text !== null || html !== null);
  const hasHtml = shown.some(({ html }) => html !== null);
  const hasText = shown.some(({ text }) => text !== null);
  return {
    text: hasText ? shown.map(({ text, html }) => text ?? htmlToText(html ?? '')).join('\n') : null,
    html: hasHtml ? shown.map(({ text, html }) => html ?? textToHtml(text ?? '')).join('\n') : null,
  };
}

function textToHtml(text: string): string {
  if (text.trim() === '') return '';
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  const escaped = text.replace(/[&<>]/g, (character) => entities[character] ?? character);
  return `<div style="white-space: pre-wrap">${escaped}</div>`;
}

/**
 * A multipart without parts is text: that its boundary is wrong is no reason to show nothing. A text that was not fetched
 * is a file.
 */
function isBodyText({ type, disposition, absentSize }: Part): boolean {
  return (
    absentSize === undefined &&
    disposition.value !== 'attachment' &&
    (/^text\/(?:plain|html|enriched|richtext)$/.test(type) || type.startsWith('multipart/'))
  );
}

function textBody(part: Part, fallback: string | null): Body {
  const text = textOfPart(part, fallback);
  if (part.type === 'text/html') return { text: null, html: text, rich: null, attachments: [] };
  if (part.type === 'text/enriched' || part.type === 'text/richtext')
    return { text: null, html: textToHtml(withoutCommands(text)), rich: null, attachments: [] };
  const taken = takeUuencoded(text);
  const attachments = taken.files.map(({ fileName, content }) => ({
    fileName: safeFileName(fileName),
    contentType: 'application/octet-stream',
    contentId: null,
    contentLocation: null,
    content,
  }));
  return { text: taken.text, html: null, rich: null, attachments };
}

function attachment(part: Part, fallback: string | null): Body {
  const content = contentOf(part, fallback);
  return {
    text: null,
    html: null,
    rich: null,
    attachments: [
      {
        fileName: safeFileName(nameOf(part)) || nameFromContent(part, content),
        contentType: part.type,
        contentId: contentIdOf(part),
        contentLocation: field(part, 'content-location'),
        content,
        ...(part.absentSize === undefined ? {} : { absentSize: part.absentSize }),
      },
    ],
  };
}

function contentOf(part: Part, fallback: string | null): Uint8Array {
  const bytes = decodeTransfer(part.body, encodingOf(part));
  if (part.type !== 'text/calendar') return bytes;
  // RFC 5545 section 3.1.4: a calendar file has no charset of its own but UTF-8.
  return Buffer.from(decodeText(bytes, part.parameters.get('charset') ?? null, fallback), 'utf8');
}

function nameOf({ disposition, parameters }: Part): string {
  return (
    disposition.parameters.get('filename') ??
    parameters.get('name') ??
    disposition.parameters.get('name') ??
    ''
  );
}

/** A message is called by its subject, an invitation as Outlook calls it. */
function nameFromContent(part: Part, content: Uint8Array): string {
  if (part.type === 'text/calendar') return 'invite.ics';
  if (part.type !== 'message/rfc822' && part.type !== 'message/global') return '';
  const subject = field(readStructure(content.subarray(0, 65_536)), 'subject') ?? '';
  const name = safeFileName(decodeWords(subject).replaceAll('/', '_').replaceAll('\\', '_'));
  return name === '' ? 'message.eml' : `${name.slice(0, 100).toWellFormed()}.eml`;
}

function contentIdOf(part: Part): string | null {
  const value = field(part, 'content-id');
  if (value === null) return null;
  const id = (/<([^<>]+)>/.exec(value)?.[1] ?? value.replace(/^<|>$/g, '')).trim();
  return id === '' ? null : id;
}

function isTnef(part: Part): boolean {
  return /^application\/(?:vnd\.)?ms-tnef$/.test(part.type) || /^winmail\.dat$/i.test(nameOf(part));
}

/** What is in winmail.dat instead of it; null when it is no TNEF. */
function tnefBody(part: Part, fallback: string | null): Body | null {
  const message = readTnef(decodeTransfer(part.body, encodingOf(part)));
  if (message === null) return null;
  return {
    text: null,
    html: null,
    rich: message,
    attachments: message.attachments.map(({ fileName, contentType, contentId, content }) => ({
      fileName: safeFileName(decodeWords(fileName, fallback)),
      contentType: contentType ?? 'application/octet-stream',
      contentId,
      contentLocation: null,
      content,
    })),
  };
}
