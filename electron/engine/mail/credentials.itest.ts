import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../../../e2e/lab/certificates.ts';
import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Clock, Logger, Secrets } from '../ports.ts';
import { createCredentialSource } from './credentials.ts';
import { trustCertificates } from './trust.ts';
import type { CredentialSource } from './types.ts';

const minute = 60_000;
const logged: unknown[] = [];
const log: Logger = {
  info: (...entry) => void logged.push(entry),
  warn: (...entry) => void logged.push(entry),
  child: () => log,
};
const secret = { address: 'anna@corp.example', provider: 'exchange' } as const;

describe('credentials', () => {
  let folder: string;
  let certificates: Certificates;
  let issuer: string;
  let stop: () => void;
  /** What the token endpoint answers next; the last answer stays. */
  let answers: { readonly status: number; readonly body: unknown }[];
  let asked: URLSearchParams[];
  let now: number;
  let stored: Map<string, string>;

  const clock: Clock = { now: () => now, after: () => () => {} };
  const secrets: Secrets = {
    get: async ({ provider }) => {
      const value = stored.get(provider);
      return value === undefined ? err(appError('auth.missing', 'afterUserAction')) : ok(value);
    },
    put: async ({ provider }, value) => {
      stored.set(provider, value);
      return ok(null);
    },
  };
  const token = (access_token: string, more: object = {}) => ({
    status: 200,
    body: { access_token, token_type: 'Bearer', expires_in: 3600, ...more },
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-credentials-'));
    certificates = makeCertificates(folder, 'issuer');
    trustCertificates([certificates.authority]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    answers = [];
    asked = [];
    now = 1_000_000;
    stored = new Map([['exchange', 'refresh-1']]);
    const server = createServer(
      { key: certificates.key, cert: certificates.certificate },
      async (request, response) => {
        const say = (status: number, body: unknown) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        };
        if (request.url?.startsWith('/.well-known/'))
          return say(200, { issuer, token_endpoint: `${issuer}token` });
        let form = '';
        for await (const chunk of request) form += String(chunk);
        asked.push(new URLSearchParams(form));
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        say(answer?.status ?? 500, answer?.body ?? {});
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `https://localhost:${(server.address() as AddressInfo).port}/`;
    stop = () => {
      server.close();
      server.closeAllConnections();
    };
  });
  afterEach(() => stop());

  const source = (): CredentialSource =>
    createCredentialSource({
      settings: {
        kind: 'oauth',
        issuer,
        clientId: 'relevo',
        scopes: ['mail', 'offline_access'],
        user: 'anna',
      },
      secret,
      secrets,
      clock,
      log,
    });
  const shown = (accessToken: string) => ok({ kind: 'accessToken', user: 'anna', accessToken });

  it('are a password as it stands in the key store', async () => {
    const passwords = createCredentialSource({
      settings: { kind: 'password', user: 'anna' },
      secret: { ...secret, provider: 'continuity' },
      secrets,
      clock,
      log,
    });
    expect(await passwords()).toEqual(err(appError('auth.missing', 'afterUserAction')));
    stored.set('continuity', 'hunter2');
    expect(await passwords()).toEqual(ok({ kind: 'password', user: 'anna', password: 'hunter2' }));
  });

  it('are an access token, got by the refresh token', async () => {
    answers = [token('access-1')];
    expect(await source()()).toEqual(shown('access-1'));
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      scope: 'mail offline_access',
      client_id: 'relevo',
    });
  });

  it('are renewed five minutes before their end, and not before', async () => {
    answers = [token('access-1'), token('access-2')];
    const credentials = source();
    await credentials();
    now += 54 * minute;
    expect(await credentials()).toEqual(shown('access-1'));
    now += 2 * minute;
    expect(await credentials()).toEqual(shown('access-2'));
    expect(asked).toHaveLength(2);
  });

  it('are renewed once, however many ask', async () => {
    answers = [token('access-1')];
    const credentials = source();
    const all = await Promise.all(Array.from({ length: 10 }, () => credentials()));
    expect(all).toEqual(Array.from({ length: 10 }, () => shown('access-1')));
    expect(asked).toHaveLength(1);
  });

  it('are renewed when a server has refused them, once for all who were refused', async () => {
    answers = [token('access-1'), token('access-2')];
    const credentials = source();
    const first = await credentials();
    if (!first.ok) throw new Error(first.error.code);
    expect(await Promise.all([credentials(first.value), credentials(first.value)])).toEqual([
      shown('access-2'),
      shown('access-2'),
    ]);
    expect(await credentials(first.value)).toEqual(shown('access-2'));
    expect(asked).toHaveLength(2);
  });

  it('put a rotated refresh token back into the key store', async () => {
    answers = [token('access-1', { refresh_token: 'refresh-2' })];
    await source()();
    expect(stored.get('exchange')).toBe('refresh-2');
  });

  it.each([
    ['refuses the refresh token', { status: 400, body: { error: 'invalid_grant' } }, 'auth.expired'],
    ['refuses this application', { status: 401, body: { error: 'invalid_client' } }, 'auth.refused'],
    ['fails', { status: 503, body: { error: 'temporarily_unavailable' } }, 'auth.providerUnreachable'],
    ['speaks nonsense', { status: 200, body: '<html>Welcome</html>' }, 'auth.providerUnreachable'],
    ['gives something else', { status: 200, body: { hello: 1 } }, 'auth.providerUnreachable'],
  ] as const)('keep the refresh token when the provider %s', async (_what, answer, code) => {
    answers = [answer];
    expect(await source()()).toEqual({ ok: false, error: expect.objectContaining({ code }) });
    expect(stored.get('exchange')).toBe('refresh-1');
  });

  it('wait for a provider that is away, and come when it is back', async () => {
    const credentials = source();
    const port = Number(new URL(issuer).port);
    stop();
    expect(await credentials()).toEqual(err(appError('auth.providerUnreachable', 'later')));
    expect(stored.get('exchange')).toBe('refresh-1');
    expect(port).toBeGreaterThan(0);
  });

  it('are in no log', () => {
    expect(logged.length).toBeGreaterThan(5);
    expect(JSON.stringify(logged)).not.toMatch(/access-|refresh-|hunter2|anna/);
  });
});
