import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';
import { decompressRtf } from './rtf-compressed.ts';
import { readRtf } from './rtf-text.ts';
import { readTnef } from './tnef.ts';

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const padded = (bytes: Uint8Array): Buffer =>
  Buffer.concat([number(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
const attribute = (level: number, tag: number, data: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(level), number(tag), number(data.length), data, Buffer.alloc(2)]);
const properties = (...list: readonly (readonly [tag: number, value: Uint8Array])[]): Buffer =>
  Buffer.concat([
    number(list.length),
    ...list.flatMap(([tag, value]) => [number(tag), number(1), padded(value)]),
  ]);
const tnef = (...attributes: readonly Buffer[]): Buffer =>
  Buffer.concat([number(0x223e9f78), Buffer.of(1, 0), ...attributes]);
const utf16 = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');
const rtf = (source: string): Buffer => {
  const bytes = Buffer.from(source, 'latin1');
  return Buffer.concat([
    number(bytes.length + 12),
    number(bytes.length),
    number(0x414c454d),
    number(0),
    bytes,
  ]);
};

const winmail = tnef(
  attribute(1, 0x00069007, number(1251)),
  attribute(
    1,
    0x00069003,
    properties([
      0x10090102,
      rtf(
        "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf x\\htmlrtf0 Gr\\'fc\\u223?e{\\*\\htmltag72 </p>}}",
      ),
    ]),
  ),
  attribute(2, 0x00069002, Buffer.alloc(14)),
  attribute(2, 0x00018010, Buffer.from('\xec\xe8\xf0.tx\0', 'latin1')),
  attribute(2, 0x0006800f, Buffer.from('content')),
  attribute(2, 0x00069005, properties([0x3707001f, utf16('мир, long.txt')], [0x3712001f, utf16('a@x')])),
);

describe('winmail.dat', () => {
  it('is opened: what it says and what it carries', async () => {
    const source = Buffer.concat([
      Buffer.from('Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n'),
      winmail,
    ]);
    const message = await parseMessage(new Uint8Array(source));
    expect(message.html).toBe('<p>Grüße</p>');
    expect(message.text.trim()).toBe('Grüße');
    expect(message.attachments).toMatchObject([{ fileName: 'мир, long.txt', contentId: 'a@x' }]);
    expect(Buffer.from(message.attachments[0]?.content ?? []).toString()).toBe('content');
  });

  it('says nothing twice beside a text', async () => {
    const source = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nGr\xfc\xdfe\r\n--b\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${winmail.toString('base64')}\r\n--b--\r\n`;
    const message = await parseMessage(new Uint8Array(Buffer.from(source, 'latin1')));
    expect(message.text.trim()).toBe('Grüße');
    expect(message.html).toBe('<p>Grüße</p>');
  });

  it('stays an attachment when it is something else', async () => {
    const source = 'Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nnothing of the kind';
    expect((await parseMessage(Buffer.from(source))).attachments).toMatchObject([
      { fileName: 'winmail.dat' },
    ]);
  });

  it('is read as far as it goes, whatever has become of it', () => {
    const damage = fc.record({ at: fc.nat(), cut: fc.nat(30), insert: fc.uint8Array({ maxLength: 12 }) });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 4 }), (damages) => {
        let bytes = winmail;
        for (const { at, cut, insert } of damages) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + cut)]);
        }
        const message = readTnef(bytes);
        const size = message?.attachments.reduce((sum, { content }) => sum + content.length, 0) ?? 0;
        expect(size).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('RTF', () => {
  it('is decompressed as in the example of its specification (MS-OXRTFCP 4.1.1)', () => {
    const bytes = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    );
    expect(Buffer.from(decompressRtf(bytes, 1000)).toString()).toBe(
      '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
    );
  });

  it('never becomes larger than it may', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(5000), (bytes, maximum) => {
        const source = Buffer.concat([number(0), number(0xffffffff), number(0x75465a4c), number(0), bytes]);
        expect(decompressRtf(source, maximum).length).toBeLessThanOrEqual(maximum);
      }),
    );
  });

  it.each([
    [
      'words',
      '{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;}Hello \\b World\\b0\\par Next}',
      'Hello World\nNext',
    ],
    [
      'the charset of a font',
      "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f1\\'ec\\'e8\\'f0\\f0\\'e4}",
      'мирä',
    ],
    ['the code page of the document', "{\\rtf1\\ansi\\ansicpg1251\\'ec\\'e8\\'f0}", 'мир'],
    [
      'Unicode, with what old readers see',
      "{\\rtf1\\uc2\\u26085\\'93\\'fa\\uc1\\u-3913 ?}",
      `日${String.fromCharCode(65_536 - 3913)}`,
    ],
    ['escapes', '{\\rtf1 a\\{b\\}\\\\c\\~d}', 'a{b}\\c\u00a0d'],
    ['binary data', '{\\rtf1 a{\\pict\\bin3 }}}b}c}', 'ac'],
    ['what it does not know', '{\\rtf1{\\*\\unknown hidden}\\unknown shown}', 'shown'],
  ])('says %s', (_what, source, words) => {
    expect(readRtf(Buffer.from(source, 'latin1')).content).toBe(words);
  });

  it('is read whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', '\\', "\\'e4", '\\u1 ', '\\bin9', '\\*', '\\fonttbl', '\\htmlrtf'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const source = pieces.join('');
        expect(readRtf(Buffer.from(source, 'latin1')).content.length).toBeLessThanOrEqual(2 * source.length);
      }),
      { numRuns: 500 },
    );
  });
});
