import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { jwtVerify, SignJWT } from 'jose';
import type { Provider } from 'oidc-provider';
import type { Certificates } from '../certificates.ts';
import type { Fault, FaultProxy } from '../fault-proxy.ts';
import { createOpenIdProvider, grantRefreshToken } from './openid-provider.ts';
import { Store } from './store.ts';

/**
 * How the provider answers. `invalidGrant`, `invalidClient`: the token endpoint refuses. `fails`: 503 to everything.
 * `hangs`: no answer at all. `captivePortal`: everything is a page of a hotel; `redirects`: leads to one. `brokenJson`:
 * an answer that breaks off.
 */
export type IssuerMode =
  | 'works'
  | 'invalidGrant'
  | 'invalidClient'
  | 'fails'
  | 'hangs'
  | 'captivePortal'
  | 'redirects'
  | 'brokenJson';

export interface IssuerSetup {
  readonly certificates: Certificates;
  /** The HS256 secret of the access tokens, which Dovecot and the submission know, to validate them by themselves. */
  readonly secret: Uint8Array;
  readonly signsIn: (address: string, password: string) => boolean;
}

/** The company's identity provider: a real one, with the ways to fail that a test wants. */
export class Issuer {
  readonly port: number;
  /** Seconds that an access token lasts. */
  tokenLifetime = 3600;
  mode: IssuerMode = 'works';
  /** How often a token was asked for. */
  requests = 0;
  readonly store = new Store();
  readonly #server: https.Server;
  readonly #setup: IssuerSetup;
  /** Refresh tokens that work only after the person was seen again. */
  readonly #mustBeSeen = new Set<string>();
  readonly #saving = new Set<Promise<unknown>>();
  #front: FaultProxy | null = null;
  #provider: Provider | null = null;
  #listener: RequestListener = (_request, response) => response.destroy();

  private constructor(server: https.Server, setup: IssuerSetup) {
    this.#server = server;
    this.#setup = setup;
    this.port = (server.address() as net.AddressInfo).port;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  static async start(setup: IssuerSetup): Promise<Issuer> {
    const { key, certificate: cert } = setup.certificates;
    const server = https.createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Issuer(server, setup);
  }

  /** The proxy in front of it is the address that laptops know it by. */
  async publishedBehind(front: FaultProxy): Promise<void> {
    this.#front = front;
    this.#provider = await createOpenIdProvider({
      url: this.url,
      store: this.store,
      secret: this.#setup.secret,
      tokenLifetime: () => this.tokenLifetime,
      signsIn: this.#setup.signsIn,
      wantsToSee: (refreshToken) => this.#mustBeSeen.has(refreshToken),
    });
    this.#listener = this.#provider.callback();
  }

  get url(): string {
    return `https://localhost:${this.#front?.port ?? this.port}`;
  }

  /** Nobody reaches it any more, while everything else goes on. */
  async dark(fault: Fault = 'refuse'): Promise<void> {
    await this.#front?.fault(fault);
  }

  async comesBack(): Promise<void> {
    await this.#front?.fault('none');
  }

  /** A refresh token for an employee, as a sign-in would have given it. */
  grant(address: string): string {
    if (this.#provider === null) throw new Error('not published');
    const { token, saved } = grantRefreshToken(this.#provider, address);
    this.#saving.add(saved);
    void saved.then(() => this.#saving.delete(saved));
    return token;
  }

  /** Conditional access: no refresh token of the employee works before they have signed in again. */
  wantsToSee(address: string): void {
    for (const token of this.store.refreshTokensOf(address)) this.#mustBeSeen.add(token);
  }

  /** Takes every refresh token of the employee back. */
  revoke(address: string): void {
    for (const token of this.store.refreshTokensOf(address)) this.store.forget(token);
  }

  /** An access token without a sign-in. */
  accessTokenFor(address: string): Promise<string> {
    return new SignJWT({ email: address })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(address)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + this.tokenLifetime)
      .sign(this.#setup.secret);
  }

  /** The employee that a valid access token is for; null for any other. */
  async verify(accessToken: string): Promise<string | null> {
    try {
      const { payload } = await jwtVerify(accessToken, this.#setup.secret);
      return typeof payload.email === 'string' ? payload.email : null;
    } catch {
      return null;
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const isTokenRequest = request.url === '/token';
    if (isTokenRequest) this.requests += 1;
    const { mode } = this;
    if (mode === 'hangs') return;
    const canned = isTokenRequest || !mode.startsWith('invalid') ? cannedAnswers[mode] : undefined;
    if (canned === undefined)
      return void Promise.all(this.#saving).then(() => this.#listener(request, response));
    response.writeHead(canned.status, { 'content-type': canned.type, location: '/hotel' }).end(canned.body);
  }
}

const json = 'application/json';
const cannedAnswers: Partial<Record<IssuerMode, { status: number; type: string; body: string }>> = {
  invalidGrant: { status: 400, type: json, body: '{"error":"invalid_grant"}' },
  invalidClient: { status: 400, type: json, body: '{"error":"invalid_client"}' },
  fails: { status: 503, type: json, body: '{"error":"temporarily_unavailable"}' },
  captivePortal: { status: 200, type: 'text/html', body: '<html><body>Welcome to the hotel</body></html>' },
  redirects: { status: 302, type: 'text/html', body: '' },
  brokenJson: { status: 200, type: json, body: '{"access_token":"ey' },
};
