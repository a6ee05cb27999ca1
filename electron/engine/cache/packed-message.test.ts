import { expect, it } from 'vitest';
import type { ParsedAttachment } from '../mime/types.ts';
import { decompress } from './compression.ts';
import { type PackedMessage, packMessage, packNow } from './packed-message.ts';

const attachment = (content: string, absentSize?: number): ParsedAttachment => ({
  fileName: 'a.txt',
  contentType: 'text/plain',
  contentId: null,
  isInline: false,
  content: new Uint8Array(Buffer.from(content)),
  ...(absentSize === undefined ? {} : { absentSize }),
});

/** The compressed bytes differ: only one of the ways tells how long the content is. */
const unpacked = ({ text, html, attachments }: PackedMessage) => ({
  text: String(decompress(text)),
  html: html === null ? null : String(decompress(html)),
  attachments: attachments.map((kept) =>
    kept === null ? null : { sha256: kept.sha256.toString('hex'), content: String(decompress(kept.content)) },
  ),
});

it('packs a message beside this thread as it does at once, and gives it back', async () => {
  const message = {
    text: 'Grüße',
    html: '<p>Grüße</p>',
    attachments: [attachment('short'), attachment('too long to be kept'), attachment('', 9)],
  };
  const packed = unpacked(await packMessage(message, 10));
  expect(packed).toEqual(unpacked(packNow(message, 10)));
  expect(packed).toMatchObject({ text: 'Grüße', html: '<p>Grüße</p>' });
  expect(packed.attachments.map((kept) => kept?.content)).toEqual(['short', undefined, undefined]);
});
