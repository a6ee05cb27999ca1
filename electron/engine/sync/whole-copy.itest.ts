import { randomBytes } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { garblesBodystructure, liesAboutSizes } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import type { ConversationDetail } from '../../../shared/model/conversation.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { attachmentContent, dropContents } from '../cache/queries/attachment-store.ts';
import { listConversations, openConversation } from '../cache/queries/conversation-store.ts';
import { usedBytes } from '../cache/queries/disk-store.ts';
import { addPin, listPins, removePin } from '../cache/queries/pin-store.ts';
import { searchMessages } from '../search/search.ts';
import { mailOf } from '../testing/doomed.ts';
import { ChosenRoutes, type Laptop, openLaptop, realClock, silent } from '../testing/laptop.ts';
import { createSyncRunner, type SyncRunner } from './sync-runner.ts';

const employee = 'alice';
const patience = { timeout: 60_000, interval: 50 };
const day = 86_400_000;
const kilobyte = 1024;
const megabyte = 1024 * 1024;

interface File {
  readonly name: string;
  readonly content: Buffer;
}

describe('the copy', { timeout: 180_000 }, () => {
  let lab: Lab;
  let laptop: Laptop;
  let db: Database;
  let routes: ChosenRoutes;
  let runner: SyncRunner;
  let policy: {
    windowDays: number;
    largestAttachmentMegabytes: number;
    diskMegabytes: number;
    readonly leftOutFolders: readonly string[];
    readonly pollSeconds: number;
    readonly lookThroughSeconds: number;
  };

  beforeEach(() => {
    laptop = openLaptop(addressOf(employee));
    db = laptop.db;
    routes = new ChosenRoutes('primary');
    policy = {
      windowDays: 30,
      largestAttachmentMegabytes: 1,
      diskMegabytes: 0,
      leftOutFolders: [],
      pollSeconds: 60,
      lookThroughSeconds: 900,
    };
  });
  afterEach(async () => {
    await runner.stop();
    laptop.remove();
    await lab.stop();
  });

  async function begin(...quirks: readonly Quirk[]): Promise<void> {
    lab = await startLab({ employees: [employee], seed: { messages: 0 }, quirks });
    startOver();
  }

  /** The laptop as it is after a restart. */
  function startOver(): void {
    const { exchange, continuity } = lab.accountOf(employee);
    const credentials = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    } as const;
    const providers = {
      primary: { ...exchange, credentials },
      continuity: { ...continuity, credentials },
    };
    runner = createSyncRunner({
      account: laptop.account,
      db,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: mailOf({
        databaseFile: laptop.file,
        account: laptop.account,
        authorities: lab.authorities,
        providers,
        diesAt: null,
      }).openSession,
      routes,
      report: () => {},
      policy,
      clock: realClock,
      log: silent,
      announce: () => {},
      onStored: () => {},
    });
  }

  const put = (source: Buffer, daysAgo = 1, folder = 'INBOX', flags: readonly string[] = []) =>
    lab.exchange.mailbox(employee).append(folder, source, flags, new Date(Date.now() - daysAgo * day));
  /** Asked again, as a person would, where a busy machine took too long. */
  const brings = (id: Parameters<SyncRunner['onDemand']['attachment']>[0]) =>
    vi.waitFor(async () => expect(await runner.onDemand.attachment(id)).toEqual({ ok: true, value: null }));
  const isComplete = () =>
    vi.waitFor(() => {
      expect(runner.status().kind).toBe('current');
      expect(runner.status().completeness).toMatchObject({ missing: 0 });
    }, patience);
  const subjects = () => db.prepare<[], string>('SELECT subject FROM message ORDER BY subject').pluck().all();
  const conversationOf = (subject: string) =>
    db
      .prepare<[string], ConversationId>('SELECT conversation_id FROM message WHERE subject = ?')
      .pluck()
      .get(subject) as ConversationId;
  function opened(subject: string): ConversationDetail {
    const answer = openConversation(db, conversationOf(subject));
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value;
  }
  const files = (subject: string) => opened(subject).messages.flatMap(({ attachments }) => attachments);
  const here = (subject: string) => files(subject).map(({ fileName, isHere }) => `${fileName} ${isHere}`);
  const lookedThroughAt = () =>
    db.prepare<[], number>('SELECT min(looked_through_at) FROM folder').pluck().get() ?? 0;
  async function createFolder(path: string): Promise<void> {
    const { port, user, password, authority } = lab.exchange.mailbox(employee).access;
    const client = new ImapFlow({
      host: 'localhost',
      port,
      secure: true,
      tls: { ca: authority },
      auth: { user, pass: password },
      logger: false,
    });
    await client.connect();
    await client.mailboxCreate(path);
    await client.logout();
  }
  const contents = () => db.prepare('SELECT count(*) FROM attachment_content').pluck().get() as number;

  describe('of a mail with a large attachment', () => {
    const small = { name: 'small.pdf', content: randomBytes(20 * kilobyte) };
    const large = { name: 'plans.zip', content: randomBytes(3 * megabyte) };

    it.each([
      ['by the server’s description', []],
      ['where the description makes no sense', [garblesBodystructure]],
      ['where the sizes are wrong', [liesAboutSizes]],
    ])('holds the text, the small one, and an entry for the large one: %s', async (_, quirks) => {
      await begin(...quirks);
      await put(mail('Plans', { files: [small, large], text: 'Here are the plans.' }));
      runner.start();
      await isComplete();
      expect(opened('Plans').messages[0]).toMatchObject({
        text: expect.stringContaining('Here are the plans.'),
      });
      expect(here('Plans')).toEqual(['small.pdf true', 'plans.zip false']);
      const [, entry] = files('Plans');
      expect(entry?.contentType).toBe('application/octet-stream');
      // Said by the server, which may lie.
      expect(entry?.size).toBeGreaterThan(2.9 * megabyte);
      expect(entry?.size).toBeLessThan(10 * megabyte);
      expect(contents()).toBe(1);

      if (entry === undefined) throw new Error('no entry');
      expect(attachmentContent(db, entry.id)).toMatchObject({
        ok: false,
        error: { retry: 'afterUserAction' },
      });
      await brings(entry.id);
      expect(here('Plans')).toEqual(['small.pdf true', 'plans.zip true']);
      const fetched = files('Plans')[1];
      const content = fetched === undefined ? null : attachmentContent(db, fetched.id);
      expect(content?.ok === true && Buffer.from(content.value.content).equals(large.content)).toBe(true);
      expect(fetched?.size).toBe(large.content.length);
      expect(runner.onDemand.progress()).toEqual([]);
    });

    it('fetches it not while Exchange is away, and says so', async () => {
      await begin();
      await put(mail('Plans', { files: [large] }));
      runner.start();
      await isComplete();
      const [entry] = files('Plans');
      routes.choose('continuity');
      expect(entry === undefined ? null : await runner.onDemand.attachment(entry.id)).toMatchObject({
        ok: false,
        error: { code: 'server.unavailable' },
      });
    });

    it('says that it is gone when Exchange does not have the mail any more', async () => {
      await begin();
      await put(mail('Plans', { files: [large] }));
      runner.start();
      await isComplete();
      const [entry] = files('Plans');
      await runner.stop();
      const [message] = await lab.exchange.mailbox(employee).messages('INBOX');
      await lab.exchange.mailbox(employee).remove('INBOX', message?.uid ?? 0);
      startOver();
      expect(entry === undefined ? null : await runner.onDemand.attachment(entry.id)).toMatchObject({
        ok: false,
        error: { code: 'notFound' },
      });
    });

    it('comes by itself once the policy allows its size', async () => {
      await begin();
      await put(mail('Plans', { files: [large] }));
      runner.start();
      await isComplete();
      expect(here('Plans')).toEqual(['plans.zip false']);
      policy.largestAttachmentMegabytes = 4;
      await runner.stop();
      startOver();
      runner.start();
      await vi.waitFor(() => expect(here('Plans')).toEqual(['plans.zip true']), patience);
    });

    it('stays when the rest of its mail is brought back', async () => {
      await begin();
      await put(mail('Plans', { files: [small, large] }));
      runner.start();
      await isComplete();
      const entry = files('Plans')[1];
      if (entry === undefined) throw new Error('no entry');
      await brings(entry.id);
      const smallest = db
        .prepare<[], Buffer>('SELECT sha256 FROM attachment ORDER BY size LIMIT 1')
        .pluck()
        .all();
      dropContents(db, laptop.account.id, smallest);
      expect(here('Plans')).toEqual(['small.pdf false', 'plans.zip true']);
      runner.onDemand.wants(conversationOf('Plans'));
      await vi.waitFor(() => expect(here('Plans')).toEqual(['small.pdf true', 'plans.zip true']), patience);
    });

    it('comes with the mail where it is opened before sync has got there', async () => {
      await begin();
      await put(mail('Plans', { files: [large] }));
      runner.start();
      await isComplete();
      policy.largestAttachmentMegabytes = 4;
      runner.onDemand.wants(conversationOf('Plans'));
      await vi.waitFor(() => expect(here('Plans')).toEqual(['plans.zip true']), patience);
    });
  });

  it('holds the drafts of other programs, and shows them nowhere as mail until they are sent', async () => {
    await begin();
    const draft = mail('Offer', {
      text: 'Half a sentence',
      from: addressOf(employee),
      daysAgo: 60,
      id: 'offer',
    });
    await put(mail('Question', { id: 'question' }));
    await put(draft, 60, 'Drafts', ['\\Draft', '\\Seen']);
    await put(
      mail('RE: Question', {
        text: 'Begun',
        from: addressOf(employee),
        more: 'In-Reply-To: <question@far.example>\r\n',
      }),
      1,
      'Drafts',
      ['\\Draft', '\\Seen'],
    );
    runner.start();
    await isComplete();
    expect(subjects()).toEqual(['Offer', 'Question', 'RE: Question']);
    const shown = (view: 'inbox' | 'sent' | 'all') =>
      listConversations(db, { accountId: laptop.account.id, view, offset: 0, limit: 50 }).items.map(
        ({ topic, messageCount }) => `${topic} ${messageCount}`,
      );
    const found = (text: string) =>
      searchMessages(db, { accountId: laptop.account.id, text, limit: 10 }).hits.length;
    expect([shown('all'), shown('sent')]).toEqual([['Question 1'], []]);
    expect(found('begun')).toBe(0);
    expect(opened('Question').messages.map(({ subject }) => subject)).toEqual(['Question']);

    await lab.exchange.mailbox(employee).append('Sent Items', draft, ['\\Seen']);
    runner.poke();
    await vi.waitFor(() => expect(shown('sent')).toEqual(['Offer 1']), patience);
    expect(found('sentence')).toBe(1);
  });

  it('keeps pinned correspondents, folders and conversations whole, and nothing of it once it is not pinned', async () => {
    await begin();
    await createFolder('Clients');
    await put(mail('By Meyer', { from: 'Meyer@Client.example', daysAgo: 90 }), 90);
    await put(mail('By Schmidt', { daysAgo: 90 }), 90);
    await put(mail('Filed', { daysAgo: 80 }), 80, 'Clients');
    await put(mail('Old', { daysAgo: 70 }), 70, 'Clients');
    await put(mail('New', { daysAgo: 2 }), 2);
    runner.start();
    await isComplete();
    expect(subjects()).toEqual(['New']);
    const accountId = laptop.account.id;

    addPin(db, accountId, { kind: 'correspondent', address: 'meyer@client.example' });
    addPin(db, accountId, { kind: 'folder', path: 'Clients' });
    addPin(db, accountId, { kind: 'folder', path: 'Clients' });
    runner.poke();
    await vi.waitFor(() => expect(subjects()).toEqual(['By Meyer', 'Filed', 'New', 'Old']), patience);
    // Retention comes with a look through all folders.
    const before = Date.now();
    policy.windowDays = 29;
    runner.poke();
    await vi.waitFor(() => expect(lookedThroughAt()).toBeGreaterThan(before), patience);
    await isComplete();
    expect(subjects()).toEqual(['By Meyer', 'Filed', 'New', 'Old']);

    expect(addPin(db, accountId, { kind: 'conversation', conversationId: conversationOf('Old') })).toBe(true);
    for (const { target } of listPins(db, accountId))
      if (target.kind !== 'conversation') removePin(db, accountId, target);
    policy.windowDays = 28;
    runner.poke();
    await vi.waitFor(() => expect(subjects()).toEqual(['New', 'Old']), patience);
    await isComplete();
  });

  it('takes the window as the policy says from the next pass on', async () => {
    await begin();
    await put(mail('Five days', { daysAgo: 5 }), 5);
    await put(mail('Forty days', { daysAgo: 40 }), 40);
    runner.start();
    await isComplete();
    expect(subjects()).toEqual(['Five days']);
    policy.windowDays = 60;
    runner.poke();
    await vi.waitFor(() => expect(subjects()).toEqual(['Five days', 'Forty days']), patience);
    policy.windowDays = 10;
    runner.poke();
    await vi.waitFor(() => expect(subjects()).toEqual(['Five days']), patience);
  });

  it('stays within its disk budget, by the oldest attachments that nobody has pinned, and brings them back', async () => {
    policy.largestAttachmentMegabytes = 25;
    await begin();
    const file = () => ({ name: 'file.bin', content: randomBytes(2 * megabyte) });
    for (const daysAgo of [1, 2, 3, 4, 5])
      await put(mail(`${daysAgo} days`, { files: [file()], daysAgo }), daysAgo);
    runner.start();
    await isComplete();
    expect(usedBytes(db)).toBeGreaterThan(10 * megabyte);
    addPin(db, laptop.account.id, { kind: 'conversation', conversationId: conversationOf('5 days') });

    policy.diskMegabytes = 8;
    await put(mail('Now', { daysAgo: 0 }), 0);
    runner.poke();
    await vi.waitFor(() => expect(usedBytes(db)).toBeLessThan(8 * megabyte), patience);
    const all = [1, 2, 3, 4, 5].map((days) => here(`${days} days`)[0]);
    expect(all).toEqual([true, true, false, false, true].map((isHere) => `file.bin ${isHere}`));
    await vi.waitFor(() => expect(db.pragma('freelist_count', { simple: true })).toBeLessThan(200), patience);

    runner.onDemand.wants(conversationOf('4 days'));
    await vi.waitFor(() => expect(here('4 days')).toEqual(['file.bin true']), patience);
    policy.diskMegabytes = 0;
    runner.poke();
    await vi.waitFor(() => expect(here('3 days')).toEqual(['file.bin true']), patience);
  });
});

let nextId = 1;

function mail(
  subject: string,
  {
    files = [],
    text = 'Hello',
    from = 'eva@far.example',
    daysAgo = 1,
    more = '',
    id = `mail-${nextId++}`,
  }: {
    readonly files?: readonly File[];
    readonly text?: string;
    readonly from?: string;
    readonly daysAgo?: number;
    readonly more?: string;
    readonly id?: string;
  } = {},
): Buffer {
  const parts = files.map(
    ({ name, content }) =>
      `--b\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
  );
  const date = new Date(Date.now() - daysAgo * day).toUTCString();
  return Buffer.from(
    `From: Eva <${from}>\r\nTo: ${addressOf(employee)}\r\nSubject: ${subject}\r\nMessage-ID: <${id}@far.example>\r\nDate: ${date}\r\n${more}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n${parts.join('')}--b--\r\n`,
  );
}
