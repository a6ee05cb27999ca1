import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Certificates, makeCertificates } from '../../../e2e/lab/certificates.ts';
import type { AppError } from '../../../shared/errors.ts';
import { ok } from '../../../shared/result.ts';
import type { Network } from '../net/network.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Logger } from '../ports.ts';
import { type BackOff, createBackOff } from './connections.ts';
import { type ImapLimits, openImapSession } from './imap-session.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';
import type { CredentialSource, Credentials, ImapSession, RemoteMessage } from './types.ts';

/** For a server that is silent: it fails by them. Where one answers, the product's own limits leave it its time. */
const hasty: Partial<ImapLimits> = {
  connectMs: 1000,
  greetingMs: 500,
  openMs: 2000,
  silenceMs: 500,
  callMs: 3000,
  idleMs: 1000,
};
/** For one that answers until it is signed in, and a while more. */
const stalls: Partial<ImapLimits> = { silenceMs: 3000, idleMs: 1000 };
const patientMs = 60_000;
const password: Credentials = { kind: 'password', user: 'anna', password: 'top-secret' };
const capability =
  'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+';

/** What the server says to a command, by its name, in place of the usual. "A" stands for the command's tag. */
type Answers = Readonly<Record<string, string | readonly string[]>>;

const usual: Answers = {
  greeting: '* OK The Microsoft Exchange IMAP4 service is ready.',
  CAPABILITY: [`* CAPABILITY ${capability}`, 'A OK done'],
  AUTHENTICATE: '+ ',
  credentials: 'A OK signed in',
  NAMESPACE: ['* NAMESPACE (("" "/")) NIL NIL', 'A OK done'],
  LIST: ['* LIST (\\HasNoChildren) "/" INBOX', '* LIST (\\HasNoChildren \\Sent) "/" "Gesendet"', 'A OK done'],
  SELECT: [
    '* 2 EXISTS',
    '* 0 RECENT',
    '* FLAGS (\\Seen \\Flagged)',
    '* OK [PERMANENTFLAGS (\\Seen \\Flagged)] ok',
    '* OK [UIDVALIDITY 14] ok',
    '* OK [UIDNEXT 9] ok',
    'A OK [READ-WRITE] done',
  ],
};

