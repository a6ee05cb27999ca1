import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SecondClient } from '../../../../e2e/lab/second-client.ts';
import { seedMailbox } from '../../../../e2e/lab/seeder.ts';
import { hasWitness } from '../../../../e2e/lab/witness.ts';
import { differences } from '../../../../e2e/proof/differences.ts';
import { Laboratory, type TestMailbox } from '../../../../e2e/proof/laboratory.ts';
import { noteDamage, openOrSalvage } from '../../cache/salvage.ts';
import { openTestDatabase, testKey } from '../../testing/laptop.ts';
import { randomFrom, seed } from './testing/random.ts';
import { halfMessages } from './testing/stored-copy.ts';

const pageSize = 4096;
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && hasTmpfs();

describe.skipIf(!hasWitness)('a copy that comes to harm', { timeout: 300_000 }, () => {
  let laboratory: Laboratory;
  let mailbox: TestMailbox;
  let mounted: string | null = null;

  beforeAll(() => {
    laboratory = new Laboratory();
  });
  afterAll(() => laboratory.close());
  beforeEach(async () => {
    mailbox = await laboratory.mailbox([]);
    const client = await SecondClient.open(mailbox.access);
    const { displayName: name, address } = mailbox.account;
    const mails = await seedMailbox({ employee: { name, address }, messages: 120, seed: 3, now: Date.now() });
    for (const { folder, source, flags, date } of mails) await client.append(folder, source, flags, date);
    await client.close();
  });
  afterEach(async () => {
    await mailbox.remove();
    if (mounted !== null) execFileSync('umount', ['-l', mounted]);
    mounted = null;
  });

  /** Until everything is there; what was lost is fetched again, and nothing else. */
  async function synchronize(): Promise<number> {
    const before = mailbox.given.length;
    const engine = await mailbox.start();
    expect(await engine.rest(180_000)).toMatchObject({ reason: null });
    await engine.stop();
    expect((await differences(mailbox)).found).toEqual([]);
    expect(mailbox.read(halfMessages)).toEqual([]);
    return mailbox.given.length - before;
  }

  const draftCount = () =>
    mailbox.read((db) => db.prepare<[], number>('SELECT count(*) FROM draft').pluck().get());
  const writeDraft = () =>
    mailbox.read((db) =>
      db
        .prepare(
          `INSERT INTO draft (id, account_id, kind, from_address, recipients, subject, text, updated_at)
           VALUES ('unsent', ?, 'new', 'anna@corp.example', '{"to":[],"cc":[],"bcc":[]}', 'Draft', 'Not sent yet', 0)`,
        )
        .run(mailbox.account.id),
    );

  it('of a page is salvaged and completed, and what is not sent yet is not touched', async () => {
    const all = await synchronize();
    writeDraft();
    mailbox.read((db) => db.pragma('wal_checkpoint(TRUNCATE)'));
    const random = randomFrom(seed);
    const outcomes: string[] = [];
    const whole = `${mailbox.file}.whole`;
    copyFileSync(mailbox.file, whole);
    for (let time = 0; time < 4; time += 1) {
      for (const part of ['-wal', '-shm']) rmSync(`${mailbox.file}${part}`, { force: true });
      copyFileSync(whole, mailbox.file);
      // The first pages are the schema, without which nothing can be told.
      const page = 20 + Math.floor(random() * (statSync(whole).size / pageSize - 20));
      flip(mailbox.file, page);
      noteDamage(mailbox.file);
      const opened = openOrSalvage(mailbox.file, [testKey]);
      if (!opened.ok) {
        outcomes.push(`page ${page}: ${opened.error.code}`);
        rmSync(`${mailbox.file}.damage-met`);
        continue;
      }
      opened.value.db.close();
      expect(draftCount()).toBe(1);
      outcomes.push(`page ${page}: ${await synchronize()} of ${all} fetched again`);
    }
    console.log(`seed ${seed}: ${outcomes.join('; ')}`);
  });

  it('by the loss of its log is completed from where it was', async () => {
    const engine = await mailbox.start(40);
    await engine.work(40, 5000);
    engine.kill();
    await engine.ended;
    for (const part of ['-wal', '-shm']) rmSync(`${mailbox.file}${part}`, { force: true });
    await synchronize();
  });

  it('of a backup program that locks it goes on once it is let go', async () => {
    const engine = await mailbox.start();
    const backup = openTestDatabase(mailbox.file);
    backup.exec('BEGIN IMMEDIATE');
    // Longer than SQLite waits for a lock.
    expect(await engine.rest(7000)).not.toMatchObject({ reason: null });
    backup.exec('ROLLBACK');
    backup.close();
    expect(await engine.rest(180_000)).toMatchObject({ reason: null });
    await engine.stop();
    await synchronize();
  });

  it.skipIf(!canMount)('of a disk that is full, at any stage, goes on once there is room', async () => {
    mounted = mkdtempSync(join(tmpdir(), 'relevo-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mounted]);
    const disk = mounted;
    mailbox.moveTo(join(disk, 'mail.db'));
    const ballast = join(disk, 'ballast');
    for (const free of [40, 150, 400, 900]) {
      const used = statSync(mailbox.file).size / 1024;
      fillAllBut(ballast, disk, free);
      const engine = await mailbox.start();
      const rested = await engine.rest(3000);
      expect(engine.isDead).toBe(false);
      engine.kill();
      await engine.ended;
      rmSync(ballast, { force: true });
      console.log(`${free} KB free beside ${used} KB: ${rested?.reason ?? 'at rest'}`);
      expect(mailbox.read(halfMessages)).toEqual([]);
    }
    await synchronize();
  });
});

/** One bit of what stands in the middle of a page. */
function flip(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  const at = (page - 1) * pageSize + pageSize / 2;
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8(0) ^ 1);
  writeSync(handle, byte, 0, 1, at);
  closeSync(handle);
}

function fillAllBut(ballast: string, disk: string, kilobytes: number): void {
  const free = Number(
    execFileSync('df', ['--output=avail', '-k', disk], { encoding: 'utf8' }).split('\n')[1]?.trim(),
  );
  writeFileSync(ballast, Buffer.alloc(Math.max(0, free - kilobytes) * 1024));
}

/** In some containers root may not mount anything. */
function hasTmpfs(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', ['-l', folder]);
  else console.log('Skipped: without the right to mount a small disk, none can be filled.');
  rmSync(folder, { recursive: true, force: true });
  return isMounted;
}
