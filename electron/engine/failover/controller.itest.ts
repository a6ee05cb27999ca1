import { describe, it } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import { openOutage } from '../cache/queries/failover-store.ts';
import { certificate, is, outages, report, startCalmLab, startLab } from './testing/failover-lab.ts';
import { startDownload } from './testing/small-exchange.ts';

describe.concurrent('failover on real sockets', () => {
  it('an Exchange that refuses: continuity within 10 s', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('refuse');
    report('refused', await lab.until(is(lab, 'continuity'), 10_000));
    expect(lab.failover.status()).toMatchObject({
      cause: 'refused',
      reading: 'continuity',
      sending: 'continuity',
    });
    expect(outages(lab.db)).toEqual([{ cause: 'refused', isOpen: 1 }]);
  });

  it('an Exchange that resets: continuity within 10 s', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('reset');
    report('reset', await lab.until(is(lab, 'continuity'), 10_000));
    expect(lab.failover.status().cause).toBe('closed');
  });

  it('an Exchange that hangs: continuity within 20 s', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('silent');
    report('silent', await lab.until(is(lab, 'continuity'), 20_000));
    expect(lab.failover.status().cause).toBe('hanging');
  });

  it('an Exchange in a black hole: continuity within 20 s', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('blackHole');
    report('black hole', await lab.until(is(lab, 'continuity'), 20_000));
    expect(lab.failover.status().cause).toBe('hanging');
  });

  it('the first start in the middle of an outage', async ({ onTestFinished }) => {
    const identityAway = async () => err(appError('auth.providerUnreachable', 'later'));
    const lab = await startLab(onTestFinished, { control: identityAway });
    await lab.imap.become('silent');
    report('started in an outage', await lab.until(is(lab, 'continuity'), 20_000));
  });

  it('one lost connection: no switch', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('reset');
    await lab.imap.become('none');
    await lab.until(() => lab.seen.join() === 'suspect,primary', 10_000);
    expect(outages(lab.db)).toEqual([]);
  });

  it("the laptop's network goes: offline, no switch, and back", async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    const links = [lab.imap, lab.submission, lab.neutral];
    await Promise.all(links.map((link) => link.become('blackHole')));
    report('offline', await lab.until(is(lab, 'offline'), 20_000));
    expect(lab.failover.routes.reading()).toBeNull();
    expect(lab.failover.routes.sending()).toBeNull();
    await Promise.all(links.map((link) => link.become('none')));
    report('online again', await lab.until(is(lab, 'primary'), 15_000));
    expect(lab.seen).not.toContain('continuity');
    expect(outages(lab.db)).toEqual([]);
  });

  it('the network goes in an outage: offline, then the outage goes on', async ({
    expect,
    onTestFinished,
  }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('refuse');
    await lab.until(is(lab, 'continuity'), 10_000);
    await lab.neutral.become('refuse');
    await lab.until(is(lab, 'offline'), 20_000);
    await lab.neutral.become('none');
    await lab.until(is(lab, 'continuity'), 15_000);
    expect(outages(lab.db)).toEqual([{ cause: 'refused', isOpen: 1 }]);
  });

  it('a token that cannot be renewed: no switch, and a dead Exchange is noticed all the same', async ({
    expect,
    onTestFinished,
  }) => {
    const control = async () => err(appError('auth.providerUnreachable', 'later'));
    const lab = await startCalmLab(onTestFinished, { control });
    expect(outages(lab.db)).toEqual([]);
    await lab.imap.become('refuse');
    report('refused, without a session', await lab.until(is(lab, 'continuity'), 10_000));
  });

  it('submission alone: only sending moves', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.submission.become('refuse');
    lab.failover.report('sending', 'primary', appError('network.unreachable', 'soon'));
    report('submission refused', await lab.until(is(lab, 'continuity'), 10_000));
    expect(lab.failover.status()).toMatchObject({
      reading: 'primary',
      sending: 'continuity',
      cause: 'submission',
    });
    await lab.submission.become('none');
    await lab.until(() => lab.failover.routes.sending() === 'primary', 20_000);
  });

  it('comes back after the hold-down, reconciles, and closes the outage', async ({
    expect,
    onTestFinished,
  }) => {
    const lab = await startCalmLab(onTestFinished);
    let changes = 0;
    lab.failover.routes.onChange(() => {
      changes += 1;
    });
    await lab.imap.become('refuse');
    await lab.until(is(lab, 'continuity'), 10_000);
    await lab.imap.become('none');
    report('answer noticed', await lab.until(is(lab, 'returning'), 10_000));
    expect(lab.failover.routes.reading()).toBe('continuity');
    report('held down', await lab.until(() => lab.failover.routes.reading() === 'primary', 10_000));
    expect(lab.counts.reconciles).toBe(1);
    expect(openOutage(lab.db, lab.account.id)).not.toBeNull();
    lab.failover.reconciled();
    expect(lab.failover.status()).toMatchObject({ kind: 'primary', outageSince: null });
    expect(openOutage(lab.db, lab.account.id)).toBeNull();
    expect(changes).toBe(2);
  });

  it('goes on in its outage after a restart, and begins no second one', async ({
    expect,
    onTestFinished,
  }) => {
    const lab = await startCalmLab(onTestFinished);
    await lab.imap.become('refuse');
    await lab.until(is(lab, 'continuity'), 10_000);
    const before = lab.failover.status();
    await lab.restart();
    expect(lab.failover.status()).toEqual(before);
    await lab.imap.become('none');
    await lab.until(() => lab.counts.reconciles === 1, 20_000);
    await lab.restart();
    await lab.until(() => lab.counts.reconciles === 2, 10_000);
    expect(outages(lab.db)).toEqual([{ cause: 'refused', isOpen: 1 }]);
  });

  it('a disk that takes nothing does not stop a switch; the outage is recorded once it does', async ({
    expect,
    onTestFinished,
  }) => {
    const lab = await startCalmLab(onTestFinished);
    lab.db.pragma('query_only = ON');
    await lab.imap.become('refuse');
    await lab.until(is(lab, 'continuity'), 10_000);
    expect(outages(lab.db)).toEqual([]);
    lab.db.pragma('query_only = OFF');
    await lab.until(() => outages(lab.db).length === 1, 10_000);
  });

  it('800 ms each way is no outage', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished, { delayMs: 800, policy: { deadlineSeconds: 8 } });
    await lab.until(() => lab.counts.answers >= 4, 25_000);
    expect(lab.seen).toEqual([]);
    expect(outages(lab.db)).toEqual([]);
  });

  it('a line of 60 kB/s busy with a download is no outage', async ({ expect, onTestFinished }) => {
    const lab = await startCalmLab(onTestFinished, { line: { bytesPerSecond: 60_000, freeAt: 0 } });
    const download = startDownload(lab.imap.port, certificate.cert);
    onTestFinished(() => download.stop());
    await lab.until(() => lab.counts.answers >= 5 && download.received() > 400_000, 25_000);
    expect(outages(lab.db)).toEqual([]);
  });
});
