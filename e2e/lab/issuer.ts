import { randomUUID } from 'node:crypto';
import https from 'node:https';
import type net from 'node:net';
import { jwtVerify, SignJWT } from 'jose';
import type { Certificates } from './certificates.ts';

/**
 * A small OpenID provider: discovery, and the token endpoint with the refresh_token grant. Its access tokens are
 * JWTs (HS256), which Dovecot and the submission validate by themselves.
 */
export class Issuer {
  readonly port: number;
  readonly secret: Uint8Array;
  /** Seconds that an access token lasts. */
  tokenLifetime = 3600;
  /** What the token endpoint answers: tokens, an explicit refusal, or a failure of its own. */
  mode: 'works' | 'invalidGrant' | 'fails' = 'works';
  /** How often a token was asked for. */
  requests = 0;
  readonly #server: https.Server;
  readonly #refreshTokens = new Map<string, string>();
  #publicUrl: string;

  private constructor(server: https.Server, port: number, secret: Uint8Array) {
    this.#server = server;
    this.port = port;
    this.secret = secret;
    this.#publicUrl = `https://localhost:${port}`;
  }

  static async start(certificates: Certificates, secret: Uint8Array): Promise<Issuer> {
    let issuer: Issuer | null = null;
    const server = https.createServer(
      { key: certificates.key, cert: certificates.certificate },
      (request, response) => {
        void issuer?.answer(request).then(
          ({ status, body }) => {
            response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
            response.end(JSON.stringify(body));
          },
          () => response.destroy(),
        );
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = new Issuer(server, (server.address() as net.AddressInfo).port, secret);
    return issuer;
  }

  /** The address that laptops know it by: the proxy in front of it. */
  publishedAs(port: number): void {
    this.#publicUrl = `https://localhost:${port}`;
  }

  get url(): string {
    return this.#publicUrl;
  }

  /** A refresh token for an employee, as a sign-in would have given it. */
  grant(address: string): string {
    const token = `refresh-${randomUUID()}${randomUUID()}`.replaceAll('-', '');
    this.#refreshTokens.set(token, address);
    return token;
  }

  /** The employee that a valid access token is for; null for any other. */
  async verify(accessToken: string): Promise<string | null> {
    try {
      const { payload } = await jwtVerify(accessToken, this.secret);
      return typeof payload.email === 'string' ? payload.email : null;
    } catch {
      return null;
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async answer(
    request: NodeJS.ReadableStream & { readonly url?: string | undefined },
  ): Promise<{ status: number; body: unknown }> {
    if (this.mode === 'fails') return { status: 503, body: { error: 'temporarily_unavailable' } };
    if (request.url === '/.well-known/openid-configuration')
      return {
        status: 200,
        body: {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
      };
    if (request.url !== '/token') return { status: 404, body: { error: 'not_found' } };
    this.requests += 1;
    const form = new URLSearchParams(await readAll(request));
    const refreshToken = form.get('refresh_token') ?? '';
    const address = this.#refreshTokens.get(refreshToken);
    if (this.mode === 'invalidGrant' || address === undefined || form.get('grant_type') !== 'refresh_token')
      return { status: 400, body: { error: 'invalid_grant' } };
    const accessToken = await new SignJWT({ email: address })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(address)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + this.tokenLifetime)
      .sign(this.secret);
    return {
      status: 200,
      body: {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: this.tokenLifetime,
        refresh_token: refreshToken,
      },
    };
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
