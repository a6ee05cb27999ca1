import { expect, it } from 'vitest';
import type { ParsedAttachment } from '../mime/types.ts';
import { decompress } from './compression.ts';
import { packMessage, packNow } from './packed-message.ts';

const attachment = (content: string, absentSize?: number): ParsedAttachment => ({
  fileName: 'a.txt',
  contentType: 'text/plain',
  contentId: null,
  isInline: false,
  content: new Uint8Array(Buffer.from(content)),
  ...(absentSize === undefined ? {} : { absentSize }),
});

it('packs a message beside this thread as it does at once, and gives it back', async () => {
  const message = {
    text: 'Grüße',
    html: '<p>Grüße</p>',
    attachments: [attachment('short'), attachment('too long to be kept'), attachment('', 9)],
  };
  const packed = await packMessage(message, 10);
  expect(packed).toEqual(packNow(message, 10));
  expect(decompress(packed.text).toString()).toBe('Grüße');
  expect(packed.attachments.map((kept) => (kept === null ? null : String(decompress(kept.content))))).toEqual(
    ['short', null, null],
  );
});
