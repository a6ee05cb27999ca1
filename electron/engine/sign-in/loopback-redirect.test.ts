import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackRedirect, listenForRedirect } from './loopback-redirect.ts';

const state = 'the-state-of-this-sign-in';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  url: string,
  options: { readonly method?: string; readonly host?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', host } = options;
    const sent = request(url, { method, agent: false, ...(host === undefined ? {} : { headers: { host } }) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.end();
  });
}

describe('the way back from the browser', () => {
  let redirect: LoopbackRedirect;
  let arrivals: string[];

  beforeEach(async () => {
    arrivals = [];
    redirect = await listenForRedirect(state);
    void redirect.arrived.then(({ url, show }) => {
      arrivals.push(url.search);
      show('<p>done</p>');
    });
  });
  afterEach(() => redirect.close());

  const good = () => `${redirect.uri}?code=good&state=${state}`;

  it('is on this laptop alone', async () => {
    expect(redirect.uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others)
      await expect(
        new Promise((resolve, reject) =>
          connect(Number(new URL(redirect.uri).port), address)
            .once('connect', resolve)
            .once('error', reject),
        ),
      ).rejects.toThrow();
  });

  it('takes the person in, shows a page that can do nothing, and is closed', async () => {
    const { status, headers, body } = await ask(good());
    expect({ status, body }).toEqual({ status: 200, body: '<p>done</p>' });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(arrivals).toEqual([`?code=good&state=${state}`]);
    await expect(ask(good())).rejects.toThrow();
  });

  it.each([
    ['without a state', () => `${redirect.uri}?code=evil`, {}],
    ['with another state', () => `${redirect.uri}?code=evil&state=guess`, {}],
    ['with a state that only begins well', () => `${redirect.uri}?code=evil&state=${state}x`, {}],
    ['with two states', () => `${redirect.uri}?code=evil&state=${state}&state=${state}`, {}],
    ['at another path', () => `${redirect.uri}favicon.ico?code=evil&state=${state}`, {}],
    ['by POST', good, { method: 'POST' }],
    ['for another host (DNS rebinding)', good, { host: 'evil.example' }],
    ['for another name of this host', good, { host: 'localhost' }],
  ] as const)('turns away who comes %s, and goes on waiting', async (_how, url, options) => {
    expect(await ask(url(), options)).toMatchObject({ status: 404, body: '' });
    expect(arrivals).toEqual([]);
    expect(await ask(good())).toMatchObject({ status: 200 });
    expect(arrivals).toHaveLength(1);
  });

  it('passes on what the provider says instead of a code', async () => {
    await ask(`${redirect.uri}?error=access_denied&state=${state}`);
    expect(arrivals).toEqual([`?error=access_denied&state=${state}`]);
  });

  it('lets nobody keep it from closing', async () => {
    const hanging = connect(Number(new URL(redirect.uri).port), '127.0.0.1');
    await new Promise((resolve) => hanging.once('connect', resolve));
    const gone = new Promise((resolve) => hanging.once('close', resolve));
    hanging.on('error', () => {});
    redirect.close();
    await gone;
  });
});

it('counts the first who comes, though the page is not ready yet', async () => {
  const redirect = await listenForRedirect(state);
  const url = `${redirect.uri}?code=first&state=${state}`;
  const first = ask(url);
  const arrival = await redirect.arrived;
  await expect(ask(`${redirect.uri}?code=second&state=${state}`)).rejects.toThrow();
  arrival.show('ready');
  expect(await first).toMatchObject({ status: 200, body: 'ready' });
  expect(arrival.url.searchParams.get('code')).toBe('first');
});
