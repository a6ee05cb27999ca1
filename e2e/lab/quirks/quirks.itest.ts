import { ImapFlow } from 'imapflow';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import {
  endsLongIdling,
  limitsConnections,
  saysByeWhileIdling,
  throttlesForLong,
} from './connection-quirks.ts';
import * as quirks from './exchange-quirks.ts';
import {
  addsCapabilitiesAfterSignIn,
  localisesFolders,
  marksFoldersInPlainList,
  omitsNewUids,
  renamesMessages,
} from './mailbox-quirks.ts';
import type { Quirk } from './quirk.ts';

const mail = (subject: string, more = '') =>
  Buffer.from(
    `From: a@far.example\r\nTo: alice@corp.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@far.example>\r\n\r\nHello\r\n${more}`,
  );

/** What imapflow has and does not declare. */
interface Speaker {
  exec(
    command: string,
    attributes: readonly unknown[],
    options: { readonly untagged: Readonly<Record<string, (line: Untagged) => Promise<void>>> },
  ): Promise<{ next(): void }>;
}
interface Untagged {
  readonly command?: string;
  readonly attributes?: unknown;
}

/** What went over the wire, and a client that says it. */
class Wire {
  readonly client: ImapFlow;
  readonly heard: string[] = [];

  constructor(client: ImapFlow) {
    this.client = client;
  }

  /** The first message of the open folder. */
  async first(query: Parameters<ImapFlow['fetchOne']>[1]) {
    const found = await this.client.fetchOne('1', query);
    if (found === false || found === undefined) throw new Error('the folder is empty');
    return found;
  }

  /** One command as it stands, with the status of its answer and its untagged lines. */
  async says(command: string, attributes: readonly unknown[] = []): Promise<string> {
    try {
      const answer = await (this.client as unknown as Speaker).exec(command, attributes, {
        untagged: Object.fromEntries(
          ['FETCH', 'SEARCH', 'LIST', 'OK', 'FLAGS'].map((name) => [
            name,
            async (line: Untagged) => {
              this.heard.push(`${line.command} ${JSON.stringify(line.attributes)}`);
            },
          ]),
        ),
      });
      answer.next();
      return 'OK';
    } catch (error) {
      const { responseStatus, responseText } = error as { responseStatus?: string; responseText?: string };
      return `${responseStatus ?? 'closed'} ${responseText ?? ''}`.trim();
    }
  }
}

