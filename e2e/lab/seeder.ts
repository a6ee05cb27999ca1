import MailComposer from 'nodemailer/lib/mail-composer';
import { type Phrases, people, phrases } from './phrases.ts';

export interface SeededMail {
  readonly folder: 'INBOX' | 'Sent Items' | 'Archive';
  readonly source: Buffer;
  readonly flags: readonly string[];
  readonly date: Date;
}

export interface SeedOptions {
  readonly employee: { readonly name: string; readonly address: string };
  /** How many messages in all, over all folders. */
  readonly messages: number;
  /** The same seed makes the same mailbox, but for its dates, which count back from `now`. */
  readonly seed: number;
  readonly now: number;
}

const day = 24 * 60 * 60 * 1000;

/** A mailbox as an employee has it: conversations of one to six messages, most within the last 30 days. */
export async function seedMailbox(options: SeedOptions): Promise<readonly SeededMail[]> {
  const random = randomFrom(options.seed);
  const mails: SeededMail[] = [];
  for (let conversation = 0; mails.length < options.messages; conversation += 1) {
    const length = Math.min(1 + Math.floor(random() ** 2 * 6), options.messages - mails.length);
    mails.push(...(await seedConversation(options, conversation, length, random)));
  }
  return mails.sort((a, b) => a.date.getTime() - b.date.getTime());
}

async function seedConversation(
  options: SeedOptions,
  conversation: number,
  length: number,
  random: () => number,
): Promise<readonly SeededMail[]> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const language = pick(phrases);
  const topic = pick(language.topics);
  const other = pick(people);
  const age = random() < 0.9 ? random() * 29 : 31 + random() * 200;
  const guid = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  const start = options.now - age * day;
  const isArchived = random() < 0.15;
  const ids: string[] = [];
  const mails: SeededMail[] = [];
  let index = threadRoot(start, guid);
  for (let reply = 0; reply < length; reply += 1) {
    const isMine = reply % 2 === 1;
    const at = Math.min(start + (reply * (age * day * 0.5)) / length + reply * 60_000, options.now - 60_000);
    const [from, to] = isMine ? [options.employee, other] : [other, options.employee];
    const id = `${options.seed}.${conversation}.${reply}@${from.address.split('@')[1] ?? ''}`;
    if (reply > 0) index = Buffer.concat([index, Buffer.from([0, reply, conversation & 255, 7, 0x10])]);
    mails.push({
      folder: isMine ? 'Sent Items' : isArchived ? 'Archive' : 'INBOX',
      source: await compose(
        {
          from,
          to,
          language,
          topic,
          reply,
          at,
          id,
          ids,
          index,
          hasPicture: conversation % 7 === 3,
          hasFile: conversation % 5 === 1,
        },
        pick,
      ),
      flags:
        isMine || at < options.now - 3 * day || random() < 0.5
          ? ['\\Seen', ...(random() < 0.05 ? ['\\Flagged'] : [])]
          : [],
      date: new Date(at),
    });
    ids.push(id);
  }
  return mails;
}

interface Letter {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly language: Phrases;
  readonly topic: string;
  readonly reply: number;
  readonly at: number;
  readonly id: string;
  readonly ids: readonly string[];
  readonly index: Buffer;
  readonly hasPicture: boolean;
  readonly hasFile: boolean;
}

async function compose(letter: Letter, pick: <T>(from: readonly T[]) => T): Promise<Buffer> {
  const { language, reply } = letter;
  const [opening, body, closing] = [
    pick(language.openings),
    pick(reply === 0 ? language.bodies : language.answers),
    pick(language.closings),
  ];
  const text = `${opening},\n\n${body}\n\n${closing}\n${letter.from.name}\n`;
  const html = `<div style="font-family:Calibri,sans-serif;font-size:11pt"><p>${opening},</p><p>${body}</p>${
    letter.hasPicture && reply === 0 ? '<p><img src="cid:plan@seed" width="240" alt="Plan"></p>' : ''
  }<p>${closing}<br><b>${letter.from.name}</b></p></div>`;
  const composer = new MailComposer({
    from: letter.from,
    to: letter.to,
    subject: reply === 0 ? letter.topic : `${language.replyPrefix}${letter.topic}`,
    text,
    ...(reply % 2 === 0 ? { html } : {}),
    date: new Date(letter.at),
    messageId: `<${letter.id}>`,
    ...(reply === 0
      ? {}
      : { inReplyTo: `<${letter.ids.at(-1)}>`, references: letter.ids.map((id) => `<${id}>`) }),
    headers: { 'Thread-Topic': letter.topic, 'Thread-Index': letter.index.toString('base64') },
    attachments: [
      ...(letter.hasPicture && reply === 0
        ? [{ filename: 'plan.png', content: picture, cid: 'plan@seed' }]
        : []),
      ...(letter.hasFile && reply === 0
        ? [
            {
              filename: `${letter.topic}.pdf`,
              content: Buffer.from(`%PDF-1.4\n% ${letter.topic}\n%%EOF\n`),
              contentType: 'application/pdf',
            },
          ]
        : []),
    ],
    newline: 'windows',
    baseBoundary: letter.id.replace(/\W/g, '-'),
  });
  return composer.compile().build();
}

/** As Outlook begins a Thread-Index today: 01, five bytes of time, the GUID. */
function threadRoot(at: number, guid: Buffer): Buffer {
  const time = (BigInt(Math.trunc(at)) + 11_644_473_600_000n) * 10_000n;
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(time);
  return Buffer.concat([Buffer.from([1]), head.subarray(0, 5), guid]);
}

/** A small blue rectangle. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAIAAAC0SDtlAAAAGElEQVR4nGNMaljAQApgIkn1qIZRDUNJAwAmEAGJ2J8zJgAAAABJRU5ErkJggg==',
  'base64',
);

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
