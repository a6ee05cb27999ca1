import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fillFolder } from '../../../e2e/lab/fill.ts';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { listOutages } from '../cache/queries/ledger-store.ts';
import { ReturningLaptop } from './testing/returning-laptop.ts';

/** What came in an outage of days. */
const messages = Number(process.env.PROOF_OUTAGE_MESSAGES ?? 300);
const batch = 25;

describe('an outage of days', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ employees: ['anna'], quirks: [] });
  });
  afterAll(() => lab.stop());

  it(`brings ${messages} messages with few commands, shows how far it is, and lets others have their turn`, async () => {
    const returning = new ReturningLaptop(lab, 'anna');
    try {
      const { db, account } = returning.laptop;
      returning.laptop.loses();
      const paragraph = 'We have looked at your offer and would like to know more about it.\r\n'.repeat(60);
      const names = Array.from({ length: messages }, (_, index) => `letter${String(index).padStart(5, '0')}`);
      await fillFolder(
        lab.continuity.mailbox('anna').access,
        'INBOX',
        names.map((name, index) => ({
          source: Buffer.from(
            `From: Clara Weiss <clara@outside.example>\r\nTo: ${addressOf('anna')}\r\nDate: Fri, 20 Nov 2026 08:29:00 +0000\r\nMessage-ID: <${name}@outside.example>\r\nSubject: ${name}\r\n\r\n${name}\r\n${paragraph}`,
          ),
          flags: index % 3 === 0 ? ['\\Seen'] : [],
          date: new Date(Date.UTC(2026, 10, 20) + index * 1000),
        })),
      );
      expect(await returning.pass('continuity')).toMatchObject({ ok: true });
      const before = lab.wire.given.length;
      const startedAt = performance.now();
      const delays = monitorEventLoopDelay({ resolution: 5 });
      delays.enable();
      returning.run();
      const steps = new Set<number>();
      await vi.waitFor(
        () => {
          steps.add(listOutages(db, account.id)[0]?.verified ?? 0);
          expect(returning.dones).toBe(1);
        },
        { timeout: 1_200_000, interval: 10 },
      );
      delays.disable();
      const seconds = (performance.now() - startedAt) / 1000;
      const given = lab.wire.given.slice(before).map(({ name }) => name);
      const count = (name: string) => given.filter((each) => each === name).length;
      const others = given.length - count('APPEND');
      console.info(
        `${messages} messages in ${seconds.toFixed(1)} s, ${Math.round(messages / seconds)} a second; ${count('APPEND')} APPEND and ${others} other commands; others wait ${Math.round(delays.percentile(99) / 1e6)} ms at the 99th percentile, ${Math.round(delays.max / 1e6)} ms at most`,
      );
      expect(returning.entries().every(({ outcome }) => outcome === 'appended')).toBe(true);
      const stands = await lab.exchange.mailbox('anna').messages('INBOX');
      expect(stands.map(({ messageId }) => messageId?.split('@')[0]).sort()).toEqual(names);
      expect(stands.filter(({ flags }) => flags.includes('\\Seen'))).toHaveLength(Math.ceil(messages / 3));
      expect(count('APPEND')).toBe(messages);
      // No search for each: what is looked at costs a few commands for every batch.
      expect(others).toBeLessThan(150 + (messages / batch) * 12);
      expect(count('SEARCH')).toBeLessThan(20);
      expect(steps.size).toBeGreaterThan(messages / batch / 3);
      // An answer to the window waits no longer than this, on a busy machine too.
      expect(delays.percentile(99) / 1e6).toBeLessThan(500);
    } finally {
      await returning.remove();
    }
  }, 1_300_000);
});
