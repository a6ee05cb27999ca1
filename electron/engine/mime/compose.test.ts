import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import { composeMessage, type MessageToCompose } from './compose.ts';
import { parseMessage } from './parse.ts';

const message: MessageToCompose = {
  from: { name: 'Anna Schmidt', address: 'anna@corp.example' },
  sender: null,
  to: [{ name: 'Bob', address: 'bob@corp.example' }],
  cc: [],
  subject: 'RE: Angebot für Mai',
  text: 'Grüße\n\n> wie besprochen\n',
  internetMessageId: 'reply@corp.example' as InternetMessageId,
  sentAt: Date.UTC(2026, 10, 23, 9),
  thread: {
    inReplyTo: 'b@x.example' as InternetMessageId,
    references: ['a@x.example', 'b@x.example'] as InternetMessageId[],
    threadIndex: new Uint8Array(27),
    threadTopic: 'Angebot für Mai',
  },
};

const text = async (input: MessageToCompose) => Buffer.from(await composeMessage(input)).toString('latin1');

describe('composeMessage', () => {
  it('carries all four threading headers', async () => {
    const source = await text(message);
    expect(source).toMatch(/^In-Reply-To: <b@x\.example>\r$/m);
    expect(source).toMatch(/^References: <a@x\.example> <b@x\.example>\r$/m);
    expect(source).toMatch(/^Thread-Index: A{36}\r$/m);
    expect(source).toMatch(/^Thread-Topic: =\?UTF-8\?/m);
    expect(source).toMatch(/^Message-ID: <reply@corp\.example>\r$/m);
    expect(source).toMatch(/^Date: Mon, 23 Nov 2026 09:00:00 \+0000\r$/m);
  });

  it('ends every line with CRLF and keeps every line within 998 bytes, however long the chain', async () => {
    const references = Array.from({ length: 100 }, (_, index) => `${'x'.repeat(60)}${index}@x.example`);
    const threadIndex = new Uint8Array(2047).fill(1);
    const source = await text({
      ...message,
      text: 'y'.repeat(5000),
      thread: { ...message.thread, references: references as InternetMessageId[], threadIndex },
    });
    const read = await parseMessage(Buffer.from(source, 'latin1'));
    expect(read.references).toEqual(references);
    expect(read.threadIndex).toEqual(threadIndex);
    expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of source.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('lets no field begin a header of its own', async () => {
    const evil = 'x\r\nBcc: eve@evil.example\r\n\r\nbody';
    const source = await text({
      ...message,
      subject: evil,
      to: [{ name: evil, address: 'bob@corp.example' }],
      thread: { ...message.thread, threadTopic: evil },
    });
    expect(source).not.toMatch(/^Bcc:/im);
    expect((await parseMessage(Buffer.from(source, 'latin1'))).bcc).toEqual([]);
  });

  it('refers to no id that a server may refuse', async () => {
    const references = ['a@x.example', 'grüße@x.example', '>b@x', 'c d@x', ''] as InternetMessageId[];
    const inReplyTo = 'grüße@x.example' as InternetMessageId;
    const source = await text({ ...message, thread: { ...message.thread, inReplyTo, references } });
    expect(source).toMatch(/^References: <a@x\.example>\r$/m);
    expect(source).not.toContain('In-Reply-To');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII
    expect(source).toMatch(/^[\u0000-\u007f]*$/);
  });

  it('says to a reader what it was given', async () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .map((s) => s.replace(/[\p{C}\p{Z}]+/gu, ' ').trim());
    await fc.assert(
      fc.asyncProperty(word, fc.string({ unit: 'grapheme', maxLength: 2000 }), async (subject, body) => {
        fc.pre(!/[\p{C}]/u.test(body.replaceAll('\n', '')));
        const read = await parseMessage(await composeMessage({ ...message, subject, text: body }));
        expect(read.subject).toBe(subject.replace(/\s+/gu, ' ').trim());
        expect(read.text.trimEnd()).toBe(body.trimEnd());
        expect(read.references).toEqual(message.thread.references);
        expect(read.threadTopic).toBe(message.thread.threadTopic);
      }),
      { numRuns: 50 },
    );
  });

  it('lets no name and no address change who is written to', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 80 });
    const local = fc
      .stringMatching(/^[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]$/)
      .filter((text) => !text.includes('..'));
    const address = fc.record({ name, address: local.map((text) => `${text}@corp.example`) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(address, { minLength: 1, maxLength: 5 }),
        fc.array(address, { maxLength: 5 }),
        async (to, cc) => {
          const read = await parseMessage(await composeMessage({ ...message, to, cc }));
          const addresses = (list: readonly { readonly address: string }[]) =>
            list.map((entry) => entry.address);
          expect(addresses(read.to)).toEqual(addresses(to));
          expect(addresses(read.cc)).toEqual(addresses(cc));
          expect([read.bcc, read.replyTo, read.from]).toEqual([[], [], message.from]);
        },
      ),
    );
  });
});
