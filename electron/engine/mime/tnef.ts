import { codePageCharset, decodeText } from './charset.ts';
import { decompressRtf } from './rtf-compressed.ts';
import { readRtf } from './rtf-text.ts';
import { type MapiProperties, readMapiProperties } from './tnef-properties.ts';

/** What Outlook sends as winmail.dat (application/ms-tnef) instead of MIME: [MS-OXTNEF]. */
export interface TnefMessage {
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly TnefAttachment[];
}

export interface TnefAttachment {
  readonly fileName: string;
  readonly contentType: string | null;
  readonly contentId: string | null;
  readonly content: Uint8Array;
}

const signature = 0x223e9f78;
const maximumAttributes = 20_000;
const maximumAttachments = 1000;
const maximumNesting = 5;
/** RTF says in ten bytes what the mail says in one. */
const maximumRtf = 16_000_000;

/** Attribute ids (section 2.1.3.1), without their types. */
const attribute = {
  subject: 0x8004,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRendData: 0x9002,
  messageProperties: 0x9003,
  attachProperties: 0x9005,
  codePage: 0x9007,
} as const;

/** [MS-OXPROPS] ids. */
const property = {
  body: 0x1000,
  rtfCompressed: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachData: 0x3701,
  attachFileName: 0x3704,
  attachLongFileName: 0x3707,
  attachMimeTag: 0x370e,
  attachContentId: 0x3712,
  internetCodePage: 0x3fde,
} as const;

interface Draft {
  title: string;
  data: Uint8Array | null;
  properties: MapiProperties;
}

/** Reads as far as the bytes make sense; null when they are no TNEF. */
export function readTnef(bytes: Uint8Array, nesting = 0): TnefMessage | null {
  if (bytes.length < 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== signature) return null;
  let charset = 'windows-1252';
  let subject = '';
  let body: string | null = null;
  let properties: MapiProperties = new Map();
  const drafts: Draft[] = [];
  let at = 6;
  for (let count = 0; count < maximumAttributes && at + 9 <= bytes.length; count += 1) {
    const id = view.getUint16(at + 1, true);
    const length = view.getUint32(at + 5, true);
    // A length beyond the end: what is there of a file that was cut off.
    const data = bytes.subarray(at + 9, at + 9 + length);
    at += 9 + length + 2;
    if (id === attribute.codePage && data.length >= 4)
      charset = codePageCharset(new DataView(data.buffer, data.byteOffset).getUint32(0, true)) ?? charset;
    else if (id === attribute.subject) subject = textOf(data, charset);
    else if (id === attribute.body) body = textOf(data, charset);
    else if (id === attribute.messageProperties) properties = readMapiProperties(data);
    else if (id === attribute.attachRendData && drafts.length < maximumAttachments)
      drafts.push({ title: '', data: null, properties: new Map() });
    const draft = drafts.at(-1);
    if (draft === undefined) continue;
    if (id === attribute.attachTitle) draft.title = textOf(data, charset);
    else if (id === attribute.attachData) draft.data = data;
    else if (id === attribute.attachProperties) draft.properties = readMapiProperties(data);
  }
  return {
    subject,
    ...bodyOf(body, properties, charset),
    attachments: drafts.flatMap((draft) => attachmentsOf(draft, charset, nesting)),
  };
}

function bodyOf(
  body: string | null,
  properties: MapiProperties,
  charset: string,
): Pick<TnefMessage, 'text' | 'html'> {
  const text = stringOf(properties, property.body, charset) ?? body;
  const codePage = properties.get(property.internetCodePage);
  const htmlCharset = (codePage?.kind === 'number' ? codePageCharset(codePage.value) : null) ?? charset;
  const html = stringOf(properties, property.html, htmlCharset);
  const rtf = properties.get(property.rtfCompressed);
  if (html !== null || rtf?.kind !== 'bytes') return { text, html };
  const read = readRtf(decompressRtf(rtf.value, maximumRtf));
  if (read.content.trim() === '') return { text, html: null };
  return read.kind === 'html' ? { text, html: read.content } : { text: text ?? read.content, html: null };
}

function attachmentsOf(draft: Draft, charset: string, nesting: number): readonly TnefAttachment[] {
  const { properties } = draft;
  const string = (id: number): string | null => stringOf(properties, id, charset);
  const object = properties.get(property.attachData);
  const data = object?.kind === 'bytes' ? object.value : null;
  // An embedded message or object stands behind the id of its interface.
  const inner = data?.subarray(16) ?? null;
  const message = inner === null || nesting >= maximumNesting ? null : readTnef(inner, nesting + 1);
  const fileName =
    string(property.attachLongFileName) ||
    draft.title ||
    string(property.attachFileName) ||
    string(property.displayName) ||
    '';
  if (message !== null)
    return [
      {
        fileName: `${message.subject || fileName || 'message'}${message.html === null ? '.txt' : '.html'}`,
        contentType: message.html === null ? 'text/plain' : 'text/html',
        contentId: null,
        content: Buffer.from(message.html ?? message.text ?? '', 'utf8'),
      },
      ...message.attachments,
    ];
  const content = draft.data !== null && draft.data.length > 0 ? draft.data : (data ?? draft.data);
  if (content === null) return [];
  return [
    {
      fileName,
      contentType: string(property.attachMimeTag),
      contentId: string(property.attachContentId),
      content,
    },
  ];
}

function stringOf(properties: MapiProperties, id: number, charset: string): string | null {
  const value = properties.get(id);
  if (value?.kind === 'text') return value.value;
  return value?.kind === 'bytes' ? textOf(value.value, charset) : null;
}

/** Strings end at the first NUL. */
function textOf(bytes: Uint8Array, charset: string): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end), charset);
}
