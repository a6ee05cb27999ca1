import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type net from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import { SMTPServer } from 'smtp-server';
import { handOver } from './lmtp.ts';
import { type ReceivedMail, readMail } from './received-mail.ts';

export interface LetterFromOutside {
  /** An employee's name, or several. */
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly from?: { readonly name: string; readonly address: string };
  readonly inReplyTo?: { readonly messageId: string; readonly references?: readonly string[] };
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content: Buffer | string;
    readonly contentType?: string;
    readonly cid?: string;
  }[];
}

export interface SentFromOutside {
  readonly messageId: string;
  readonly references: readonly string[];
  readonly source: Buffer;
}

/** Everybody who is not in the company: a correspondent who writes, and a record of all that arrives there. */
export class Outside {
  readonly port: number;
  readonly #server: SMTPServer;
  readonly #received: ReceivedMail[] = [];
  readonly #arrivals = new EventEmitter();
  readonly #addressOf: (employee: string) => string;
  #gatewayPort = 0;

  private constructor(server: SMTPServer, port: number, addressOf: (employee: string) => string) {
    this.#server = server;
    this.port = port;
    this.#addressOf = addressOf;
  }

  static async start(addressOf: (employee: string) => string): Promise<Outside> {
    let outside: Outside | null = null;
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, done) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        void collect(stream)
          .then((source) => readMail(source, { from, to: rcptTo.map(({ address }) => address) }))
          .then((mail) => {
            outside?.arrives(mail);
            done();
          });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    outside = new Outside(server, (server.server.address() as net.AddressInfo).port, addressOf);
    return outside;
  }

  /** Where the company's mail goes: its MX. */
  writesTo(gatewayPort: number): void {
    this.#gatewayPort = gatewayPort;
  }

  /** Writes to the company, by its gateway. Resolves when the gateway has taken the message. */
  async sends(letter: LetterFromOutside): Promise<SentFromOutside> {
    const from = letter.from ?? { name: 'Clara Weiss', address: 'clara@outside.example' };
    const names = typeof letter.to === 'string' ? [letter.to] : letter.to;
    const to = names.map((name) => this.#addressOf(name));
    const messageId = `${randomUUID()}@outside.example`;
    const parent = letter.inReplyTo;
    const references = parent === undefined ? [] : [...(parent.references ?? []), parent.messageId];
    const composer = new MailComposer({
      from,
      to,
      subject: letter.subject,
      ...(letter.text === undefined ? {} : { text: letter.text }),
      ...(letter.html === undefined ? {} : { html: letter.html }),
      messageId: `<${messageId}>`,
      date: new Date(),
      ...(parent === undefined
        ? {}
        : { inReplyTo: `<${parent.messageId}>`, references: references.map((id) => `<${id}>`) }),
      ...(letter.headers === undefined ? {} : { headers: { ...letter.headers } }),
      ...(letter.attachments === undefined
        ? {}
        : { attachments: letter.attachments.map((part) => ({ ...part })) }),
      newline: 'windows',
    });
    const source = await composer.compile().build();
    await handOver(this.#gatewayPort, { from: from.address, to }, source, 'smtp');
    return { messageId, references, source };
  }

  /** Everything that has arrived outside, in the order of its arrival. */
  received(): readonly ReceivedMail[] {
    return this.#received;
  }

  /** Resolves with the first message that fits, whether it is there already or arrives within the time. */
  async receives(fits: (mail: ReceivedMail) => boolean, timeoutMs = 60_000): Promise<ReceivedMail> {
    const there = this.#received.find(fits);
    if (there !== undefined) return there;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#arrivals.off('mail', check);
        reject(new Error(`nothing that fits arrived outside within ${timeoutMs} ms`));
      }, timeoutMs);
      const check = (mail: ReceivedMail) => {
        if (!fits(mail)) return;
        clearTimeout(timer);
        this.#arrivals.off('mail', check);
        resolve(mail);
      };
      this.#arrivals.on('mail', check);
    });
  }

  arrives(mail: ReceivedMail): void {
    this.#received.push(mail);
    this.#arrivals.emit('mail', mail);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
