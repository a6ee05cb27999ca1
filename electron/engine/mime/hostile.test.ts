import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';
import { partsOf, readStructure } from './structure.ts';
import { workedMs } from './testing/worked.ts';
import type { ParsedMessage } from './types.ts';

/*
 * The bounds: work linear in the length, at most a second for each megabyte of the worst there is (it takes 5 to 100 ms),
 * and a message that is never larger than forty times its source.
 */
const secondsPerMegabyte = 1;
const leastSeconds = 2;
const largest = 40;

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const mixed = 'Content-Type: multipart/mixed; boundary=x\r\n\r\n';
const text = (parameters: string, body: string): string => `Content-Type: text/${parameters}\r\n\r\n${body}`;

const hostile: Readonly<Record<string, () => string>> = {
  'dashes at the beginning of lines': () => mixed + '--\n'.repeat(1_000_000),
  delimiters: () => mixed + '--x\n'.repeat(800_000),
  parts: () => mixed + many(150_000, () => '--x\r\nA: b\r\n\r\nc\r\n'),
  'multiparts in each other': () =>
    many(40_000, (n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`),
  'multiparts in each other without their boundaries': () =>
    mixed + many(40_000, (n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n`),
  'messages in each other': () => 'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000),
  'header fields': () => `${'X-Y: z\r\n'.repeat(400_000)}\r\nend`,
  'one header field': () => `Subject: ${'x'.repeat(3_000_000)}\r\n\r\n`,
  continuations: () => `Subject: a\r\n${' b\r\n'.repeat(700_000)}\r\n`,
  'blank lines': () => '\n'.repeat(3_000_000),
  'encoded words': () => `Subject: ${'=?utf-8?Q?a?= '.repeat(200_000)}\r\n\r\n`,
  'beginnings of encoded words': () => `Subject: ${'=?utf-8?Q?'.repeat(300_000)}\r\n\r\n`,
  'brackets in addresses': () =>
    many(10, () => `To: ${'('.repeat(200_000)}\r\nCc: ${'<'.repeat(100_000)}\r\n`),
  'groups in addresses': () => `To: ${'a:'.repeat(1_000_000)}\r\n\r\n`,
  'quotes and backslashes in addresses': () => `To: ${'"\\'.repeat(1_000_000)}\r\n\r\n`,
  'addresses in many fields': () => `${many(3000, () => `To: ${'a@b, '.repeat(200)}\r\n`)}\r\n`,
  ids: () => `References: ${'<a@b> '.repeat(500_000)}\r\n\r\n`,
  'beginnings of ids': () => `References: ${'<'.repeat(3_000_000)}\r\n\r\n`,
  parameters: () => text(`plain; ${many(200_000, (n) => `name*${n}*=%41; `)}`, 'x'),
  'blanks in a parameter': () => text(`plain; name=${' a'.repeat(1_000_000)}`, 'x'),
  'comments in a parameter': () => text(`plain ${'('.repeat(1_000_000)}`, 'x'),
  'beginnings of uuencoded files': () => `\r\n${'begin 644 a\n!!!!!\n'.repeat(150_000)}`,
  'shifts of UTF-7': () => text('plain; charset=utf-7', '+'.repeat(3_000_000)),
  'escapes of ISO 2022': () => text('plain; charset=iso-2022-jp', '\x1b$B!!\x1b(B'.repeat(400_000)),
  'halves of escapes': () => text('plain; charset=iso-2022-jp', '\x1b'.repeat(3_000_000)),
  'shifts of HZ': () => text('plain; charset=hz', '~{!!~}'.repeat(400_000)),
  'commands of text/enriched': () => text('enriched', '<param>'.repeat(500_000)),
  'quoted lines of format=flowed': () => text('plain; format=flowed', '> a \n'.repeat(600_000)),
  pictures: () => text('html', '<img src="cid:a@x">'.repeat(200_000)),
  'places of pictures': () =>
    `${mixed}--x\r\n${text('html', '<img src="http://a/b">'.repeat(40_000))}\r\n${many(500, (n) => `--x\r\nContent-Type: image/gif\r\nContent-Location: http://a/${n % 2 === 0 ? n : 'b'}\r\n\r\nx\r\n`)}`,
  padding: () => `Content-Transfer-Encoding: base64\r\n\r\n${'YQ=='.repeat(700_000)}`,
  'groups of a report': () => `Content-Type: message/delivery-status\r\n\r\n${'a: b\n\n'.repeat(500_000)}`,
  blanks: () => `Subject: a\r\n\r\n${' '.repeat(3_000_000)}`,
  'carriage returns': () => '\r'.repeat(3_000_000),
};

const sizeOf = ({ text: words, html, attachments, subject }: ParsedMessage): number =>
  words.length +
  (html?.length ?? 0) +
  subject.length +
  attachments.reduce((sum, { content }) => sum + content.length, 0);

describe('parseMessage, given what was made to hurt it', () => {
  it.each(Object.entries(hostile))(
    'reads nothing but %s within its bounds',
    { timeout: 60_000 },
    async (_what, make) => {
      const source = latin1(make());
      const worked = workedMs();
      const message = await parseMessage(source);
      const seconds = worked() / 1000;
      expect(seconds).toBeLessThan(Math.max(leastSeconds, (secondsPerMegabyte * source.length) / 1_000_000));
      expect(sizeOf(message)).toBeLessThan(largest * source.length + 100_000);
    },
  );

  it('reads an attachment of 18 MB in a fraction of a second', { timeout: 60_000 }, async () => {
    const content = Buffer.alloc(18_000_000, 7);
    const base64 = content.toString('base64').replace(/.{76}/g, '$&\r\n');
    const source = latin1(
      `${mixed}--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--x--\r\n`,
    );
    const worked = workedMs();
    const message = await parseMessage(source);
    const milliseconds = worked();
    process.stdout.write(`an attachment of 18 MB: ${milliseconds.toFixed(0)} ms\n`);
    expect(content.equals(message.attachments[0]?.content ?? new Uint8Array())).toBe(true);
    expect(milliseconds).toBeLessThan(2000);
  });

  it('divides any bytes into parts that lie in each other and nowhere else', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '--a',
        '--b',
        '--a--',
        '--b--',
        '',
        'Content-Type: multipart/mixed; boundary=a',
        'text',
      ),
      fc.constantFrom('Content-Type: multipart/digest; boundary=b', 'Content-Type: text/plain', ' x', 'A:'),
      fc.string({ maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
        const source = new Uint8Array(Buffer.from(lines.join(end)));
        const root = readStructure(source);
        for (const part of partsOf(root)) {
          expect(part.body.buffer).toBe(source.buffer);
          for (const child of part.children) {
            expect(child.body.byteOffset).toBeGreaterThanOrEqual(part.body.byteOffset);
            expect(child.body.byteOffset + child.body.length).toBeLessThanOrEqual(
              part.body.byteOffset + part.body.length,
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a message for any structure, header and encoding, never larger than its bound', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Content-Type: ',
        'multipart/mixed; boundary=a',
        'text/html; charset=',
        'utf-7',
        'iso-2022-jp',
        'application/ms-tnef',
        'message/rfc822',
        'Content-Transfer-Encoding: ',
        'base64',
        'quoted-printable',
        'x-uuencode',
        '\r\n',
        '\r\n\r\n',
        '--a\r\n',
        '--a--\r\n',
        'begin 644 a\n',
        'Subject: =?',
        '?Q?=',
        '<img src="cid:',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const source = new Uint8Array(Buffer.from(pieces.join('')));
        const message = await parseMessage(source);
        expect(message.internetMessageId).not.toBe('');
        expect(message.text.isWellFormed() && message.subject.isWellFormed()).toBe(true);
        expect(sizeOf(message)).toBeLessThanOrEqual(largest * source.length + 100);
      }),
      { numRuns: 1000 },
    );
  });
});
