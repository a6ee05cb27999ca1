import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { dropsUnknownHeaders } from '../../../e2e/lab/quirks/mailbox-quirks.ts';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import type { ImapSession } from '../mail/types.ts';
import { ReturningLaptop } from './testing/returning-laptop.ts';

const patience = { timeout: 60_000, interval: 20 };

/** Nobody can tell a copy of ours from anybody else's then, so that none is ever removed. */
describe('carrying over where the server drops the mark of a copy', () => {
  let lab: Lab;
  let employee: string;
  let tests = 0;
  const laptops: ReturningLaptop[] = [];
  const employees = ['anna', 'ben', 'cleo'];

  beforeAll(async () => {
    lab = await startLab({ employees, quirks: [dropsUnknownHeaders] });
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    employee = employees[tests++ % employees.length] ?? '';
    const source = Buffer.from(
      `From: clara@outside.example\r\nTo: ${addressOf(employee)}\r\nDate: Fri, 20 Nov 2026 08:29:00 +0000\r\nMessage-ID: <offer@outside.example>\r\nSubject: Offer\r\n\r\nYes?\r\n`,
    );
    await lab.continuity.mailbox(employee).append('INBOX', source);
  });
  afterEach(async () => {
    for (const each of laptops.splice(0)) await each.remove();
  });

  async function laptop(disturb?: (session: ImapSession) => ImapSession): Promise<ReturningLaptop> {
    const one = new ReturningLaptop(lab, employee, disturb === undefined ? {} : { disturb });
    laptops.push(one);
    one.laptop.loses();
    expect(await one.pass('continuity')).toMatchObject({ ok: true });
    return one;
  }
  const isBack = (one: ReturningLaptop) =>
    vi.waitFor(() => expect(one.entries().map(({ verifiedAt }) => verifiedAt)).not.toContain(null), patience);
  const copies = async () => lab.exchange.mailbox(employee).messages('INBOX');

  it('brings one all the same when the answer to its append is lost, and removes nothing', async () => {
    let appends = 0;
    const one = await laptop((session) =>
      Object.create(session, {
        append: {
          value: async (...call: Parameters<ImapSession['append']>) => {
            const done = await session.append(...call);
            appends += 1;
            if (appends > 1) return done;
            await session.close();
            return err(appError('network.closed', 'soon'));
          },
        },
      }),
    );
    one.run();
    await isBack(one);
    expect(appends).toBe(1);
    const [copy, ...others] = await copies();
    expect(others).toEqual([]);
    expect(copy?.source.toString('latin1')).not.toContain('X-Relevo');
  });

  it('brings one when a second laptop comes later', async () => {
    for (const one of [await laptop(), await laptop()]) {
      one.run();
      await isBack(one);
    }
    expect(await copies()).toHaveLength(1);
  });

  it('loses none when two laptops come at the same moment, and shows two copies as one message', async () => {
    let held = 0;
    const { promise: bothBegan, resolve: begin } = Promise.withResolvers<void>();
    const together = (session: ImapSession): ImapSession =>
      Object.create(session, {
        append: {
          value: async (...call: Parameters<ImapSession['append']>) => {
            held += 1;
            if (held === 2) begin();
            await bothBegan;
            return session.append(...call);
          },
        },
      });
    const both = [await laptop(together), await laptop(together)];
    for (const one of both) one.run();
    for (const one of both) await isBack(one);
    expect(await copies()).toHaveLength(2);
    for (const one of both) {
      expect(await one.pass('primary')).toMatchObject({ ok: true });
      const { db } = one.laptop;
      expect(db.prepare('SELECT count(*) FROM message').pluck().get()).toBe(1);
      expect(
        db
          .prepare(
            "SELECT count(*) FROM copy JOIN folder ON folder.id = copy.folder_id WHERE folder.route = 'primary'",
          )
          .pluck()
          .get(),
      ).toBe(2);
    }
  });
});
