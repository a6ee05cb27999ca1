import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../../../e2e/lab/certificates.ts';
import { Dovecot } from '../../../e2e/lab/dovecot.ts';
import { enterDeviceCode, type Person, signInAt } from '../../../e2e/lab/issuer/person.ts';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { appError } from '../../../shared/errors.ts';
import type { SignInState } from '../../../shared/model/sign-in.ts';
import type { AuthenticationSettings, ServerSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok } from '../../../shared/result.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { OpenBrowser } from '../ports.ts';
import { type Laptop, openLaptop, silent } from '../testing/laptop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

const address = addressOf('alice');
const patience = { timeout: 20_000 };
const hour = 3_600_000;

/** What the browser shows when it follows the last redirect. */
function open(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });
}

describe('signing in', () => {
  let lab: Lab;
  let folder: string;
  let houseCertificates: Certificates;
  let laptop: Laptop;
  let clock: ManualClock;
  let secrets: ReturnType<typeof memorySecrets>;
  let signIn: SignIn;
  let opened: string[];
  let openBrowser: OpenBrowser;
  let usable: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-house-'));
    houseCertificates = makeCertificates(folder, 'house');
    lab = await startLab();
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    laptop = openLaptop(address);
    clock = new ManualClock();
    secrets = memorySecrets();
    [opened, usable] = [[], 0];
    openBrowser = async (url) => {
      opened.push(url);
      return ok(null);
    };
  });
  afterEach(async () => {
    signIn.stop();
    laptop.remove();
    lab.issuer.mode = 'works';
    await lab.issuer.comesBack();
  });

  function start(
    provider: 'exchange' | 'continuity' = 'exchange',
    settings: AuthenticationSettings = lab.accountOf('alice')[provider].authentication,
    server: ServerSettings = lab.accountOf('alice')[provider].imap,
  ): void {
    const route = provider === 'exchange' ? 'primary' : 'continuity';
    const network = directNetwork([...lab.authorities, houseCertificates.authority]);
    signIn = createSignIn({
      account: laptop.account,
      provider,
      settings,
      db: laptop.db,
      secrets,
      fetch: network.fetchFor(route),
      openBrowser: (url) => openBrowser(url),
      tryCredentials: async (credentials) => {
        const session = await openImapSession({
          network,
          route,
          server,
          credentials: async () => ok(credentials),
          log: silent,
        });
        if (!session.ok) return session;
        await session.value.close();
        return ok(null);
      },
      locale: 'de-AT',
      clock,
      log: silent,
      announce: () => {},
      onUsable: () => {
        usable += 1;
      },
    });
    signIn.start();
  }

  const alice = (change: Partial<Person> = {}): Person => ({
    address,
    password: lab.passwordOf('alice'),
    ...change,
  });
  const state = (): SignInState => signIn.status().state;
  const becomes = (kind: SignInState['kind']) => expect.poll(() => state().kind, patience).toBe(kind);
  const missing = { kind: 'needed', reason: 'missing' };
  const untilMissing = async () => {
    await becomes('needed');
    expect(state()).toEqual(missing);
  };
  const lastOpened = () => opened.at(-1) ?? '';

  describe('in the browser', () => {
    beforeEach(async () => {
      start();
      await untilMissing();
    });

    it('brings tokens that Exchange accepts, tells the person in their language, and lets everybody go on', async () => {
      expect(await signIn.begin('browser')).toEqual(ok(null));
      expect(state()).toEqual({ kind: 'waiting', deviceCode: null });
      const url = new URL(lastOpened());
      expect(url.origin).toBe(lab.issuer.url);
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        code_challenge_method: 'S256',
        login_hint: address,
        redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      });
      const back = await signInAt(url.href, alice());
      expect(await open(back ?? url)).toContain('Sie sind angemeldet.');
      await becomes('good');
      expect(usable).toBe(1);
      expect(signIn.status().acceptedAt).toBe(clock.now());
      const credentials = await signIn.credentials();
      expect(credentials).toMatchObject({ ok: true, value: { kind: 'accessToken', user: address } });
      const refreshToken = await secrets.get({ address, provider: 'exchange' });
      expect(refreshToken.ok).toBe(true);
      clock.sleep(2 * hour);
      expect(await signIn.credentials()).toMatchObject({ ok: true });
    });

    it('comes to nothing when the person declines, and can be begun again', async () => {
      await signIn.begin('browser');
      const back = await signInAt(lastOpened(), alice({ declines: true }));
      expect(await open(back ?? new URL(lastOpened()))).toContain('Sie sind nicht angemeldet.');
      await becomes('needed');
      expect(state()).toEqual(missing);
      await signIn.begin('browser');
      const again = await signInAt(lastOpened(), alice());
      await open(again ?? new URL(lastOpened()));
      await becomes('good');
    });

    it('takes no code from another program of this laptop, though it knows where to bring it', async () => {
      await signIn.begin('browser');
      const ours = new URL(lastOpened());
      await signIn.begin('browser');
      const theirs = new URL(lastOpened());
      // Somebody else's code, for a sign-in that they began themselves.
      const foreign = await signInAt(ours.href, alice());
      const injected = new URL(foreign ?? ours);
      injected.port = new URL(theirs.searchParams.get('redirect_uri') ?? '').port;
      expect(await open(injected)).toBe('');
      expect(state().kind).toBe('waiting');
      // Even with the right state it is no good without the verifier.
      injected.searchParams.set('state', theirs.searchParams.get('state') ?? '');
      expect(await open(injected)).toContain('Sie sind nicht angemeldet.');
      await becomes('needed');
      expect(await secrets.get({ address, provider: 'exchange' })).toMatchObject({ ok: false });
    });

    it('is over when it is cancelled, begun anew, or forgotten', async () => {
      await signIn.begin('browser');
      const first = lastOpened();
      await signIn.begin('browser');
      const back = await signInAt(first, alice());
      await expect(open(back ?? new URL(first))).rejects.toThrow();
      expect(state().kind).toBe('waiting');
      expect(signIn.cancel()).toEqual(ok(null));
      expect(state()).toEqual(missing);
      await signIn.begin('browser');
      clock.advance(hour);
      await becomes('needed');
    });

    it('says that the provider cannot be reached, and opens nothing', async () => {
      await lab.issuer.dark();
      expect(await signIn.begin('browser')).toMatchObject({
        ok: false,
        error: { code: 'auth.providerUnreachable', context: { reason: 'network.unreachable' } },
      });
      expect(opened).toEqual([]);
      expect(state()).toEqual(missing);
    });

    it('goes on by a device code when there is no browser', async () => {
      openBrowser = async () => err(appError('notFound', 'afterUserAction'));
      expect(await signIn.begin('browser')).toEqual(ok(null));
      expect(state()).toMatchObject({
        kind: 'waiting',
        deviceCode: { userCode: expect.stringMatching(/^\w{4}-\w{4}$/) },
      });
    });
  });

  it('works by a device code, entered anywhere', async () => {
    start();
    await untilMissing();
    expect(await signIn.begin('deviceCode')).toEqual(ok(null));
    const waiting = state();
    if (waiting.kind !== 'waiting' || waiting.deviceCode === null) throw new Error('no code');
    const { verificationUrl, userCode, expiresAt } = waiting.deviceCode;
    expect(expiresAt).toBe(clock.now() + 900_000);
    await enterDeviceCode(verificationUrl, userCode, alice());
    await becomes('good');
    expect(await signIn.credentials()).toMatchObject({ ok: true });
  });

  it('works with a provider in the house that has no discovery document', async () => {
    const { authentication } = lab.accountOf('alice').exchange;
    if (authentication.kind !== 'oauth') throw new Error('not OAuth');
    const { url } = lab.issuer;
    start('exchange', {
      ...authentication,
      endpoints: {
        authorization: `${url}/auth`,
        token: `${url}/token`,
        deviceAuthorization: `${url}/device/auth`,
      },
    });
    await untilMissing();
    await signIn.begin('browser');
    const back = await signInAt(lastOpened(), alice());
    expect(await open(back ?? new URL(url))).toContain('Sie sind angemeldet.');
    await becomes('good');
    expect(await signIn.credentials()).toMatchObject({ ok: true });
  });

  it('is asked for again when the provider wants to see the person, and good once it has', async () => {
    await secrets.put({ address, provider: 'exchange' }, lab.issuer.grant(address));
    start();
    expect(await signIn.credentials()).toMatchObject({ ok: true });
    lab.issuer.wantsToSee(address);
    clock.sleep(2 * hour);
    expect(await signIn.credentials()).toMatchObject({
      ok: false,
      error: { code: 'auth.interactionNeeded' },
    });
    expect(state()).toEqual({ kind: 'needed', reason: 'interaction' });
    await signIn.begin('browser');
    const back = await signInAt(lastOpened(), alice());
    await open(back ?? new URL(lab.issuer.url));
    await becomes('good');
    expect(usable).toBe(1);
    clock.sleep(2 * hour);
    expect(await signIn.credentials()).toMatchObject({ ok: true });
  });

  describe('by password', () => {
    const name = { address, provider: 'continuity' } as const;
    beforeEach(() => start('continuity'));

    it('seals a password once the provider has accepted it', async () => {
      await becomes('needed');
      expect(signIn.status().method).toBe('password');
      expect(await signIn.password('wrong')).toMatchObject({ ok: false, error: { code: 'auth.refused' } });
      expect(await secrets.get(name)).toMatchObject({ ok: false });
      expect(state()).toEqual(missing);
      expect(await signIn.password(lab.passwordOf('alice'))).toEqual(ok(null));
      expect(await secrets.get(name)).toEqual(ok(lab.passwordOf('alice')));
      expect(signIn.status()).toMatchObject({ state: { kind: 'good' }, acceptedAt: clock.now() });
      expect(usable).toBe(1);
    });

    it.each(['tls', 'starttls'] as const)('works at an Exchange in the house, by %s', async (security) => {
      const dovecot = await Dovecot.start({
        name: 'on-premises',
        certificates: houseCertificates,
        capability: 'IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
        users: [{ name: address, password: 'in-the-house' }],
        folders: [{ name: 'Sent Items' }],
        shared: [],
      });
      const port = security === 'tls' ? dovecot.imapPort : dovecot.starttlsPort;
      try {
        signIn.stop();
        start('exchange', { kind: 'password', user: address }, { host: 'localhost', port, security });
        await becomes('needed');
        expect(await signIn.password('wrong')).toMatchObject({ ok: false, error: { code: 'auth.refused' } });
        expect(await signIn.password('in-the-house')).toEqual(ok(null));
        expect(state()).toEqual({ kind: 'good' });
      } finally {
        await dovecot.stop();
      }
    });

    it('seals none that nobody could try', async () => {
      await lab.continuity.die();
      expect(await signIn.password(lab.passwordOf('alice'))).toMatchObject({
        ok: false,
        error: { code: 'network.unreachable' },
      });
      expect(await secrets.get(name)).toMatchObject({ ok: false });
      await lab.continuity.comesBack();
    });

    it('has no browser to offer, as the browser takes no password', async () => {
      expect(await signIn.begin('browser')).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
      start();
      expect(await signIn.password('x')).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    });
  });
});
