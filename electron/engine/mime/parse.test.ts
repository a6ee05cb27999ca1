import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';

const corpus = join(import.meta.dirname, '../../../../shared/corpus');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function corpusMails(): readonly string[] {
  if (!existsSync(corpus)) return [];
  return readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(eml|msg|txt|raw)$|(^|\/)[^.]+$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

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
    const [first, again, other] = await Promise.all(
      ['x', 'x', 'y'].map((text) => parseMessage(bytes(`\r\n${text}`))),
    );
    expect(first?.internetMessageId).toBe(again?.internetMessageId);
    expect(first?.internetMessageId).not.toBe(other?.internetMessageId);
  });

  it.each([
    ['Date: Thu, 1 Jan 1970 00:00:00 +0000', null],
    ['Date: yesterday', null],
    ['X: y', null],
  ])('takes no time from %j', async (header, expected) => {
    expect((await parseMessage(bytes(`${header}\r\n\r\nx`))).sentAt).toBe(expected);
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

  it.skipIf(!existsSync(corpus))(
    'reads every mail of the corpus (skipped: there is none here)',
    async () => {
      const mails = corpusMails();
      expect(mails.length).toBeGreaterThan(1000);
      for (const file of mails) {
        const message = await parseMessage(new Uint8Array(readFileSync(file)));
        expect(message.internetMessageId, file).not.toBe('');
        expect(message.subject.isWellFormed() && message.text.isWellFormed(), file).toBe(true);
      }
    },
    120_000,
  );
});
