import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { networkTrusting } from './connection.ts';
import { signInByDeviceCode } from './sign-in.ts';

let server: Server | null = null;
afterEach(() => {
  server?.close();
});

/** An OpenID provider that gives a device code, and answers the questions for a token in this order. */
async function startProvider(answers: readonly (readonly [status: number, body: object])[]): Promise<URL> {
  const waiting = [...answers];
  let issuer = '';
  const paths: Record<string, () => readonly [number, object]> = {
    '/.well-known/openid-configuration': () => [
      200,
      {
        issuer,
        token_endpoint: `${issuer}/token`,
        device_authorization_endpoint: `${issuer}/device`,
      },
    ],
    '/device': () => [
      200,
      {
        device_code: 'device',
        user_code: 'ABCD-EFGH',
        verification_uri: 'https://example.org/device',
        expires_in: 60,
        interval: 1,
      },
    ],
    '/token': () => waiting.shift() ?? [500, {}],
  };
  server = createServer((request, response) => {
    const [status, body] = paths[request.url ?? '']?.() ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new URL(issuer);
}

const fetch = networkTrusting(null).fetchFor('primary');
const pending = [400, { error: 'authorization_pending' }] as const;

describe('signing in by device code', () => {
  it('tells where to enter the code, waits for it, and yields the token', async () => {
    const issuer = await startProvider([
      pending,
      [200, { access_token: 'token', token_type: 'bearer', expires_in: 3600 }],
    ]);
    const told: string[] = [];
    const token = await signInByDeviceCode({
      issuer,
      clientId: 'probe',
      scope: 'mail',
      fetch,
      tell: (sentence) => told.push(sentence),
    });
    expect(token).toBe('token');
    expect(told).toEqual(['Open https://example.org/device and enter the code ABCD-EFGH']);
  });

  it('rejects when the person refuses', async () => {
    const issuer = await startProvider([[400, { error: 'access_denied' }]]);
    const signingIn = signInByDeviceCode({ issuer, clientId: 'probe', scope: 'mail', fetch, tell: () => {} });
    await expect(signingIn).rejects.toMatchObject({ error: 'access_denied' });
  });
});
