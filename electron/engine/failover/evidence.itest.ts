import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import type { Address } from '../net/dial.ts';
import { certificate, is, outages, report, startCalmLab, startLab } from './testing/failover-lab.ts';
import { smallControl } from './testing/small-exchange.ts';

describe.concurrent('evidence on real sockets', () => {
  it('every door shut at once, and a message that waits: continuity after two refusals', async ({
    expect,
    onTestFinished,
  }) => {
    const lab = await startCalmLab(onTestFinished);
    await Promise.all([lab.imap.become('refuse'), lab.submission.become('refuse')]);
    lab.failover.report('sending', 'primary', appError('network.unreachable', 'soon'));
    report('refused at every door', await lab.until(is(lab, 'continuity'), 6_000));
    const { evidence, network, exchangeHost } = lab.failover.status();
    expect({ network, exchangeHost }).toEqual({ network: 'fine', exchangeHost: 'localhost' });
    expect(evidence.filter(({ asked, answer }) => asked === 'imap' && answer === 'refused')).toHaveLength(
      evidence.filter(({ asked }) => asked === 'imap').length,
    );
    expect(evidence.at(-1)).toMatchObject({ asked: 'neutral', answer: 'answered', host: null });
    expect(evidence.map(({ at }) => at)).toEqual(evidence.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it.for(['its mailboxes', 'everything of it'])(
    'a service that restarts for three seconds without a word, %s: no switch while nobody sends',
    async (what, { expect, onTestFinished }) => {
      const lab = await startCalmLab(onTestFinished);
      const links = what === 'its mailboxes' ? [lab.imap] : [lab.imap, lab.submission];
      await Promise.all(links.map((link) => link.become('refuse')));
      await pause(3_000);
      await Promise.all(links.map((link) => link.become('none')));
      await lab.until(() => lab.seen.at(-1) === 'primary', 15_000);
      expect(lab.seen).not.toContain('continuity');
      expect(outages(lab.db)).toEqual([]);
    },
  );

  it('sign-in that is away: said at once, and a switch after as long as policy allows', async ({
    expect,
    onTestFinished,
  }) => {
    let isAway = true;
    const lab = await startLab(onTestFinished, {
      control: async () =>
        isAway ? err(appError('auth.providerUnreachable', 'later')) : smallControl(port, certificate.cert)(),
      policy: { signInMinutes: 0.05 },
    });
    const { port } = lab.imap;
    await lab.until(() => lab.failover.status().signInAwaySince !== null, 10_000);
    expect(lab.failover.status()).toMatchObject({ kind: 'primary', reading: 'primary', sending: 'primary' });
    await lab.until(is(lab, 'continuity'), 15_000);
    expect(lab.failover.status().cause).toBe('signIn');
    isAway = false;
    await lab.until(() => lab.failover.routes.reading() === 'primary', 25_000);
    expect(lab.failover.status().signInAwaySince).toBeNull();
  });

  it('a captive portal that takes every connection: offline until the person has signed in there', async ({
    expect,
    onTestFinished,
  }) => {
    let isShut = true;
    const portal = createServer((_request, response) => {
      if (isShut)
        response.writeHead(302, { location: 'http://login.hotel.example/' }).end('<h1>Welcome</h1>');
      else response.end('success\n');
    });
    portal.listen(0, '127.0.0.1');
    await once(portal, 'listening');
    onTestFinished(() => void portal.close());
    const { port } = portal.address() as AddressInfo;
    const lab = await startLab(onTestFinished, {
      policy: { portalCheck: `http://localhost:${port}/success.txt`, portalCheckAnswer: 'success' },
    });
    await lab.imap.become('silent');
    await lab.until(() => lab.failover.status().network === 'portal', 15_000);
    expect(lab.failover.routes.sending()).toBeNull();
    expect(lab.failover.status().evidence).toContainEqual(
      expect.objectContaining({ asked: 'neutral', answer: 'portal' }),
    );
    isShut = false;
    await lab.imap.become('none');
    await lab.until(is(lab, 'primary'), 40_000);
    expect(outages(lab.db)).toEqual([]);
  });

  it.for(['its name does not exist here', 'its name leads out to the world'])(
    'a VPN that goes, and %s: no switch, and back with the VPN',
    async (what, { expect, onTestFinished }) => {
      let hasVpn = true;
      const inHouse: readonly Address[] = [
        { address: '127.0.0.1', family: 4 },
        { address: '10.255.255.1', family: 4 },
      ];
      const lookup = async (): Promise<readonly Address[]> => {
        if (hasVpn) return inHouse;
        if (what.includes('not exist')) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
        return [
          { address: '127.0.0.1', family: 4 },
          { address: '203.0.113.7', family: 4 },
        ];
      };
      const here = () => ({ name: hasVpn ? 'home, vpn' : 'home', hasVpn });
      const lab = await startCalmLab(onTestFinished, { lookup, here });
      hasVpn = false;
      await lab.imap.become('refuse');
      await lab.submission.become('refuse');
      lab.failover.networkChanged();
      await lab.until(() => lab.failover.status().network === 'elsewhere', 15_000);
      expect(lab.failover.status().kind).toBe('offline');
      hasVpn = true;
      await Promise.all([lab.imap.become('none'), lab.submission.become('none')]);
      lab.failover.networkChanged();
      await lab.until(is(lab, 'primary'), 15_000);
      expect(lab.seen).not.toContain('continuity');
      expect(outages(lab.db)).toEqual([]);
    },
  );

  it('names that are gone for everybody: continuity', async ({ expect, onTestFinished }) => {
    let isGone = false;
    const lookup = async (): Promise<readonly Address[]> => {
      if (isGone) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const lab = await startCalmLab(onTestFinished, { lookup });
    isGone = true;
    await lab.imap.become('reset');
    report('names gone', await lab.until(is(lab, 'continuity'), 12_000));
    expect(lab.failover.status().cause).toBe('name');
  });
});
