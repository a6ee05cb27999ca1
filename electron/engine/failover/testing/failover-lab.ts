import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { FailoverKind } from '../../../../shared/model/failover.ts';
import type { AccountId } from '../../../../shared/model/ids.ts';
import { ok } from '../../../../shared/result.ts';
import { upsertAccount } from '../../cache/accounts.ts';
import { type Database, openDatabase } from '../../cache/database.ts';
import type { Lookup } from '../../net/dial.ts';
import { directNetwork } from '../../net/testing/direct-network.ts';
import type { Clock, Logger } from '../../ports.ts';
import type { BulletinsOptions } from '../bulletins.ts';
import type { OpenControlSession } from '../control-watch.ts';
import { createFailover, type Failover, type FailoverOptions } from '../controller.ts';
import type { LaptopNetwork } from '../core/laptop-network.ts';
import { createExchangeGate } from '../exchange-gate.ts';
import { type FaultyLink, openFaultyLink, type SharedLine } from './faulty-link.ts';
import { testPolicy } from './policy.ts';
import {
  makeCertificate,
  type SmallServer,
  smallControl,
  startPlainServer,
  startSmallImap,
  startSmallStarttls,
} from './small-exchange.ts';

const silentLog: Logger = { info: () => {}, warn: () => {}, child: () => silentLog };
const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const outages = (db: Database): unknown[] =>
  db.prepare('SELECT cause, ended_at IS NULL AS isOpen FROM outage').all();

export interface FailoverLab {
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
  /**
   * Waits for `condition`, which is looked at whenever something happens; how long that took. `withinMs` is about a
   * machine that has nothing else to do: a busy one is given five times as long.
   */
  until(condition: () => boolean, withinMs: number): Promise<number>;
  restart(): Promise<void>;
}

export interface LabOptions {
  readonly delayMs?: number;
  readonly line?: SharedLine;
  readonly control?: OpenControlSession;
  readonly bulletins?: BulletinsOptions['policy'];
  readonly policy?: Partial<FailoverOptions['policy']>;
  /** What names lead to, instead of what this system says. */
  readonly lookup?: Lookup;
  readonly here?: () => LaptopNetwork;
}

type OnTestFinished = TestContext['onTestFinished'];

export const certificate = makeCertificate();
const trustsNobody = { keys: [], graveKeys: [], groups: [], spreadSeconds: 0 };

/** The product's own pace; only the hold-down is short. */
export async function startLab(
  onTestFinished: OnTestFinished,
  options: LabOptions = {},
): Promise<FailoverLab> {
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
  const { lookup } = options;
  const network = directNetwork([certificate.cert], lookup === undefined ? {} : { lookup });
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
        ...testPolicy,
        neutralHosts: [`127.0.0.1:${neutral.port}`],
        holdDownSeconds: 3,
        ...options.policy,
      },
      here: options.here ?? (() => ({ name: '', hasVpn: false })),
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
        }, 5 * withinMs);
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
export async function startCalmLab(
  onTestFinished: OnTestFinished,
  options: LabOptions = {},
): Promise<FailoverLab> {
  const lab = await startLab(onTestFinished, options);
  await lab.until(is(lab, 'primary'), 20_000);
  lab.seen.length = 0;
  return lab;
}

export const is = (lab: FailoverLab, kind: FailoverKind) => (): boolean =>
  lab.failover.status().kind === kind;

export const report = (what: string, ms: number): void =>
  console.info(`${what}: ${(ms / 1000).toFixed(1)} s`);
