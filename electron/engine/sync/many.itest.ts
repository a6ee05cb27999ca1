import { afterEach, describe, expect, it } from 'vitest';
import { fillFolder } from '../../../e2e/lab/fill.ts';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';

const isDeep = process.env.PROPERTY_RUNS !== undefined;
const folderCount = isDeep ? 2000 : 90;
const messageCount = Number(process.env.MANY_MESSAGES ?? 200_000);
const megabyte = 1024 * 1024;

describe('a mailbox', { timeout: isDeep ? 3_600_000 : 120_000 }, () => {
  let laptop: SyncedLaptop;
  afterEach(() => laptop.stop());

  const mailbox = () => laptop.lab.exchange.mailbox('alice');
  const letter = (id: number | string) =>
    Buffer.from(
      `From: Eva <eva@far.example>\r\nMessage-ID: <${id}@far.example>\r\nSubject: ${id}\r\n\r\nHello\r\n`,
    );

  it(`of ${folderCount} folders is asked about a few at a time, and what comes to any of them is found`, async () => {
    laptop = await startSyncedLaptop({ quirks: [] });
    const paths = Array.from(
      { length: folderCount },
      (_, index) => `Projects/${Math.floor(index / 50)}/Project ${index}`,
    );
    await mailbox().createFolders(paths);
    await laptop.pass();
    const moved = paths.at(-1) ?? '';
    await mailbox().append('INBOX', letter('inbox'));
    await mailbox().append(moved, letter('project'));
    const find = laptop.db.prepare<[string], 1>('SELECT 1 FROM message WHERE subject = ?').pluck();
    let passes = 0;
    while (find.get('project') === undefined) {
      const commands = await laptop.pass();
      passes += 1;
      // Sign-in, listing, two for each of 40 folders, and what is new.
      expect(commands.length).toBeLessThanOrEqual(100);
      expect(find.get('inbox')).toBe(1);
      expect(passes).toBeLessThanOrEqual(Math.ceil((folderCount + 50) / 30));
    }
    expect(passes).toBeGreaterThan(1);
  });

  it.runIf(isDeep)(
    `with a folder of ${messageCount} messages is looked through in little memory`,
    async () => {
      laptop = await startSyncedLaptop({ quirks: [], pollSeconds: 3600 });
      const old = new Date(Date.now() - 400 * 86_400_000);
      const mails = function* () {
        for (let number = 0; number < messageCount; number += 1)
          yield { source: letter(number), flags: ['\\Seen'], date: old };
      };
      await fillFolder(mailbox().access, 'Archive', mails());
      const before = process.memoryUsage().rss;
      let peak = before;
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss);
      }, 200);
      const startedAt = performance.now();
      laptop.runner.start();
      const surveyed = laptop.db.prepare<[], number>('SELECT count(*) FROM surveyed').pluck();
      await expect.poll(() => surveyed.get(), { timeout: 3_000_000, interval: 1000 }).toBe(messageCount);
      clearInterval(watch);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const memory = Math.round((peak - before) / megabyte);
      console.info(`a folder of ${messageCount} messages: ${seconds} s, ${memory} MB above the start`);
      expect(peak - before).toBeLessThan(500 * megabyte);
    },
  );
});
