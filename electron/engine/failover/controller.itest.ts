import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import type { FailoverKind } from '../../../shared/model/failover.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import { openOutage } from '../cache/queries/failover-store.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Clock, Logger } from '../ports.ts';
import type { BulletinsOptions } from './bulletins.ts';
import type { OpenControlSession } from './control-watch.ts';
import { createFailover, type Failover } from './controller.ts';
import { createExchangeGate } from './exchange-gate.ts';
import { type FaultyLink, openFaultyLink, type SharedLine } from './testing/faulty-link.ts';
import {
  makeCertificate,
  type SmallServer,
  smallControl,
  startDownload,
  startPlainServer,
  startSmallImap,
  startSmallStarttls,
} from './testing/small-exchange.ts';

const silentLog: Logger = { info: () => {}, warn: () => {}, child: () => silentLog };
const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const outages = (db: Database): unknown[] =>
  db.prepare('SELECT cause, ended_at IS NULL AS isOpen FROM outage').all();

interface Lab {
  readonly imap: FaultyLink;
  readonly submission: FaultyLink;
  readonly neutral: FaultyLink;
  readonly db: Database;
  readonly account: { readonly id: AccountId };
  /** The one that runs now. */
  readonly failover: Failover;
  /** Every kind of state announced since the last clearing. */
  readonly seen: string[];
  /** How often reconciling was asked for, and the control connection answered. */
  readonly counts: { reconciles: number; answers: number };
  /** Waits for `condition`, which is looked at whenever something happens; how long that took. */
  until(condition: () => boolean, withinMs: number): Promise<number>;
  restart(): Promise<void>;
}

interface LabOptions {
  readonly delayMs?: number;
  readonly line?: SharedLine;
  readonly control?: OpenControlSession;
  readonly bulletins?: BulletinsOptions['policy'];
}

type OnTestFinished = TestContext['onTestFinished'];

const certificate = makeCertificate();
const trustsNobody = { keys: [], graveKeys: [], groups: [], spreadSeconds: 0 };
const network = directNetwork([certificate.cert]);

/** The product's own pace; only the hold-down is short. */
async function startLab(onTestFinished: OnTestFinished, options: LabOptions = {}): Promise<Lab> {
  const keep = <T extends { close(): unknown }>(closable: T): T => {
    onTestFinished(async () => {
      await closable.close();
    });
    return closable;
  };
  const linkTo = async (server: SmallServer): Promise<FaultyLink> =>
    keep(await openFaultyLink(keep(server).port, options));
  const imap = await linkTo(await startSmallImap(certificate));
  const submission = await linkTo(await startSmallStarttls(certificate, 'submission'));
  const neutral = await linkTo(await startPlainServer());
  const folder = mkdtempSync(join(tmpdir(), 'relevo-failover-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
  if (!opened.ok) throw new Error(opened.error.code);
  const db = keep(opened.value);
  const address = 'anna@corp.example';
  const account = { id: upsertAccount(db, { address, displayName: 'Anna' }), address };
  const gate = createExchangeGate(network);

  const seen: string[] = [];
  const counts = { reconciles: 0, answers: 0 };
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  const control: OpenControlSession = async () => {
    const opened = await (options.control ?? smallControl(imap.port, certificate.cert))();
    if (!opened.ok) return opened;
    const session = opened.value;
    const noop = async (deadlineMs: number) => {
      const answer = await session.noop(deadlineMs);
      if (answer.ok) counts.answers += 1;
      look();
      return answer;
    };
    return ok({ closed: session.closed, close: () => session.close(), noop });
  };
  const create = (): Failover =>
    createFailover({
      account,
      db,
      network: gate.network,
      gate,
      exchange: {
        imap: { host: 'localhost', port: imap.port, security: 'tls' },
        submission: { host: 'localhost', port: submission.port, security: 'starttls' },
        authentication: { kind: 'password', user: 'anna' },
      },
      openControlSession: control,
      policy: {
        neutralHosts: [`127.0.0.1:${neutral.port}`],
        portalCheck: null,
        portalCheckAnswer: 'success',
        healthPages: [],
        idleProbeSeconds: 60,
        signInMinutes: 15,
        probeSeconds: 2,
        deadlineSeconds: 3,
        holdDownSeconds: 3,
        spreadSeconds: 0,
        mayGoUrgently: true,
        mayChoose: true,
        choiceHours: 12,
      },
      here: () => ({ name: '', hasVpn: false }),
      bulletins: { platform: 'linux', policy: options.bulletins ?? trustsNobody },
      clock,
      log: silentLog,
      announce: (topic) => {
        if (topic === 'failover') seen.push(failover.status().kind);
        look();
      },
      startReconcile: () => {
        counts.reconciles += 1;
      },
    });

  let failover = create();
  onTestFinished(() => failover.stop());
  failover.start();
  return {
    imap,
    submission,
    neutral,
    db,
    account,
    seen,
    counts,
    get failover() {
      return failover;
    },
    until: (condition, withinMs) =>
      new Promise((resolve, reject) => {
        const begun = performance.now();
        const check = (): void => {
          if (!condition()) return;
          clearTimeout(late);
          waiting.delete(check);
          resolve(performance.now() - begun);
        };
        const late = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`Still ${JSON.stringify(failover.status())}, seen ${seen.join()}`));
        }, withinMs);
        waiting.add(check);
        check();
      }),
    restart: async () => {
      await failover.stop();
      failover = create();
      failover.start();
    },
  };
}

/** Starts and waits until all is well. */
async function startCalmLab(onTestFinished: OnTestFinished, options: LabOptions = {}): Promise<Lab> {
  const lab = await startLab(onTestFinished, options);
  await lab.until(is(lab, 'primary'), 20_000);
  lab.seen.length = 0;
  return lab;
}

const is = (lab: Lab, kind: FailoverKind) => (): boolean => lab.failover.status().kind === kind;

const report = (what: string, ms: number): void => console.info(`${what}: ${(ms / 1000).toFixed(1)} s`);

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
    const lab = await startCalmLab(onTestFinished, { delayMs: 800 });
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
