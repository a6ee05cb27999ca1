import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';
import { corpusMails, hasCorpus } from './testing/corpus.ts';
import { workedMs } from './testing/worked.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('parseMessage', () => {
  it('reads what a reply needs', async () => {
    const message = await parseMessage(
      bytes(
        [
          'From: "Schmidt, Anna" <anna@corp.example>',
          'To: bob@corp.example, Team: a@x.example, b@x.example;',
          'Reply-To: desk@corp.example',
          'Subject: =?utf-8?q?Angebot_f=C3=BCr_Mai?=',
          'Date: Mon, 23 Nov 2026 10:00:00 +0100',
          'Message-ID: <1@corp.example>',
          'In-Reply-To: <0@corp.example>',
          'References: <a@corp.example>',
          ' <0@corp.example>',
          'Thread-Topic: Angebot',
          'Thread-Index: AQHbXDPrABEiM0RVZneImaq7zN3u/w==',
          '',
          'Guten Tag',
        ].join('\r\n'),
      ),
    );
    expect(message).toMatchObject({
      internetMessageId: '1@corp.example',
      inReplyTo: ['0@corp.example'],
      references: ['a@corp.example', '0@corp.example'],
      threadTopic: 'Angebot',
      from: { name: 'Schmidt, Anna', address: 'anna@corp.example' },
      to: [{ address: 'bob@corp.example' }, { address: 'a@x.example' }, { address: 'b@x.example' }],
      replyTo: [{ address: 'desk@corp.example' }],
      subject: 'Angebot für Mai',
      sentAt: Date.UTC(2026, 10, 23, 9),
      html: null,
    });
    expect(message.text.trim()).toBe('Guten Tag');
    expect(message.threadIndex).toHaveLength(22);
  });

  it('makes text from HTML, and keeps the HTML as it came', async () => {
    const html = '<p>One</p><script>two()</script><p>Three &amp; four</p>';
    const message = await parseMessage(bytes(`Content-Type: text/html\r\n\r\n${html}`));
    expect(message.html).toContain('<script>');
    expect(message.text).toContain('Three & four');
    expect(message.text).not.toContain('two()');
  });

  it('gives a message without an id the same one each time, and another to another message', async () => {
    const [first, fetchedAgain, other] = await Promise.all(
      ['X-Fetched: 1\r\n\r\nx\r\n', 'X-Fetched: 2\r\n\r\nx', '\r\ny'].map((text) =>
        parseMessage(bytes(text)),
      ),
    );
    expect(first?.internetMessageId).toMatch(/^[0-9a-f]{64}@no-message-id\.invalid$/);
    expect(fetchedAgain?.internetMessageId).toBe(first?.internetMessageId);
    expect(other?.internetMessageId).not.toBe(first?.internetMessageId);
  });

  it.each([
    ['UTF-8', bytes('Subject: Grüße\r\nFrom: Jörg <j@x.example>\r\n\r\n')],
    [
      'the charset of the body',
      latin1('Subject: \xec\xe8\xf0\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n'),
    ],
    ['no charset', latin1('Subject: Gr\xfc\xdfe\r\n\r\n')],
    [
      'a charset that does not exist',
      latin1('Subject: Gr\xfc\xdfe\r\nContent-Type: text/plain; charset=x-none\r\n\r\n'),
    ],
    [
      'a charset that it is not',
      latin1('Subject: Gr\xfc\xdfe\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'),
    ],
  ])('reads 8-bit headers in %s', async (_charset, source) => {
    expect((await parseMessage(source)).subject).toMatch(/^(Grüße|мир)$/);
  });

  it('believes References rather than an In-Reply-To of words, whose brackets may hold an address', async () => {
    const wordy = 'In-Reply-To: Your message of Monday <bob@x.example>\r\n';
    const both = await parseMessage(bytes(`${wordy}References: <a@x.example>\r\n\r\n`));
    expect(both).toMatchObject({ inReplyTo: [], references: ['a@x.example'] });
    expect((await parseMessage(bytes(`${wordy}\r\n`))).inReplyTo).toEqual(['bob@x.example']);
  });

  it.each([
    ['elements within each other', `Content-Type: text/html\r\n\r\n${'<div>'.repeat(200_000)}end`, 'end'],
    ['unclosed brackets', `Content-Type: text/html\r\n\r\n${'<'.repeat(2_000_000)}`, '<'],
    ['line ends', `\r\n${'x\n'.repeat(4_000_000)}`, 'x'],
    [
      'parts within each other',
      `${Array.from({ length: 400 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('')}\r\nend`,
      'multipart',
    ],
    ['header lines', `${'X-Y: z\r\n'.repeat(500_000)}\r\nend`, 'end'],
    ['recipients', `To: ${'a@x.example, '.repeat(100_000)}\r\n\r\nend`, 'end'],
  ])('reads a message of nothing but %s in bounded time', async (_what, rest, text) => {
    const worked = workedMs();
    const message = await parseMessage(bytes(`Subject: Hostile\r\nMessage-ID: <1@x>\r\n${rest}`));
    expect(worked()).toBeLessThan(8000);
    expect(message.text).toContain(text);
    expect(message).toMatchObject({ subject: 'Hostile', internetMessageId: '1@x' });
  });

  it('yields a message whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (source) => {
        const message = await parseMessage(source);
        expect(message.internetMessageId).not.toBe('');
        expect(message.text.isWellFormed()).toBe(true);
      }),
    );
  });

  describe.skipIf(!hasCorpus)('over the corpus (skipped where there is none)', () => {
    const mails = hasCorpus ? corpusMails() : [];

    it('reads each mail within a second, twice alike', async () => {
      expect(mails.length).toBeGreaterThan(1055);
      for (const { name, source } of mails) {
        const worked = workedMs();
        const message = await parseMessage(source);
        expect(worked(), name).toBeLessThan(1000);
        expect(message.subject.isWellFormed() && message.text.isWellFormed(), name).toBe(true);
        expect((await parseMessage(source)).internetMessageId, name).toBe(message.internetMessageId);
      }
    });

    it('reads mails that were damaged on their way', async () => {
      const damage = fc.record({ at: fc.nat(), cut: fc.nat(200), insert: fc.uint8Array({ maxLength: 50 }) });
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.array(damage, { maxLength: 8 }), async (which, damages) => {
          let source = Buffer.from(mails[which % mails.length]?.source ?? []);
          for (const { at, cut, insert } of damages) {
            const place = at % (source.length + 1);
            source = Buffer.concat([source.subarray(0, place), insert, source.subarray(place + cut)]);
          }
          const message = await parseMessage(new Uint8Array(source));
          expect(message.internetMessageId).not.toBe('');
        }),
        { numRuns: 300 },
      );
    });
  });
});