describe('an IMAP session', () => {
  let folder: string;
  let certificates: Certificates;
  let network: Network;
  const servers: ScriptedServer[] = [];
  const sessions: ImapSession[] = [];
  const logged: string[] = [];
  const log: Logger = {
    info: (event, fields) => void logged.push(JSON.stringify([event, fields])),
    warn: (event, fields) => void logged.push(JSON.stringify([event, fields])),
    child: () => log,
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-imap-'));
    certificates = makeCertificates(folder, 'imap');
    network = directNetwork([certificates.authority]);
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function startImap(answers: Answers = {}, isPlain = false): Promise<ScriptedServer> {
    const tls = isPlain ? null : { cert: certificates.certificate, key: certificates.key };
    let signingIn: string | null = null;
    const server = await startScriptedServer(tls, {
      connected: (socket) => {
        const greeting = answers.greeting ?? usual.greeting;
        if (greeting !== 'silence') socket.write(`${String(greeting)}\r\n`);
      },
      said: (line, socket) => {
        const [tag = '', first = '', second = '', third] = line.split(' ');
        const name =
          signingIn !== null ? 'credentials' : first === 'UID' ? `UID ${second}` : first.toUpperCase();
        const replyTag = signingIn ?? tag;
        signingIn = name === 'AUTHENTICATE' && third === undefined ? tag : null;
        const answer = answers[name] ?? usual[name] ?? 'A OK done';
        if (answer === 'cut') socket.destroy();
        if (answer === 'cut' || answer === 'silence') return;
        const lines = typeof answer === 'string' ? [answer] : answer;
        socket.write(lines.map((each) => `${each.replace(/^A /, `${replyTag} `)}\r\n`).join(''));
      },
    });
    servers.push(server);
    return server;
  }

  const open = (
    port: number,
    change: {
      credentials?: CredentialSource;
      security?: 'tls' | 'starttls';
      backOff?: BackOff;
      limits?: Partial<ImapLimits>;
    } = {},
  ) =>
    openImapSession({
      network,
      route: 'primary',
      server: { host: 'localhost', port, security: change.security ?? 'tls' },
      credentials: change.credentials ?? (async () => ok(password)),
      log,
      limits: change.limits ?? {},
      ...(change.backOff === undefined ? {} : { backOff: change.backOff }),
    });

  async function session(answers: Answers = {}, limits: Partial<ImapLimits> = {}): Promise<ImapSession> {
    const opened = await open((await startImap(answers)).port, { limits });
    if (!opened.ok) throw new Error(opened.error.code);
    sessions.push(opened.value);
    return opened.value;
  }

  const failure = (code: AppError['code']) => ({ ok: false, error: expect.objectContaining({ code }) });

  it.each([
    ['seconds', 2_000],
    ['minutes', 92_415],
  ])(
    'leaves a server alone that asks for %s, on every connection, and says for how long',
    async (_, waitMs) => {
      const server = await startImap({
        LIST: [
          '* LIST (\\HasNoChildren) "/" INBOX',
          `A BAD Request is throttled. Suggested Backoff Time: ${waitMs} milliseconds`,
        ],
      });
      let now = 0;
      const backOff = createBackOff(() => now);
      const openAnother = async (): Promise<ImapSession> => {
        const opened = await open(server.port, { backOff });
        if (!opened.ok) throw new Error(opened.error.code);
        sessions.push(opened.value);
        return opened.value;
      };
      const one = await openAnother();
      const other = await openAnother();
      const told = await one.folders();
      expect(told).toMatchObject({ ok: false, error: { code: 'server.throttled', context: { waitMs } } });
      const said = server.heard.length;
      const refused = { ok: false, error: { code: 'server.throttled', context: { waitMs } } };
      expect(await other.open('INBOX')).toMatchObject(refused);
      expect(server.heard.slice(said)).toEqual([]);
      now = waitMs;
      await other.noop(patientMs);
      expect(server.heard.slice(said)).toEqual([expect.stringMatching(/ NOOP$/)]);
    },
  );

  describe('cannot be opened', () => {
    it.each([
      ['a silent server', { greeting: 'silence' }, 'network.timeout'],
      ['a server that speaks no IMAP', { greeting: 'SSH-2.0-OpenSSH_9.2' }, 'server.protocol'],
      ['a web server', { greeting: 'HTTP/1.1 400 Bad Request' }, 'server.protocol'],
      ['one that says BYE', { greeting: '* BYE Server shutting down.' }, 'server.unavailable'],
      [
        'one that ends the connection as a matter of routine',
        { greeting: '* BYE Connection is closed. 13' },
        'server.throttled',
      ],
      ['one that refuses the password', { credentials: 'A NO AUTHENTICATE failed.' }, 'auth.refused'],
      [
        'one whose backend is away',
        { credentials: 'A BAD User is authenticated but not connected.' },
        'server.unavailable',
      ],
      ['one that hangs at sign-in', { credentials: 'silence' }, 'network.timeout'],
      ['one that cuts at sign-in', { credentials: 'cut' }, 'network.closed'],
    ] as const)('on %s', async (_what, answers, code) => {
      const isWaitedFor = code === 'network.timeout' || code === 'server.protocol';
      const limits = isWaitedFor ? hasty : {};
      expect(await open((await startImap(answers)).port, { limits })).toEqual(failure(code));
    });

    it('where nobody listens', async () => {
      const { port, close } = await startImap();
      close();
      expect(await open(port)).toEqual(failure('network.unreachable'));
    });

    it('under a certificate of an unknown authority', async () => {
      const stranger = makeCertificates(folder, 'stranger');
      const server = await startScriptedServer(
        { cert: stranger.certificate, key: stranger.key },
        { connected: () => {}, said: () => {} },
      );
      servers.push(server);
      expect(await open(server.port)).toEqual({
        ok: false,
        error: { code: 'network.certificateUnknownAuthority', retry: 'afterUserAction' },
      });
    });

    it.each([
      ['does not offer STARTTLS', {}],
      [
        'refuses it',
        { CAPABILITY: ['* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN', 'A OK x'], STARTTLS: 'A BAD no' },
      ],
      [
        'forbids it and offers no TLS',
        { CAPABILITY: ['* CAPABILITY IMAP4 IMAP4rev1 LOGINDISABLED IDLE', 'A OK x'] },
      ],
      ['greets as if signed in', { greeting: '* PREAUTH welcome' }],
    ])('in clear, to a server that %s', async (_what, answers) => {
      const { port, heard } = await startImap(answers, true);
      expect(await open(port, { security: 'starttls' })).toEqual(failure('network.tlsStripped'));
      expect(heard.some((line) => /LOGIN|AUTHENTICATE/i.test(line))).toBe(false);
    });
  });

  it('shows each refused access token back to its source, and signs in by a new one once', async () => {
    const { port, heard } = await startImap({ AUTHENTICATE: 'A NO AUTHENTICATE failed.' });
    const shown: (Credentials | undefined)[] = [];
    const source: CredentialSource = async (refused) => {
      shown.push(refused);
      return ok({ kind: 'accessToken', user: 'anna', accessToken: `token-${shown.length}` });
    };
    expect(await open(port, { credentials: source })).toEqual(failure('auth.refused'));
    expect(shown.map((refused) => refused?.kind === 'accessToken' && refused.accessToken)).toEqual([
      false,
      'token-1',
      'token-2',
    ]);
    const tokens = heard
      .filter((line) => line.includes('XOAUTH2'))
      .map((line) => Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString());
    expect(tokens).toEqual(
      ['token-1', 'token-2'].map((token) => `user=anna\x01auth=Bearer ${token}\x01\x01`),
    );
  });

  it.each([
    ['IMAP4rev1 SASL-IR AUTH=OAUTHBEARER AUTH=XOAUTH2', 'XOAUTH2'],
    ['IMAP4rev1 SASL-IR AUTH=OAUTHBEARER', 'OAUTHBEARER'],
  ])('shows a token to a server of %s by %s', async (offered, mechanism) => {
    const { port, heard } = await startImap({
      CAPABILITY: [`* CAPABILITY ${offered}`, 'A OK done'],
      AUTHENTICATE: 'A OK signed in',
    });
    const opened = await open(port, {
      credentials: async () => ok({ kind: 'accessToken', user: 'anna', accessToken: 'token' }),
    });
    if (opened.ok) sessions.push(opened.value);
    expect(opened.ok).toBe(true);
    const shown = heard.filter((line) => line.includes('AUTHENTICATE'));
    expect(shown.map((line) => line.split(' ')[2])).toEqual([mechanism]);
  });

  it('does not enable IMAP4rev2, though the server offers it', async () => {
    const { port, heard } = await startImap({
      CAPABILITY: [`* CAPABILITY ${capability} ENABLE IMAP4rev2`, 'A OK done'],
    });
    const opened = await open(port);
    if (opened.ok) sessions.push(opened.value);
    expect(opened.ok).toBe(true);
    expect(heard.some((line) => line.includes('ENABLE'))).toBe(false);
  });

  it('tells the roles of folders by their flags, without SPECIAL-USE', async () => {
    expect(await (await session()).folders()).toEqual(
      ok([
        { path: 'INBOX', role: 'inbox', holdsMail: true, delimiter: '/' },
        { path: 'Gesendet', role: 'sent', holdsMail: true, delimiter: '/' },
      ]),
    );
  });

  it.each([
    ['rubbish in place of an answer', { SELECT: '\u0001\u0002 ((((' }],
    ['no UIDVALIDITY', { SELECT: ['* 2 EXISTS', 'A OK done'] }],
    ['UIDVALIDITY 0', { SELECT: ['* OK [UIDVALIDITY 0] x', 'A OK done'] }],
    ['an answer that is none', { SELECT: 'A MAYBE' }],
  ])('ends in server.protocol on %s', async (_what, answers) => {
    const opened = await (await session(answers as Answers, stalls)).open('INBOX');
    expect(opened).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'server.protocol' }),
    });
  });

  it('survives rubbish between its answers', async () => {
    const imap = await session({
      SELECT: [
        '* 99999999999999999999 EXISTS',
        '* FETCH',
        ')',
        '* 1 EXISTS',
        '* OK [UIDVALIDITY 3] x',
        'A OK done',
      ],
    });
    expect(await imap.open('INBOX')).toEqual(expect.objectContaining({ ok: expect.any(Boolean) }));
  });

  it.each([
    ['silence', 'network.timeout'],
    ['cut', 'network.closed'],
    ['A BAD User is authenticated but not connected.', 'server.unavailable'],
  ] as const)('takes "%s" for no sign of life', async (answer, code) => {
    expect(
      await (await session({ NOOP: answer })).noop(code === 'network.timeout' ? 300 : patientMs),
    ).toEqual(failure(code));
  });

  it.each([['A OK done'], ['A BAD Command received in Invalid state.'], ['A NO not now']])(
    'takes "%s" for a sign of life',
    async (answer) => {
      expect(await (await session({ NOOP: answer })).noop(patientMs)).toEqual(ok(null));
    },
  );

  it('tells that it has ended, and why, and answers every later call with that', async () => {
    const imap = await session({ NOOP: ['* BYE Connection is closed. 13', 'A OK done'] });
    await imap.noop(patientMs);
    expect(await imap.closed).toMatchObject({ code: 'server.throttled' });
    expect(imap.isUsable).toBe(false);
    expect(await imap.open('INBOX')).toEqual(failure('server.throttled'));
    expect(await imap.waitForNews(new AbortController().signal)).toBe('closed');
  });

  it('leaves out a message that Exchange could not render, and one that it does not give', async () => {
    const stub = 'Subject: x\r\n\r\nRetrieval using the IMAP4 protocol failed for the following message: 7';
    const good = 'Subject: y\r\n\r\nHello';
    const row = (seq: number, uid: number, source: string) =>
      `* ${seq} FETCH (UID ${uid} FLAGS (\\Seen) INTERNALDATE "01-Nov-2026 10:00:00 +0000" BODY[] {${source.length}}\r\n${source})`;
    const imap = await session({ 'UID FETCH': [row(1, 7, stub), row(2, 8, good), 'A OK done'] });
    await imap.open('INBOX');
    const received: RemoteMessage[] = [];
    expect(await imap.fetch([7, 8, 9], async (message) => void received.push(message))).toEqual(ok(null));
    expect(received).toEqual([
      {
        uid: 8,
        flags: ['\\Seen'],
        internalDate: Date.parse('2026-11-01T10:00:00Z'),
        source: Buffer.from(good),
      },
    ]);
  });

  it('finds a message below many older ones that were moved in lately, though only SEARCH knows of it', async () => {
    const old = (seq: number) => `* ${seq} FETCH (UID ${seq + 10} INTERNALDATE "01-Jan-2020 10:00:00 +0000")`;
    const header = 'Message-ID: <wanted@x.example>\r\n\r\n';
    const imap = await session({
      SELECT: ['* 300 EXISTS', '* OK [UIDVALIDITY 14] x', '* OK [UIDNEXT 400] x', 'A OK done'],
      FETCH: [...Array.from({ length: 250 }, (_, index) => old(51 + index)), 'A OK done'],
      'UID SEARCH': ['* SEARCH 7 8 70', 'A OK done'],
      'UID FETCH': [
        '* 1 FETCH (UID 7 INTERNALDATE "01-Jan-2020 10:00:00 +0000")',
        `* 2 FETCH (UID 8 INTERNALDATE "01-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS (Message-ID)] {${header.length}}\r\n${header})`,
        'A OK done',
      ],
    });
    const since = Date.parse('2026-10-25T00:00:00Z');
    await imap.open('INBOX');
    expect(await imap.uidsSince(since)).toEqual(ok([8]));
    expect(await imap.find('INBOX', 'wanted@x.example', since)).toEqual(ok(8));
    expect(await imap.find('INBOX', 'other@x.example', since)).toEqual(ok(null));
  });

  it('flags an appended message once more by STORE, and opens no folder read-only', async () => {
    const server = await startImap({
      APPEND: 'A OK [APPENDUID 14 9] done',
      'UID STORE': ['* 2 FETCH (UID 9 FLAGS (\\Flagged))', 'A OK done'],
    });
    const opened = await open(server.port);
    if (!opened.ok) throw new Error(opened.error.code);
    sessions.push(opened.value);
    const source = Buffer.from('Message-ID: <a@b>\r\n\r\nHello');
    const at = Date.parse('2026-11-01T10:00:00Z');
    expect(await opened.value.append('Gesendet', source, ['\\Seen', '\\Flagged'], at)).toEqual(
      ok({ uid: 9 }),
    );
    const said = server.heard.join('\n');
    expect(said).toMatch(/APPEND Gesendet \(\\Seen \\Flagged\) "[ 0]1-Nov-2026 10:00:00 \+0000"/);
    expect(said).toMatch(/UID STORE 9 \+FLAGS \(\\Flagged\)/);
    expect(said).not.toContain('EXAMINE');
  });

  it('gives back what the receiver of a download throws, and goes on', async () => {
    const row = '* 1 FETCH (UID 7 FLAGS () INTERNALDATE "01-Nov-2026 10:00:00 +0000" BODY[] {1}\r\nx)';
    const imap = await session({ 'UID FETCH': [row, 'A OK done'] });
    await imap.open('INBOX');
    await expect(imap.fetch([7], () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await imap.noop(patientMs)).toEqual(ok(null));
  });

  it('ends a download that has stopped in the middle', async () => {
    const imap = await session({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[] {100}\r\nhalf' }, stalls);
    await imap.open('INBOX');
    expect(await imap.fetch([7], async () => {})).toEqual(failure('network.timeout'));
  });

  it('fails a flag that the server refuses, without ending', async () => {
    const imap = await session({ 'UID STORE': 'A NO not permitted' });
    expect(await imap.setFlag('INBOX', 7, '\\Seen', true)).toEqual(failure('server.refused'));
    expect(imap.isUsable).toBe(true);
  });

  it('hears of news while idling, and notices within seconds that the link is dead', async () => {
    const server = await startImap({ IDLE: ['+ idling', '* 3 EXISTS'], DONE: 'silence' });
    const opened = await open(server.port, { limits: stalls });
    if (!opened.ok) throw new Error(opened.error.code);
    sessions.push(opened.value);
    await opened.value.open('INBOX');
    expect(await opened.value.waitForNews(new AbortController().signal)).toBe('news');
    expect(await opened.value.waitForNews(new AbortController().signal)).toBe('closed');
    expect(await opened.value.closed).toMatchObject({ code: 'network.timeout' });
  });

  it('does not ask in a loop where IDLE is refused', async () => {
    const server = await startImap({ IDLE: 'A BAD unknown' });
    const opened = await open(server.port, { limits: { idleMs: 1000 } });
    if (!opened.ok) throw new Error(opened.error.code);
    sessions.push(opened.value);
    await opened.value.open('INBOX');
    const waiting = new AbortController();
    const heard = opened.value.waitForNews(waiting.signal);
    // The refusal, a pause of a second, and the NOOP that replaces it.
    await vi.waitFor(() => expect(server.heard.filter((line) => line.endsWith('NOOP'))).not.toEqual([]), {
      timeout: 10_000,
    });
    waiting.abort();
    expect(await heard).toBe('stopped');
    expect(server.heard.filter((line) => line.endsWith('IDLE'))).toHaveLength(1);
  });

  it('logs no user, no password and no text of the server', () => {
    expect(logged.length).toBeGreaterThan(5);
    expect(logged.join()).not.toMatch(/anna|top-secret|Microsoft|authenticated/);
  });
});
