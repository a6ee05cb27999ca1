import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageId, OutageId } from '../../../shared/model/ids.ts';
import { parseMessage } from '../mime/parse.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { exportMessages } from './export-messages.ts';

const mail = (subject: string, id: string, body = 'Grüße') =>
  [
    'From: Bert <bert@partner.example>',
    'To: Anna <anna@corp.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@partner.example>`,
    'Date: Tue, 24 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    body,
    '--b',
    'Content-Type: application/pdf; name="plan.pdf"',
    'Content-Disposition: attachment; filename="plan.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERi0xLjcK',
    '--b--',
    '',
  ].join('\n');

describe('messages for another mail program', () => {
  let laptop: Laptop;
  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
  });
  afterEach(() => laptop.remove());

  const exported = async (wanted: Parameters<typeof exportMessages>[1]) => {
    const answer = await exportMessages(laptop.db, wanted);
    if (!answer.ok) throw new Error(answer.error.code);
    return { ...answer.value, text: Buffer.from(answer.value.content).toString('utf8') };
  };
  const onContinuity = { route: 'continuity', path: 'INBOX', role: 'inbox' } as const;

  it('yields what Exchange does not have yet byte by byte', async () => {
    laptop.loses();
    const source = mail('Offer', 'offer').replaceAll('\n', '\r\n');
    const { messageId } = await laptop.receives(source, onContinuity);
    const { fileName, contentType, text } = await exported({ messageIds: [messageId] });
    expect({ fileName, contentType, text }).toEqual({
      fileName: '2026-11-24 Offer.eml',
      contentType: 'message/rfc822',
      text: source,
    });
  });

  it('makes what is only in the copy anew: what it says, to whom, when, and its files', async () => {
    const { messageId } = await laptop.receives(mail('Offer', 'offer'));
    const { text, content } = await exported({ messageIds: [messageId] });
    expect(text).toMatch(/^X-Relevo-Rebuilt: /m);
    expect(await parseMessage(content)).toMatchObject({
      internetMessageId: 'offer@partner.example',
      from: { name: 'Bert', address: 'bert@partner.example' },
      to: [{ address: 'anna@corp.example' }],
      subject: 'Offer',
      sentAt: Date.UTC(2026, 10, 24, 9),
      text: expect.stringContaining('Grüße'),
      attachments: [{ fileName: 'plan.pdf', content: Buffer.from('%PDF-1.7\n') }],
    });
  });

  it('puts all that an outage has left into one mbox', async () => {
    laptop.loses();
    await laptop.receives(mail('One', 'one', 'From the start'), onContinuity);
    await laptop.receives(mail('Two', 'two'), onContinuity);
    const back = await laptop.receives(mail('Back', 'back'), onContinuity);
    laptop.db
      .prepare("UPDATE journal SET outcome = 'handedOver', verified_at = 1 WHERE message_id = ?")
      .run(back.messageId);
    const outageId = laptop.db.prepare<[], OutageId>('SELECT id FROM outage').pluck().get() as OutageId;
    const { fileName, text } = await exported({ exceptionsOf: outageId });
    expect(fileName).toBe('2026-11-24 2 messages.mbox');
    expect(text.match(/^From bert@partner\.example Tue Nov 24 /gm)).toHaveLength(2);
    expect(text).toContain('\n>From the start\n');
    expect(text).not.toContain('Subject: Back');
  });

  it('says so where there is none of them', async () => {
    expect(await exportMessages(laptop.db, { messageIds: [77 as MessageId] })).toMatchObject({
      error: { code: 'notFound' },
    });
  });
});
