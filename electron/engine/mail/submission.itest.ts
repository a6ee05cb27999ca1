import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../../../e2e/lab/certificates.ts';
import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Network } from '../net/network.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { createSubmit } from './submission.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';
import type { CredentialSource, Credentials, SubmissionOutcome, Submit } from './types.ts';

const source = Buffer.from('Message-ID: <a@corp.example>\r\nSubject: Offer\r\n\r\nHello\r\n.dot\r\n');
const envelope = { from: 'anna@corp.example', to: ['bob@out.example', 'carol@out.example'] };
const password: Credentials = { kind: 'password', user: 'anna', password: 'secret' };

/** Where an SMTP dialogue can be disturbed, in order. `part`: in the middle of the message. */
type Stage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'part' | 'dot';
/** `cut` ends the connection, `silence` says nothing; anything else is said. */
type Disturbances = Partial<Record<Stage, string>>;

const usual: Readonly<Record<Stage, string>> = {
  greeting: '220 ready',
  EHLO: '250-here\r\n250 AUTH PLAIN XOAUTH2',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  part: 'silence',
  dot: '250 2.0.0 queued as 1',
};

let folder: string;
let certificates: Certificates;
let server: ScriptedServer | null = null;
let submit: Submit;
let network: Network;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-submission-'));
  certificates = makeCertificates(folder, 'submission');
  network = directNetwork([certificates.authority]);
  submit = createSubmit(network);
});
afterEach(() => {
  server?.close();
  server = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startSmtp(disturbances: Disturbances): Promise<ScriptedServer> {
  let isData = false;
  const tls = { cert: certificates.certificate, key: certificates.key };
  const started = await startScriptedServer(tls, {
    connected: (socket) => play('greeting', socket),
    said: (line, socket) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (isData) {
        if (line === 'Hello') play('part', socket);
        if (line !== '.') return;
        isData = false;
        play('dot', socket);
      } else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else if (line === '') socket.write('535 5.7.3 refused\r\n');
      else {
        isData = verb === 'DATA' && !disturbances.DATA;
        play(verb as Stage, socket);
      }
    },
  });
  const play = (
    stage: Stage,
    socket: Parameters<Parameters<typeof startScriptedServer>[1]['connected']>[0],
  ) => {
    const answer = disturbances[stage] ?? usual[stage];
    if (answer === 'cut') socket.destroy();
    else if (answer !== 'silence')
      socket.write(`${answer}
`);
  };
  server = started;
  return started;
}

/** The outcome, and whether `beforeData` was called. */
async function attempt(
  port: number,
  change: {
    readonly credentials?: CredentialSource;
    readonly beforeData?: () => Promise<void>;
    readonly by?: Submit;
  } = {},
): Promise<{ readonly outcome: SubmissionOutcome; readonly hasBegun: boolean }> {
  let hasBegun = false;
  const outcome = await (change.by ?? submit)({
    route: 'primary',
    server: { host: 'localhost', port, security: 'tls' },
    credentials: change.credentials ?? (async () => ok(password)),
    envelope,
    source,
    beforeData: async () => {
      hasBegun = true;
      await change.beforeData?.();
    },
  });
  return { outcome, hasBegun };
}

describe('a submission', () => {
  it('is accepted by 250 to the final dot, and arrives as it is', async () => {
    const { port, heard } = await startSmtp({});
    expect(await attempt(port)).toEqual({
      outcome: { kind: 'accepted', response: '250 2.0.0' },
      hasBegun: true,
    });
    const sent = heard.slice(heard.indexOf('DATA') + 1);
    expect(sent.slice(0, 6)).toEqual([
      'Message-ID: <a@corp.example>',
      'Subject: Offer',
      '',
      'Hello',
      '..dot',
      '.',
    ]);
  });

  it.each([
    ['before the greeting', 'deferred', { greeting: 'cut' }, 'network.closed', false],
    ['after EHLO', 'deferred', { EHLO: 'cut' }, 'network.closed', false],
    ['after AUTH', 'deferred', { AUTH: 'cut' }, 'network.closed', false],
    ['after MAIL', 'deferred', { MAIL: 'cut' }, 'network.closed', false],
    ['after RCPT', 'deferred', { RCPT: 'cut' }, 'network.closed', false],
    ['at DATA', 'deferred', { DATA: 'cut' }, 'network.closed', false],
    ['in the middle of the message', 'deferred', { part: 'cut' }, 'network.closed', true],
    ['after the dot', 'unknown', { dot: 'cut' }, 'network.closed', true],
  ] as const)('that is cut off %s is %s', async (_where, kind, cut, code, hasBegun) => {
    const { port } = await startSmtp(cut);
    expect(await attempt(port)).toMatchObject({ outcome: { kind, error: { code } }, hasBegun });
  });

  it.each([
    ['the greeting', 'deferred', { greeting: 'silence' }, false],
    ['AUTH', 'deferred', { AUTH: 'silence' }, false],
    ['DATA', 'deferred', { DATA: 'silence' }, false],
    ['the dot', 'unknown', { dot: 'silence' }, true],
  ] as const)('that gets no answer to %s is %s in time', async (_what, kind, silence, hasBegun) => {
    const { port } = await startSmtp(silence);
    // What is answered before that has the product's own limits.
    const by = createSubmit(network, hasBegun ? { answerMs: 2000 } : { connectMs: 1000, commandMs: 1000 });
    expect(await attempt(port, { by })).toMatchObject({
      outcome: { kind, error: { code: 'network.timeout' } },
      hasBegun,
    });
  });

  it.each([
    ['421 at the greeting', 'deferred', { greeting: '421 4.3.2 later' }, 'server.unavailable', false],
    ['554 at the greeting', 'deferred', { greeting: '554 no' }, 'server.unavailable', false],
    ['535 to AUTH', 'deferred', { AUTH: '535 5.7.3 no' }, 'auth.refused', false],
    ['454 to AUTH', 'deferred', { AUTH: '454 4.7.0 later' }, 'server.unavailable', false],
    ['432 to MAIL', 'deferred', { MAIL: '432 4.3.2 too many' }, 'server.throttled', false],
    ['550 to MAIL', 'rejected', { MAIL: '550 5.7.60 not you' }, 'server.refused', false],
    ['450 to RCPT', 'deferred', { RCPT: '450 4.2.0 later' }, 'server.refused', false],
    ['550 to RCPT', 'rejected', { RCPT: '550 5.1.1 unknown' }, 'server.refused', false],
    ['451 to DATA', 'deferred', { DATA: '451 4.3.0 later' }, 'server.unavailable', false],
    ['554 to DATA', 'rejected', { DATA: '554 5.5.1 no' }, 'server.refused', false],
    ['451 to the dot', 'deferred', { dot: '451 4.3.0 later' }, 'server.unavailable', true],
    ['452 to the dot', 'deferred', { dot: '452 4.2.2 full' }, 'server.refused', true],
    ['421 to the dot', 'deferred', { dot: '421 4.3.2 later' }, 'server.unavailable', true],
    ['554 to the dot', 'rejected', { dot: '554 5.7.1 spam' }, 'server.refused', true],
  ] as const)('answered by %s is %s', async (_what, kind, answer, code, hasBegun) => {
    const { port } = await startSmtp(answer);
    const response = /\d{3}( \d\.\d+\.\d+)?/.exec(Object.values(answer)[0] ?? '')?.[0];
    expect(await attempt(port)).toMatchObject({ outcome: { kind, response, error: { code } }, hasBegun });
  });

  it.each([
    ['at the greeting', 'deferred', { greeting: 'hello' }, false],
    ['to EHLO', 'deferred', { EHLO: '999 what' }, false],
    ['to AUTH', 'deferred', { AUTH: '<html>' }, false],
    ['to MAIL', 'deferred', { MAIL: '\u0000\u0001' }, false],
    ['to DATA', 'deferred', { DATA: '250 why not' }, false],
    ['to the dot', 'unknown', { dot: 'banana' }, true],
    ['twice at the greeting', 'deferred', { greeting: '220 a\r\n220 b' }, false],
  ] as const)('answered by nonsense %s is %s, never a hang', async (_where, kind, nonsense, hasBegun) => {
    const { port } = await startSmtp(nonsense);
    const error = { code: 'server.protocol' };
    expect(await attempt(port)).toMatchObject({ outcome: { kind, error }, hasBegun });
  });

  describe.each([false, true])('to several (pipelining: %s)', (pipelining) => {
    /** Answers to RCPT by the name in it. */
    async function startPicky(answers: Readonly<Record<string, string>>): Promise<ScriptedServer> {
      const tls = { cert: certificates.certificate, key: certificates.key };
      let isData = false;
      const picky = await startScriptedServer(tls, {
        connected: (socket) => void socket.write('220 ready\r\n'),
        said: (line, socket) => {
          const verb = line.slice(0, 4).toUpperCase() as Stage;
          if (isData && line !== '.') return;
          const isDot = isData;
          const isNobody = Object.keys(answers).length === envelope.to.length;
          isData = verb === 'DATA' && !isNobody;
          const extensions = `250-here\r\n${pipelining ? '250-PIPELINING\r\n' : ''}250 AUTH PLAIN`;
          const [, named] = Object.entries(answers).find(([name]) => line.includes(name)) ?? [];
          if (isDot) socket.write(`${usual.dot}\r\n`);
          else if (verb === 'EHLO') socket.write(`${extensions}\r\n`);
          else if (verb === 'DATA' && isNobody) socket.write('503 5.5.1 no recipients\r\n');
          else socket.write(`${named ?? usual[verb]}\r\n`);
        },
      });
      server = picky;
      return picky;
    }

    it('reaches the others when one is refused, and says who, and in whose words', async () => {
      const { port } = await startPicky({ carol: '550 5.1.1 <carol@out.example>: unknown\u0007 here' });
      expect(await attempt(port)).toMatchObject({
        outcome: {
          kind: 'accepted',
          refused: [
            {
              address: 'carol@out.example',
              isPermanent: true,
              response: '550 5.1.1',
              sentence: '550 5.1.1 <carol@out.example>: unknown here',
            },
          ],
        },
        hasBegun: true,
      });
    });

    it('tells who is put off from who is refused', async () => {
      const { port } = await startPicky({ carol: '450 4.2.1 busy' });
      expect(await attempt(port)).toMatchObject({
        outcome: { kind: 'accepted', refused: [{ address: 'carol@out.example', isPermanent: false }] },
      });
    });

    it('is put off when nobody is taken and not everybody is refused for good', async () => {
      const { port } = await startPicky({ bob: '550 5.1.1 unknown', carol: '450 4.2.1 busy' });
      expect(await attempt(port)).toMatchObject({
        outcome: { kind: 'deferred', refused: [{ isPermanent: true }, { isPermanent: false }] },
        hasBegun: false,
      });
    });

    it('may be 500', async () => {
      const { port, heard } = await startPicky({});
      const people = Array.from({ length: 500 }, (_, n) => `p${n}@out.example`);
      const outcome = await submit({
        route: 'primary',
        server: { host: 'localhost', port, security: 'tls' },
        credentials: async () => ok(password),
        envelope: { ...envelope, to: people },
        source,
      });
      expect(outcome).toEqual({ kind: 'accepted', response: '250 2.0.0' });
      expect(heard.filter((line) => line.startsWith('RCPT'))).toHaveLength(500);
    });

    it('is refused when everybody is', async () => {
      const { port } = await startPicky({ bob: '550 5.1.1 unknown', carol: '550 5.7.1 no' });
      expect(await attempt(port)).toMatchObject({ outcome: { kind: 'rejected' }, hasBegun: false });
    });
  });

  describe('what EHLO offers', () => {
    const to = (address: string) => ({ ...envelope, to: [address] });
    const submitted = async (offers: string, change: { to?: string; source?: Buffer } = {}) => {
      const { port, heard } = await startSmtp({ EHLO: `250-here\r\n${offers}250 AUTH PLAIN` });
      const met: (number | null)[] = [];
      const outcome = await submit({
        route: 'primary',
        server: { host: 'localhost', port, security: 'tls' },
        credentials: async () => ok(password),
        envelope: to(change.to ?? 'bob@out.example'),
        source: change.source ?? source,
        beforeData: async () => {},
        met: ({ maxSize }) => met.push(maxSize),
      });
      const said = (verb: string) => heard.find((line) => line.startsWith(verb));
      return { outcome, met, mail: said('MAIL'), rcpt: said('RCPT') };
    };

    it('of size is remembered, said, and kept to before a byte leaves', async () => {
      const small = await submitted('250-SIZE 1000\r\n');
      expect(small.met).toEqual([1000]);
      expect(small.mail).toContain(`SIZE=${source.length}`);
      const large = await submitted('250-SIZE 10\r\n');
      expect(large.outcome).toMatchObject({ kind: 'rejected', error: { context: { reason: 'tooLarge' } } });
      expect(large.mail).toBeUndefined();
      expect((await submitted('')).met).toEqual([null]);
    });

    it('of notices (DSN) is made use of: of failure and delay, without the text', async () => {
      const { mail, rcpt } = await submitted('250-DSN\r\n');
      expect(mail).toContain('RET=HDRS');
      expect(rcpt).toContain('NOTIFY=FAILURE,DELAY');
      expect((await submitted('')).rcpt).toBe('RCPT TO:<bob@out.example>');
    });

    it('of eight bits is said when the message has them', async () => {
      const eight = Buffer.from('Subject: a\r\n\r\nGrüße\r\n');
      expect((await submitted('250-8BITMIME\r\n', { source: eight })).mail).toContain('BODY=8BITMIME');
      expect((await submitted('250-8BITMIME\r\n')).mail).not.toContain('8BITMIME');
    });

    it('of international addresses is needed for one: without, the server hears of none', async () => {
      const offered = await submitted('250-SMTPUTF8\r\n', { to: 'jürgen@out.example' });
      expect(offered.outcome.kind).toBe('accepted');
      expect(offered.mail).toContain('SMTPUTF8');
      const refused = await submitted('', { to: 'jürgen@out.example' });
      expect(refused.outcome).toMatchObject({ kind: 'rejected', response: '553 5.6.7' });
      expect(refused.mail).toBeUndefined();
    });
  });

  describe.each(['primary', 'continuity'] as const)('on the route %s, cut off', (route) => {
    const small = Buffer.from('Subject: a\r\n\r\nHello\r\n.dot\r\n');
    /** As SMTP sends it: a dot at the start of a line doubled. */
    const sent = small.length + 1;
    const credentials: Credentials =
      route === 'primary' ? { kind: 'accessToken', user: 'anna', accessToken: 'fresh' } : password;

    /** A server that ends the connection as soon as it has that many bytes of the message, and says how many it had. */
    async function cutAt(
      bytes: number,
      message: Buffer,
    ): Promise<{ outcome: SubmissionOutcome; had: number }> {
      let had = 0;
      let isData = false;
      const tls = { cert: certificates.certificate, key: certificates.key };
      const cutting = await startScriptedServer(tls, {
        connected: (socket) => {
          socket.write('220 ready\r\n');
          socket.on('data', (chunk: Buffer) => {
            if (!isData) return;
            had += chunk.length;
            if (had >= bytes) socket.destroy();
          });
        },
        said: (line, socket) => {
          const verb = line.slice(0, 4).toUpperCase() as Stage;
          if (isData) return;
          socket.write(`${usual[verb]}\r\n`);
          if (verb !== 'DATA') return;
          // Only what comes after this line belongs to the message.
          setImmediate(() => {
            isData = true;
          });
        },
      });
      try {
        const outcome = await submit({
          route,
          server: { host: 'localhost', port: cutting.port, security: 'tls' },
          credentials: async () => ok(credentials),
          envelope,
          source: message,
          beforeData: () => new Promise((resolve) => setTimeout(resolve, 5)),
        });
        return { outcome, had };
      } finally {
        cutting.close();
      }
    }

    it('at each byte of a small message, it is uncertain only from the final dot on', async () => {
      for (let bytes = 1; bytes <= sent + 3; bytes += 1) {
        const { outcome } = await cutAt(bytes, small);
        expect([bytes, outcome.kind]).toEqual([bytes, bytes <= sent ? 'deferred' : 'unknown']);
      }
    });

    it('at bytes all over a large message, it is never accepted, and uncertain only if everything had left', async () => {
      const large = Buffer.concat([
        Buffer.from('Subject: large\r\n\r\n'),
        Buffer.alloc(3_000_000, 'abc\r\n'),
      ]);
      const kinds: string[] = [];
      for (let part = 0; part <= 12; part += 1) {
        const { outcome } = await cutAt(Math.max(1, Math.floor((large.length * part) / 12)), large);
        kinds.push(outcome.kind);
      }
      expect(kinds.slice(0, 6)).toEqual(Array(6).fill('deferred'));
      expect(kinds).not.toContain('accepted');
    });
  });

  it('lets no byte of the message leave before beforeData is done', async () => {
    const { port, heard } = await startSmtp({});
    let heardBefore: readonly string[] = [];
    await attempt(port, {
      beforeData: async () => {
        // Time for bytes to arrive that should not.
        await new Promise((resolve) => setTimeout(resolve, 100));
        heardBefore = [...heard];
      },
    });
    expect(heardBefore.at(-1)).toBe('DATA');
  });

  it('sends nothing when beforeData fails', async () => {
    const { port, heard } = await startSmtp({});
    const { outcome } = await attempt(port, { beforeData: () => Promise.reject(new Error('full')) });
    expect(outcome).toMatchObject({ kind: 'deferred', error: { code: 'storage.failed' } });
    expect(heard.at(-1)).toBe('DATA');
  });

  it('that is cut off before its last part has left is deferred', async () => {
    const big = Buffer.concat([
      Buffer.from('Subject: big\r\n\r\nHello\r\n'),
      Buffer.alloc(30_000_000, 'a\r\n'),
    ]);
    const { port } = await startSmtp({ part: 'cut' });
    const outcome = await submit({
      route: 'primary',
      server: { host: 'localhost', port, security: 'tls' },
      credentials: async () => ok(password),
      envelope,
      source: big,
      beforeData: async () => {},
    });
    expect(outcome).toMatchObject({ kind: 'deferred', error: { code: 'network.closed' } });
  });

  it('signs in by XOAUTH2, and once more with a fresh token when the first is refused', async () => {
    const accepted = Buffer.from('user=anna\x01auth=Bearer fresh\x01\x01').toString('base64');
    const tls = { cert: certificates.certificate, key: certificates.key };
    const exchange = await startScriptedServer(tls, {
      connected: (socket) => void socket.write('220 ready\r\n'),
      said: (line, socket) => {
        const verb = line.slice(0, 4).toUpperCase() as Stage;
        if (line === '') socket.write('535 5.7.3 refused\r\n');
        else if (verb === 'AUTH' && line !== `AUTH XOAUTH2 ${accepted}`) socket.write('334 eyJ9\r\n');
        else if (verb === 'MAIL') socket.write('550 5.7.1 enough seen\r\n');
        else socket.write(`${usual[verb]}\r\n`);
      },
    });
    server = exchange;
    const token = (accessToken: string): Credentials => ({ kind: 'accessToken', user: 'anna', accessToken });
    const { outcome } = await attempt(exchange.port, {
      credentials: async (refused) => ok(token(refused === undefined ? 'stale' : 'fresh')),
    });
    expect(outcome).toMatchObject({ kind: 'rejected', response: '550 5.7.1' });
  });

  it('does not connect without credentials', async () => {
    const { port, heard } = await startSmtp({});
    const { outcome } = await attempt(port, {
      credentials: async () => err(appError('auth.expired', 'afterUserAction')),
    });
    expect(outcome).toMatchObject({ kind: 'deferred', error: { code: 'auth.expired' } });
    expect(heard).toEqual([]);
  });

  it('never speaks in clear: without STARTTLS it ends before AUTH', async () => {
    const plain = await startScriptedServer(null, {
      connected: (socket) => void socket.write('220 ready\r\n'),
      said: (line, socket) => {
        socket.write(line.startsWith('EHLO') ? '250-here\r\n250 AUTH PLAIN\r\n' : '502 5.5.1 unknown\r\n');
      },
    });
    server = plain;
    const outcome = await submit({
      route: 'primary',
      server: { host: 'localhost', port: plain.port, security: 'starttls' },
      credentials: async () => ok(password),
      envelope,
      source,
      beforeData: async () => {},
    });
    expect(outcome).toMatchObject({ kind: 'deferred', error: { code: 'network.tlsStripped' } });
    expect(plain.heard.some((line) => line.startsWith('AUTH'))).toBe(false);
  });

  it('does not trust a certificate of an unknown authority', async () => {
    const other = makeCertificates(folder, 'stranger');
    const stranger = await startScriptedServer(
      { cert: other.certificate, key: other.key },
      { connected: (socket) => void socket.write('220 ready\r\n'), said: () => {} },
    );
    server = stranger;
    expect((await attempt(stranger.port)).outcome).toMatchObject({
      kind: 'deferred',
      error: { code: 'network.certificateUnknownAuthority' },
    });
  });

  it('is taken by a real server through STARTTLS', async () => {
    const received: Buffer[] = [];
    const real = new SMTPServer({
      cert: certificates.certificate,
      key: certificates.key,
      logger: false,
      onAuth: ({ username, password: given }, _session, done) =>
        given === 'secret' ? done(null, { user: username }) : done(new Error('no')),
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => received.push(chunk));
        stream.on('end', () => done(null, 'queued'));
      },
    });
    await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = real.server.address() as { port: number };
      const outcome = await submit({
        route: 'primary',
        server: { host: 'localhost', port, security: 'starttls' },
        credentials: async () => ok(password),
        envelope,
        source,
        beforeData: async () => {},
      });
      expect(outcome).toMatchObject({ kind: 'accepted' });
      expect(Buffer.concat(received)).toEqual(source);
    } finally {
      await new Promise<void>((resolve) => real.close(resolve));
    }
  });
});
