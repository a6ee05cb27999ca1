import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { askHealthPage } from './health-page.ts';
import { certificate, is, startCalmLab } from './testing/failover-lab.ts';

/** What an Exchange in the house says at /owa/healthcheck.htm, and what it says while it is not well. */
const answers = {
  well: (response: ServerResponse) => response.end('200 OK<br/>EX01.corp.example'),
  unwell: (response: ServerResponse) => response.writeHead(503).end(),
  'elsewhere: sign in': (response: ServerResponse) =>
    response.writeHead(302, { location: 'https://localhost/owa/auth' }).end(),
  'nothing, ever': () => {},
} as const;

async function startPage(
  answer: keyof typeof answers,
  onTestFinished: TestContext['onTestFinished'],
): Promise<{ readonly url: string; asked: number }> {
  const page = { url: '', asked: 0 };
  const server = createServer(certificate, (_, response) => {
    page.asked += 1;
    answers[answer](response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  page.url = `https://localhost:${(server.address() as AddressInfo).port}/owa/healthcheck.htm`;
  return page;
}

describe.concurrent('the health pages of an Exchange in the house', () => {
  it.for([
    ['well', 'open', 60_000],
    ['unwell', 'shut', 60_000],
    ['elsewhere: sign in', 'shut', 60_000],
    ['nothing, ever', 'shut', 100],
  ] as const)('one that says "%s" is %s', async ([answer, door, longestMs], { expect, onTestFinished }) => {
    const { url } = await startPage(answer, onTestFinished);
    const limits = { signal: new AbortController().signal, longestMs };
    expect(await askHealthPage(directNetwork([certificate.cert]).fetchFor('primary'), url, limits)).toBe(
      door,
    );
  });

  it('one that shows a certificate that nobody vouches for is shut, whatever it says', async ({
    expect,
    onTestFinished,
  }) => {
    const { url } = await startPage('well', onTestFinished);
    const limits = { signal: new AbortController().signal, longestMs: 60_000 };
    expect(await askHealthPage(directNetwork([]).fetchFor('primary'), url, limits)).toBe('shut');
  });

  it.for([
    ['unwell', 'two refusals are enough for a message that waits'],
    ['well', 'more are needed, since it may be restarting'],
  ] as const)(
    'where IMAP refuses, submission says nothing and the page is %s, %s',
    async ([answer], { expect, onTestFinished }) => {
      const page = await startPage(answer, onTestFinished);
      const lab = await startCalmLab(onTestFinished, {
        policy: { healthPages: [page.url], deadlineSeconds: 30 },
      });
      expect(page.asked).toBe(0);
      await Promise.all([lab.imap.become('refuse'), lab.submission.become('blackHole')]);
      lab.failover.report('sending', 'primary', appError('network.timeout', 'soon'));
      await lab.until(is(lab, 'continuity'), 20_000);
      // The first may have failed before the network was seen, and does not count then.
      const refusals = lab.failover.status().evidence.filter(({ asked }) => asked === 'imap').length;
      expect(refusals >= 4).toBe(answer === 'well');
      expect(page.asked).toBeGreaterThanOrEqual(2);
    },
  );
});
