import { type FetchMessageObject, type FetchQueryObject, ImapFlow } from 'imapflow';
import type { MailboxAccess } from './mailbox.ts';

/** All of the open folder. What somebody else removes meanwhile is refused (RFC 2180 section 4.1.2), and asked for again. */
export async function fetchAll(client: ImapFlow, query: FetchQueryObject): Promise<FetchMessageObject[]> {
  for (let turns = 1; ; turns += 1) {
    if (client.mailbox === false || client.mailbox.exists === 0) return [];
    try {
      return await client.fetchAll('1:*', query);
    } catch (error) {
      if (turns === 10 || !client.usable) throw error;
      await client.noop();
    }
  }
}

export interface PlacedMail {
  readonly uid: number;
  readonly subject: string;
  readonly flags: ReadonlySet<string>;
}

/** Another mail program of the same person, on one connection: what it does, ours has to notice. */
export class SecondClient {
  readonly #client: ImapFlow;

  private constructor(client: ImapFlow) {
    this.#client = client;
  }

  static async open({ port, user, password, authority }: MailboxAccess): Promise<SecondClient> {
    const client = new ImapFlow({
      host: 'localhost',
      port,
      secure: true,
      tls: { ca: authority },
      auth: { user, pass: password },
      logger: false,
      disableAutoIdle: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    return new SecondClient(client);
  }

  /** Those that can hold mail. */
  async folders(): Promise<readonly string[]> {
    const listed = await this.#client.list();
    return listed.flatMap(({ path, flags }) => (flags.has('\\Noselect') ? [] : [path])).sort();
  }

  /** What a folder holds, oldest UID first. */
  async messages(folder: string): Promise<readonly PlacedMail[]> {
    await this.#client.mailboxOpen(folder);
    // News comes with an answer; without one the number of messages is that of before.
    await this.#client.noop();
    const rows = await fetchAll(this.#client, { uid: true, envelope: true, flags: true });
    return rows.map(({ uid, envelope, flags }) => ({
      uid,
      subject: envelope?.subject ?? '',
      flags: flags ?? new Set<string>(),
    }));
  }

  async append(folder: string, source: Buffer, flags: readonly string[], date: Date): Promise<void> {
    await this.#client.append(folder, source, [...flags], date);
  }

  async move(folder: string, uid: number, to: string): Promise<void> {
    await this.#client.mailboxOpen(folder);
    await this.#client.messageMove(String(uid), to, { uid: true });
  }

  /** Exchange gives a message a new UID when another protocol changes it (MS-STANXIMAP 2.2.3). */
  async touch(folder: string, uid: number): Promise<void> {
    await this.#client.mailboxOpen(folder);
    await this.#client.messageCopy(String(uid), folder, { uid: true });
    await this.#client.messageDelete(String(uid), { uid: true });
  }

  async remove(folder: string, uid: number): Promise<void> {
    await this.#client.mailboxOpen(folder);
    await this.#client.messageDelete(String(uid), { uid: true });
  }

  async flag(folder: string, uid: number, flag: string, isSet: boolean): Promise<void> {
    await this.#client.mailboxOpen(folder);
    if (isSet) await this.#client.messageFlagsAdd(String(uid), [flag], { uid: true });
    else await this.#client.messageFlagsRemove(String(uid), [flag], { uid: true });
  }

  async createFolder(name: string): Promise<void> {
    await this.#client.mailboxCreate(name);
  }

  async renameFolder(name: string, to: string): Promise<void> {
    await this.#leave();
    await this.#client.mailboxRename(name, to);
  }

  async removeFolder(name: string): Promise<void> {
    await this.#leave();
    await this.#client.mailboxDelete(name);
  }

  /** The same folder with the same messages under a new UIDVALIDITY and new UIDs. Not for the Inbox. */
  async renumber(folder: string): Promise<void> {
    const meanwhile = `${folder} anew`;
    await this.#client.mailboxCreate(meanwhile);
    await this.#client.mailboxOpen(folder);
    const { mailbox } = this.#client;
    if (mailbox !== false && mailbox.exists > 0) await this.#client.messageCopy('1:*', meanwhile);
    await this.removeFolder(folder);
    await this.renameFolder(meanwhile, folder);
  }

  async close(): Promise<void> {
    await this.#client.logout();
  }

  /** A folder that is open cannot be renamed by some servers. */
  async #leave(): Promise<void> {
    if (this.#client.mailbox !== false) await this.#client.mailboxClose();
  }
}
