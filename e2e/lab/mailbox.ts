import { ImapFlow } from 'imapflow';
import { type ReceivedMail, readMail } from './received-mail.ts';
import { fetchAll } from './second-client.ts';

export interface StoredMail extends ReceivedMail {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly internalDate: Date;
}

/** What another mail client needs to open the mailbox: no fault and no quirk lies between. */
export interface MailboxAccess {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM. */
  readonly authority: string;
}

/** A mailbox seen by somebody who stands beside its server: no fault between, a connection for each question. */
export class Mailbox {
  readonly access: MailboxAccess;
  readonly #connect: () => ImapFlow;

  constructor(port: number, user: string, password: string, authority: string) {
    this.access = { port, user, password, authority };
    this.#connect = () =>
      new ImapFlow({
        host: 'localhost',
        port,
        secure: true,
        tls: { ca: authority },
        auth: { user, pass: password },
        logger: false,
        disableAutoIdle: true,
      });
  }

  folders(): Promise<readonly string[]> {
    return this.#ask(async (client) => (await client.list()).map(({ path }) => path));
  }

  createFolder(path: string): Promise<void> {
    return this.createFolders([path]);
  }

  async createFolders(paths: readonly string[]): Promise<void> {
    await this.#ask(async (client) => {
      for (const path of paths) await client.mailboxCreate(path);
    });
  }

  messages(folder: string): Promise<readonly StoredMail[]> {
    return this.#ask(async (client) => {
      await client.mailboxOpen(folder);
      const fetched = await fetchAll(client, { uid: true, flags: true, internalDate: true, source: true });
      return Promise.all(
        fetched.map(async ({ uid, flags, internalDate, source }) => ({
          ...(await readMail(source ?? Buffer.alloc(0), { from: '', to: [] })),
          uid,
          flags: [...(flags ?? [])],
          internalDate: new Date(internalDate ?? 0),
        })),
      );
    });
  }

  async append(
    folder: string,
    source: Buffer,
    flags: readonly string[] = [],
    date = new Date(),
  ): Promise<void> {
    await this.#ask((client) => client.append(folder, source, [...flags], date));
  }

  async appendAll(
    mails: readonly { folder: string; source: Buffer; flags: readonly string[]; date: Date }[],
  ): Promise<void> {
    await this.#ask(async (client) => {
      for (const { folder, source, flags, date } of mails)
        await client.append(folder, source, [...flags], date);
    });
  }

  async setFlags(folder: string, uid: number, flags: readonly string[]): Promise<void> {
    await this.#ask(async (client) => {
      await client.mailboxOpen(folder);
      await client.messageFlagsSet(uid, [...flags], { uid: true });
    });
  }

  async remove(folder: string, uid: number): Promise<void> {
    await this.#ask(async (client) => {
      await client.mailboxOpen(folder);
      await client.messageDelete(uid, { uid: true });
    });
  }

  async #ask<T>(question: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = this.#connect();
    await client.connect();
    try {
      return await question(client);
    } finally {
      await client.logout();
    }
  }
}