describe('the manners of Exchange', () => {
  let lab: Lab | null = null;
  let client: ImapFlow | null = null;
  afterEach(async () => {
    client?.close();
    lab?.forgetMisuses();
    await lab?.stop();
    lab = null;
    client = null;
  });

  async function connect(...manners: readonly Quirk[]): Promise<Wire> {
    lab = await startLab({ quirks: manners });
    const { exchange } = lab.accountOf('alice');
    client = new ImapFlow({
      ...exchange.imap,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: {
        user: 'alice@corp.example',
        accessToken: await lab.issuer.accessTokenFor('alice@corp.example'),
      },
      logger: false,
      disableAutoIdle: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    return new Wire(client);
  }
  const atom = (value: string) => ({ type: 'ATOM', value });
  const box = () => lab?.exchange.mailbox('alice');

  it('without a quirk, is the server behind it', async () => {
    const wire = await connect();
    await wire.client.append('INBOX', mail('plain'), ['\\Flagged']);
    await wire.client.mailboxOpen('INBOX');
    const found = await wire.first({ flags: true, source: true });
    expect([...(found.flags ?? [])]).toContain('\\Flagged');
    expect(found.source?.toString()).toBe(mail('plain').toString());
    expect(lab?.misuses).toEqual([]);
  });

  it('notes a command that was not offered', async () => {
    const wire = await connect();
    await wire.says('ENABLE', [atom('CONDSTORE')]);
    const misuses = [{ command: 'ENABLE', needs: 'ENABLE' }];
    expect(lab?.misuses).toEqual(misuses);
    await expect(lab?.stop()).rejects.toThrow(JSON.stringify(misuses));
    lab = null;
  });

  it('loses flags on APPEND', async () => {
    const wire = await connect(quirks.dropsFlagsOnAppend);
    await wire.client.append('INBOX', mail('flags'), ['\\Seen', '\\Flagged']);
    const [stored] = (await box()?.messages('INBOX')) ?? [];
    expect(stored?.flags).toContain('\\Seen');
    expect(stored?.flags).not.toContain('\\Flagged');
  });

  it('refuses keywords, and no flag of its own', async () => {
    const wire = await connect(quirks.refusesKeywords);
    await wire.client.append('INBOX', mail('keywords'));
    await wire.client.mailboxOpen('INBOX');
    expect(await wire.says('STORE', [atom('1'), atom('+FLAGS'), [atom('$Forwarded')]])).toBe(
      'BAD Command Argument Error. 11',
    );
    expect(await wire.says('STORE', [atom('1'), atom('+FLAGS'), [atom('\\Seen')]])).toBe('OK');
  });

  it('offers IMAP4rev2, and cannot search under it', async () => {
    const wire = await connect(quirks.breaksSearchUnderRev2);
    expect(wire.client.capabilities.has('IMAP4rev2')).toBe(true);
    await wire.client.mailboxOpen('INBOX');
    expect(await wire.says('ENABLE', [atom('IMAP4rev2')])).toBe('OK');
    expect(await wire.says('SEARCH', [atom('ALL')])).toBe('BAD Command Argument Error. 12');
  });

  it('throttles, and says for how long', async () => {
    const wire = await connect(quirks.throttles);
    const answers: string[] = [];
    for (let i = 0; i < 25; i += 1) answers.push(await wire.says('NOOP'));
    expect(answers.filter((answer) => answer !== 'OK')).toEqual([
      'BAD Request is throttled. Suggested Backoff Time: 200 milliseconds',
    ]);
  });

  it('ends a connection as a matter of routine', async () => {
    const wire = await connect(quirks.endsConnectionsAsRoutine);
    const closed = new Promise<void>((resolve) => wire.client.once('close', () => resolve()));
    for (let i = 0; i < 40 && wire.client.usable; i += 1) await wire.says('NOOP');
    await closed;
    expect(wire.client.byeReason).toBe('Connection is closed. 13');
  });

  it('cuts after ten errors', async () => {
    const wire = await connect(quirks.cutsAfterTenErrors);
    const closed = new Promise<void>((resolve) => wire.client.once('close', () => resolve()));
    let errors = 0;
    while (wire.client.usable && errors < 20) {
      errors += 1;
      await wire.says('SELECT', [atom('nowhere')]);
    }
    await closed;
    expect(errors).toBeGreaterThanOrEqual(10);
    expect(errors).toBeLessThanOrEqual(11);
  });

  it('is authenticated, and not connected', async () => {
    const wire = await connect(quirks.isAuthenticatedButNotConnected).catch((error: unknown) => error);
    const said = wire instanceof Wire ? await wire.says('SELECT', [atom('INBOX')]) : String(wire);
    expect(said).toContain('User is authenticated but not connected.');
  });

  it('lies about sizes', async () => {
    const wire = await connect(quirks.liesAboutSizes);
    await wire.client.append('INBOX', mail('size'));
    await wire.client.mailboxOpen('INBOX');
    const found = await wire.first({ size: true });
    expect(found.size).toBe(mail('size').length * 3);
  });

  it.each([
    ['is too large', quirks.limitsAppends, 'x'.repeat(70).concat('\r\n').repeat(2000), 'Maximum size'],
    ['has a line that is too long', quirks.refusesLongLinesInAppends, 'x'.repeat(9950), 'Argument Error'],
    ['comes into a full mailbox', quirks.sayUnavailableWhenFull, '', 'Server Unavailable. 15'],
    ['comes into a mailbox that says that it is full', quirks.isOverQuota, '', 'full'],
  ])('refuses an APPEND that %s', async (_, quirk, more, reason) => {
    const wire = await connect(quirk);
    const refused = await wire.client.append('INBOX', mail('append', more)).then(
      () => null,
      (error: { responseText?: string }) => error.responseText,
    );
    expect(refused).toContain(reason);
    expect(await box()?.messages('INBOX')).toEqual([]);
  });

  it('refuses a command line that is too long', async () => {
    const wire = await connect(quirks.limitsCommandLines);
    await wire.client.mailboxOpen('INBOX');
    const many = Array.from({ length: 3000 }, (_, i) => 2 * i + 1).join(',');
    expect(await wire.says('UID FETCH', [atom(many), atom('FLAGS')])).toBe('BAD Command line too long. 10');
  });

  it('keeps every second piece of news back', async () => {
    const wire = await connect(quirks.missesPushes);
    await wire.client.mailboxOpen('INBOX');
    const news: number[] = [];
    wire.client.on('exists', ({ count }) => news.push(count));
    const idling = wire.client.idle();
    let delivered = 0;
    await expect
      .poll(async () => {
        delivered += 1;
        await box()?.append('INBOX', mail(String(delivered)));
        return news.length;
      })
      .toBeGreaterThan(0);
    await wire.client.noop();
    await idling;
    expect(delivered).toBeGreaterThan(1);
  });

  it('permits no flags in a folder that is only looked at', async () => {
    const wire = await connect(quirks.permitsNoFlagsWhenExamined);
    const opened = await wire.client.mailboxOpen('INBOX', { readOnly: true });
    expect([...(opened.permanentFlags ?? [])]).toEqual([]);
  });

  it('forgets the newest hit of a search', async () => {
    const wire = await connect(quirks.searchesUnreliably);
    for (const subject of ['one', 'two', 'three']) await wire.client.append('INBOX', mail(subject));
    await wire.client.mailboxOpen('INBOX');
    expect(await wire.client.search({ all: true })).toEqual([1, 2]);
  });

  it('gives nothing for every fifth message, the first time', async () => {
    const wire = await connect(quirks.fetchesNothingAtFirst);
    for (const subject of ['1', '2', '3', '4', '5', '6']) await wire.client.append('INBOX', mail(subject));
    await wire.client.mailboxOpen('INBOX');
    const uids = async () =>
      (await wire.client.fetchAll('1:*', { uid: true, source: true }, { uid: true })).map(({ uid }) => uid);
    expect(await uids()).toEqual([1, 2, 3, 4, 6]);
    expect(await uids()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives a stub in place of every seventh message', async () => {
    const wire = await connect(quirks.givesStubs);
    for (let i = 1; i <= 7; i += 1) await wire.client.append('INBOX', mail(String(i)));
    await wire.client.mailboxOpen('INBOX');
    const sources = await wire.client.fetchAll('1:*', { uid: true, source: true });
    const stubs = sources.filter(({ source }) =>
      source?.includes('Retrieval using the IMAP4 protocol failed'),
    );
    expect(stubs.map(({ uid }) => uid)).toEqual([7]);
  });

  it('never gives the same bytes twice', async () => {
    const wire = await connect(quirks.neverGivesTheSameBytes);
    await wire.client.append('INBOX', mail('bytes'));
    await wire.client.mailboxOpen('INBOX');
    const once = await wire.first({ source: true });
    const again = await wire.first({ source: true });
    expect(once.source).not.toEqual(again.source);
  });

  it('says EXISTS before it lets anybody idle', async () => {
    const wire = await connect(quirks.saysExistsBeforeIdling);
    await wire.client.append('INBOX', mail('idle'));
    await wire.client.mailboxOpen('INBOX');
    const idling = wire.client.idle();
    await wire.client.noop();
    await idling;
    expect(wire.client.usable).toBe(true);
  });

  it('garbles the structure of bodies', async () => {
    const wire = await connect(quirks.garblesBodystructure);
    await wire.client.append('INBOX', mail('structure'));
    await wire.client.mailboxOpen('INBOX');
    await wire.says('FETCH', [atom('1'), atom('BODYSTRUCTURE')]);
    expect(wire.heard.join()).toContain('FETCH');
  });

  it('turns connections away that are too many, until one has ended', async () => {
    const wire = await connect(limitsConnections(1));
    const another = async () => {
      const { exchange } = lab?.accountOf('alice') ?? {};
      const user = 'alice@corp.example';
      const second = new ImapFlow({
        ...(exchange?.imap ?? { host: '', port: 0 }),
        secure: true,
        tls: { rejectUnauthorized: false },
        auth: { user, pass: lab?.passwordOf('alice') ?? '' },
        logger: false,
      });
      second.on('error', () => undefined);
      const isIn = await second.connect().then(
        () => true,
        () => false,
      );
      second.close();
      return isIn;
    };
    expect(await another()).toBe(false);
    await wire.client.logout();
    await expect.poll(another).toBe(true);
  });

  it.each([
    ['when it has lasted for too long', endsLongIdling(300)],
    ['again and again', saysByeWhileIdling],
  ])('ends a wait for news %s', async (_, quirk) => {
    const wire = await connect(quirk);
    await wire.client.mailboxOpen('INBOX');
    const closed = new Promise<void>((resolve) => wire.client.once('close', () => resolve()));
    void wire.client.idle().catch(() => undefined);
    await closed;
    expect(wire.client.byeReason).toBe('Connection is closed. 13');
  });

  it('ends only the wait for news that lasts, and none that ended by another command', async () => {
    const limits: (() => void)[] = [];
    const wire = await connect(
      endsLongIdling(4000, (reached) => {
        limits.push(reached);
        return () => {};
      }),
    );
    await wire.client.mailboxOpen('INBOX');
    const closed = new Promise<void>((resolve) => wire.client.once('close', () => resolve()));
    const waits = async (times: number): Promise<void> => {
      await expect.poll(() => limits.length).toBe(times);
    };
    for (let round = 1; round <= 5; round += 1) {
      const idling = wire.client.idle();
      await waits(round);
      await wire.client.noop();
      await idling;
    }
    for (const reached of limits) reached();
    await wire.client.noop();
    expect(wire.client.usable).toBe(true);
    void wire.client.idle().catch(() => undefined);
    await waits(6);
    limits[5]?.();
    await closed;
  });

  it('throttles for a minute and a half', async () => {
    const wire = await connect(throttlesForLong);
    const told = new Promise<string>((resolve) => {
      const { log } = wire.client as unknown as { log: { warn(entry: { throttleDelay?: number }): void } };
      log.warn = ({ throttleDelay }) =>
        throttleDelay === undefined ? undefined : resolve(String(throttleDelay));
    });
    void (async () => {
      for (let i = 0; i < 12; i += 1) await wire.says('NOOP');
    })();
    expect(await told).toBe('92415');
  });

  it('calls its folders what they are called in German, and takes them by those names', async () => {
    const wire = await connect(localisesFolders);
    const paths = (await wire.client.list()).map(({ path }) => path).sort();
    const german = ['Archiv', 'Entwürfe', 'Gelöschte Elemente', 'Gesendete Elemente', 'INBOX', 'Junk-E-Mail'];
    expect(paths).toEqual([...german, 'Kalender', 'Kontakte'].sort());
    await wire.client.append('Gelöschte Elemente', mail('gone'));
    expect(await box()?.messages('Deleted Items')).toHaveLength(1);
    expect((await wire.client.mailboxOpen('Gelöschte Elemente')).exists).toBe(1);
  });

  it('says in a plain list what folders are for', async () => {
    const wire = await connect(marksFoldersInPlainList);
    const found = (await wire.client.list()).find(({ path }) => path === 'Sent Items');
    expect([...(found?.flags ?? [])]).toContain('\\Sent');
  });

  it('offers after the sign-in what it did not before', async () => {
    const wire = await connect(addsCapabilitiesAfterSignIn);
    expect(wire.client.capabilities.has('CLIENTACCESSRULES')).toBe(true);
  });

  it('keeps the UIDs of what was appended and moved to itself', async () => {
    const wire = await connect(omitsNewUids);
    const appended = await wire.client.append('INBOX', mail('uid'));
    await wire.client.mailboxOpen('INBOX');
    const moved = await wire.client.messageMove('1', 'Archive');
    expect(appended).not.toHaveProperty('uid');
    expect(moved).not.toHaveProperty('uidMap');
    expect(await box()?.messages('Archive')).toHaveLength(1);
  });

  it('renames messages, and keeps their names', async () => {
    const wire = await connect(renamesMessages);
    await wire.client.append('INBOX', mail('named'));
    await wire.client.mailboxOpen('INBOX');
    const { source } = await wire.first({ source: true });
    expect(source?.toString()).toMatch(/^Message-ID: <[0-9a-f]{20}@outlook\.example>\r$/m);
    expect(source?.toString()).toContain('\r\nX-Microsoft-Original-Message-ID: <named@far.example>\r\n');
  });
});
