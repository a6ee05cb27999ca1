import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { ParsedMessage } from '../mime/types.ts';
import { compress } from './compression.ts';

/** What of a message is stored compressed. */
export interface PackedMessage {
  readonly text: Uint8Array;
  readonly html: Uint8Array | null;
  /** In the order of its attachments; null where only the entry is kept. */
  readonly attachments: readonly (PackedContent | null)[];
}

interface PackedContent {
  readonly sha256: Buffer;
  readonly content: Uint8Array;
}

type Content = Pick<ParsedMessage, 'text' | 'html' | 'attachments'>;

/** `largest`: of larger attachments, in bytes, and of those that are not here only the entry is kept. */
export function packNow({ text, html, attachments }: Content, largest: number): PackedMessage {
  return {
    text: compress(text),
    html: html === null ? null : compress(html),
    attachments: attachments.map((attachment) =>
      isKept(attachment, largest)
        ? { sha256: digest(attachment.content), content: compress(attachment.content) }
        : null,
    ),
  };
}

/** The same on threads beside this one. */
export async function packMessage(
  { text, html, attachments }: Content,
  largest: number,
): Promise<PackedMessage> {
  const [packedText, packedHtml, ...contents] = await Promise.all([
    compressBeside(Buffer.from(text)),
    html === null ? null : compressBeside(Buffer.from(html)),
    ...attachments.map((attachment) =>
      isKept(attachment, largest) ? compressBeside(attachment.content) : null,
    ),
  ]);
  return {
    text: packedText,
    html: packedHtml,
    attachments: attachments.map((attachment, index) => {
      const content = contents[index] ?? null;
      return content === null ? null : { sha256: digest(attachment.content), content };
    }),
  };
}

const compressBeside = promisify(zstdCompress) as (content: Uint8Array) => Promise<Buffer>;
const digest = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();
const isKept = ({ absentSize, content }: ParsedMessage['attachments'][number], largest: number): boolean =>
  absentSize === undefined && content.length <= largest;
