import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../e2e/lab/certificates.ts';
import { networkFailureOf } from './failure.ts';
import type { Network } from './network.ts';
import { directNetwork } from './testing/direct-network.ts';

describe('HTTPS', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let network: Network;
  let answer: (request: IncomingMessage, response: ServerResponse) => unknown = () => {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-https-'));
    const { authority, certificate, key } = makeCertificates(folder, 'web');
    server = createServer({ cert: certificate, key }, (request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/path?query=1`;
    network = directNetwork([authority]);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const failureOf = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (error: unknown) => networkFailureOf(error),
    );

  it('carries method, headers and body both ways', async () => {
    answer = async (request, response) => {
      const { method, url: path, headers } = request;
      const body = await text(request);
      response.writeHead(201, { 'x-one': 'a', 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ method, path, body, asked: headers['x-asked'], type: headers['content-type'] }),
      );
    };
    const got = await network.fetchFor('primary')(url, {
      method: 'POST',
      headers: { 'x-asked': 'yes' },
      body: new URLSearchParams({ code: 'ä' }),
    });
    expect([got.status, got.headers.get('x-one')]).toEqual([201, 'a']);
    expect(await got.json()).toEqual({
      method: 'POST',
      path: '/path?query=1',
      body: 'code=%C3%A4',
      asked: 'yes',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
    });
  });

  it('follows no redirect', async () => {
    answer = (_request, response) =>
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
    const got = await network.fetchFor('primary')(url);
    expect([got.status, got.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
  });

  it('never goes in clear', async () => {
    const asked = network.fetchFor('primary')(url.replace('https:', 'http:'));
    expect(await failureOf(asked)).toMatchObject({ code: 'network.tlsStripped' });
  });

  it('ends with the signal of whoever asks, with its reason', async () => {
    const controller = new AbortController();
    answer = () => controller.abort(new Error('enough'));
    const asked = network.fetchFor('primary')(url, { signal: controller.signal });
    await expect(asked).rejects.toThrow('enough');
  });

  it('a connection that is cut, an answer that is none, and one without end', async () => {
    const ask = () => failureOf(network.fetchFor('primary')(url));
    answer = (request) => request.socket.destroy();
    expect(await ask()).toMatchObject({ code: 'network.closed' });
    answer = (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    expect(await ask()).toMatchObject({ code: 'server.protocol' });
    answer = (_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour).on('error', () => {});
      pour();
    };
    expect(await ask()).toMatchObject({ code: 'server.protocol' });
    expect(network.evidence()).toMatchObject([{ phase: 'greeting', code: 'tooLarge' }]);
  });
});
