import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SecondClient } from '../../../../e2e/lab/second-client.ts';
import { seedMailbox } from '../../../../e2e/lab/seeder.ts';
import { hasWitness } from '../../../../e2e/lab/witness.ts';
import { differences } from '../../../../e2e/proof/differences.ts';
import { Laboratory, type TestMailbox } from '../../../../e2e/proof/laboratory.ts';
import type { Database } from '../../cache/database.ts';
import { randomFrom, seed } from './testing/random.ts';
import { halfMessages } from './testing/stored-copy.ts';

/** `npm run test:deep` asks for more. */
const kills = Number(process.env.PROOF_KILLS ?? 20);
const killsOfASync = 20;

describe.skipIf(!hasWitness)('a first sync that is killed again and again', { timeout: 14_400_000 }, () => {
  let laboratory: Laboratory;
  let mailbox: TestMailbox;

  beforeAll(() => {
    laboratory = new Laboratory();
  });
  afterEach(() => mailbox.remove());
  afterAll(() => laboratory.close());

  it(`fetches nothing twice that it had committed, shows no half message, and ends exact (${kills} kills)`, async () => {
    const random = randomFrom(seed);
    const totals = { kills: 0, bodies: 0, bytes: 0, again: 0, againBytes: 0 };
    const startedAt = performance.now();
    while (totals.kills < kills) {
      mailbox = await laboratory.mailbox([]);
      await fill(mailbox, 200, Math.floor(random() * 1000));
      const committed = new Set<string>();
      for (let times = 0; times < killsOfASync; times += 1) {
        const before = mailbox.given.length;
        const engine = await mailbox.start(1 + Math.floor(random() * 60));
        await engine.work(1_000_000, 3000);
        engine.kill();
        await engine.ended;
        totals.kills += 1;
        const refetched = mailbox.given
          .slice(before)
          .filter((body) => committed.has(`${body.folder} ${body.uid}`));
        expect(refetched, `seed ${seed}`).toEqual([]);
        expect(mailbox.read(halfMessages), `seed ${seed}`).toEqual([]);
        for (const place of mailbox.read(placesOf)) committed.add(place);
      }
      const before = mailbox.given.length;
      const engine = await mailbox.start();
      expect(await engine.rest(180_000)).toMatchObject({ reason: null });
      await engine.stop();
      expect((await differences(mailbox)).found, `seed ${seed}`).toEqual([]);
      expect(
        mailbox.given.slice(before).filter(({ folder, uid }) => committed.has(`${folder} ${uid}`)),
      ).toEqual([]);
      const met = new Set<string>();
      for (const { folder, uid, bytes } of mailbox.given) {
        const isAgain = met.has(`${folder} ${uid}`);
        met.add(`${folder} ${uid}`);
        totals.bodies += 1;
        totals.bytes += bytes;
        if (isAgain) totals.again += 1;
        if (isAgain) totals.againBytes += bytes;
      }
      await mailbox.remove();
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `seed ${seed}: ${totals.kills} kills in ${seconds} s; ${totals.bodies} messages of ${totals.bytes} bytes given, of which ${totals.again} (${totals.againBytes} bytes) again since they were not committed`,
    );
  });
});

async function fill({ access, account }: TestMailbox, messages: number, mailboxSeed: number): Promise<void> {
  const client = await SecondClient.open(access);
  const mails = await seedMailbox({
    employee: { name: account.displayName, address: account.address },
    messages,
    seed: mailboxSeed,
    now: Date.now(),
  });
  for (const { folder, source, flags, date } of mails) await client.append(folder, source, flags, date);
  await client.close();
}

const placesOf = (db: Database): readonly string[] =>
  db
    .prepare<[], string>("SELECT path || ' ' || uid FROM copy JOIN folder ON folder.id = copy.folder_id")
    .pluck()
    .all();
