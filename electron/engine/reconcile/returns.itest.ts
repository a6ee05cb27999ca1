import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { SecondClient } from '../../../e2e/lab/second-client.ts';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import type { ImapSession } from '../mail/types.ts';
import { seed as seedOfAll } from '../sync/proof/testing/random.ts';
import { ReturningLaptop } from './testing/returning-laptop.ts';

/** So many returns of two laptops of one person at the same time. */
const returns = Number(process.env.PROOF_RETURNS ?? 3);
const places = ['INBOX', 'Archive', 'Sent Items', 'Deleted Items'];

type Chance = (below: number) => number;

/** Mulberry32. */
function chanceOf(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Holds calls up, and cuts the connection before or after some of them. */
function disturbed(session: ImapSession, chance: Chance, mayCut: () => boolean): ImapSession {
  const around =
    (name: 'append' | 'headers' | 'remove' | 'setFlag' | 'open') =>
    async (...call: readonly unknown[]) => {
      const cut = async () => {
        await session.close();
        return err(appError('network.closed', 'soon'));
      };
      await pause(chance(12));
      if (chance(12) === 0 && mayCut()) return cut();
      const done = await (session[name] as (...call: readonly unknown[]) => Promise<unknown>)(...call);
      return chance(name === 'append' || name === 'remove' ? 4 : 15) === 0 && mayCut() ? cut() : done;
    };
  return Object.create(
    session,
    Object.fromEntries(
      (['append', 'headers', 'remove', 'setFlag', 'open'] as const).map((name) => [
        name,
        { value: around(name) },
      ]),
    ),
  );
}

describe('two laptops of one person that come back at the same time', () => {
  let lab: Lab;
  let served = 0;
  const perLab = 20;

  const newLab = () => startLab({ employees: Array.from({ length: perLab }, (_, index) => `anna${index}`) });
  beforeAll(async () => {
    lab = await newLab();
  });
  afterAll(() => lab.stop());

  const letter = (employee: string, name: string) =>
    Buffer.from(
      [
        'From: Clara Weiss <clara@outside.example>',
        `To: ${addressOf(employee)}`,
        'Date: Fri, 20 Nov 2026 08:29:00 +0000',
        `Message-ID: <${name}@outside.example>`,
        `Subject: Offer ${name}`,
        '',
        `What do you say about ${name}?`,
        '',
      ].join('\r\n'),
    );

  it.each(Array.from({ length: returns }, (_, index) => seedOfAll + index))(
    'bring everything once, whatever is cut, killed, delivered and moved meanwhile (seed %i)',
    async (seed) => {
      if (served === perLab) {
        await lab.stop();
        lab = await newLab();
        served = 0;
      }
      const employee = `anna${served++}`;
      const chance = chanceOf(seed);
      let cuts = 6;
      const mayCut = () => cuts-- > 0;
      const disturb = (session: ImapSession) => disturbed(session, chance, mayCut);
      const laptops = [0, 1].map(() => new ReturningLaptop(lab, employee, { disturb }));
      const person = await SecondClient.open(lab.exchange.mailbox(employee).access);
      try {
        const names = Array.from({ length: 2 + chance(4) }, (_, index) => `letter${index}`);
        const received: string[] = [];
        for (const name of names) {
          const folder = ['INBOX', 'INBOX', 'Sent', 'Trash'][chance(4)] ?? 'INBOX';
          await lab.continuity.mailbox(employee).append(folder, letter(employee, name));
          if (folder !== 'Sent') received.push(name);
        }
        for (const each of laptops) {
          each.laptop.loses();
          expect(await each.pass('continuity')).toMatchObject({ ok: true });
        }
        /** Whatever else happens to the mailbox in the meantime. */
        const meanwhile = async () => {
          const late = received.filter(() => chance(4) === 0);
          for (const name of late) {
            await pause(chance(200));
            const stands = (
              await Promise.all(places.map((path) => lab.exchange.mailbox(employee).messages(path)))
            ).flat();
            // Exchange drops what it was delivered already.
            if (stands.every(({ messageId }) => messageId !== `${name}@outside.example`))
              await lab.exchange.mailbox(employee).append('INBOX', letter(employee, name));
          }
          const [mail] = await person.messages('INBOX');
          if (mail !== undefined && chance(2) === 0)
            await person.move('INBOX', mail.uid, 'Archive').catch(() => {});
        };
        const returning = laptops.map(async (each) => {
          each.run();
          for (let kills = chance(3); kills > 0; kills -= 1) {
            await pause(chance(250));
            await each.restart();
            each.run();
          }
          await vi.waitFor(
            () => expect(each.entries().filter(({ verifiedAt }) => verifiedAt === null)).toEqual([]),
            {
              timeout: 100_000,
              interval: 20,
            },
          );
        });
        await Promise.all([...returning, meanwhile()]);
        // Sync meets what the others have left, and one of them looks after it.
        for (const each of laptops) await each.restart();
        for (const each of laptops) expect(await each.pass('primary')).toMatchObject({ ok: true });
        laptops[chance(2)]?.start();
        await vi.waitFor(
          async () => {
            const stands = (
              await Promise.all(places.map((path) => lab.exchange.mailbox(employee).messages(path)))
            ).flat();
            expect(stands.map(({ messageId }) => messageId).sort()).toEqual(
              names.map((name) => `${name}@outside.example`),
            );
          },
          { timeout: 60_000, interval: 100 },
        );
      } finally {
        await person.close();
        for (const each of laptops) await each.remove();
      }
    },
    240_000,
  );
});
