import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillFolder } from '../../../../e2e/lab/fill.ts';
import { SecondClient } from '../../../../e2e/lab/second-client.ts';
import { hasWitness } from '../../../../e2e/lab/witness.ts';
import { differences } from '../../../../e2e/proof/differences.ts';
import { Laboratory, type TestMailbox } from '../../../../e2e/proof/laboratory.ts';
import { randomFrom } from './testing/random.ts';
import { storedCopies } from './testing/stored-copy.ts';

/** `npm run test:deep` asks for it. */
const messages = Number(process.env.PROOF_MESSAGES ?? 0);
const folders = ['INBOX', 'Sent Items', 'Archive', 'Clients'];
const dayMs = 86_400_000;

describe.runIf(messages > 0 && hasWitness)('a large mailbox', { timeout: 10_800_000 }, () => {
  let laboratory: Laboratory;
  let mailbox: TestMailbox;

  beforeAll(() => {
    laboratory = new Laboratory();
  });
  afterAll(async () => {
    await mailbox.remove();
    await laboratory.close();
  });

  it(`of ${messages} messages is copied to the last that should be here`, async () => {
    mailbox = await laboratory.mailbox([]);
    const first = await SecondClient.open(mailbox.access);
    await first.createFolder('Clients');
    await first.close();
    const filledAt = performance.now();
    await Promise.all(folders.map((folder, index) => fill(mailbox, folder, index)));
    const startedAt = performance.now();
    const engine = await mailbox.start();
    expect(await engine.rest(7_200_000)).toMatchObject({ reason: null });
    const restedAt = performance.now();
    const peak = engine.peakMemory();
    await engine.stop();
    expect((await differences(mailbox)).found).toEqual([]);
    const copied = mailbox.read((db) => storedCopies(db, mailbox.account.id).length);
    const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(0);
    console.log(
      `${messages} messages, of which ${copied} are copied: filled in ${seconds(filledAt, startedAt)} s, at rest after ${seconds(startedAt, restedAt)} s; at most ${megabytes(peak)} MB of memory, ${megabytes(statSync(mailbox.file).size)} MB on the disk`,
    );
  });
});

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);

/** Conversations of four over all folders; a third of them have gone on in the last weeks, one in a hundred is flagged. */
async function fill({ access }: TestMailbox, folder: string, index: number): Promise<void> {
  const random = randomFrom(index + 1);
  const text = 'All work and no play makes Jack a dull boy.\r\n'.repeat(30);
  const mails = function* () {
    for (let number = 0; number < messages / folders.length; number += 1) {
      const isRecent = number % 3 === 0 && index === number % folders.length;
      const date = new Date(Date.now() - dayMs * (isRecent ? 1 + random() * 20 : 40 + random() * 1000));
      const source = Buffer.from(
        `From: Eva <eva@far.example>\r\nSubject: Large\r\nMessage-ID: <${number}.${index}@proof.example>\r\nReferences: <${number}@proof.example>\r\nDate: ${date.toUTCString()}\r\n\r\n${text}`,
      );
      yield { source, flags: number % 100 === 50 ? ['\\Flagged'] : ['\\Seen'], date };
    }
  };
  await fillFolder(access, folder, mails());
}
