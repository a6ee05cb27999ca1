import nodemailer from 'nodemailer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import {
  everydayQuirks,
  isOverQuota,
  limitsAppends,
  sayUnavailableWhenFull,
  throttles,
} from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import { textOf } from '../../../e2e/lab/quirks/wire.ts';
import { SecondClient } from '../../../e2e/lab/second-client.ts';
import { ReturningLaptop } from './testing/returning-laptop.ts';

describe('carrying over when Exchange does not take everything', () => {
  let lab: Lab;
  let employee: string;
  let returning: ReturningLaptop;
  let tests = 0;
  /** A connection has those that stand here when it begins. */
  const quirks: Quirk[] = [];
  const employees = Array.from({ length: 12 }, (_, index) => `anna${index}`);

  beforeAll(async () => {
    lab = await startLab({ employees, quirks });
  });
  afterAll(() => lab.stop());
  beforeEach(() => {
    employee = employees[tests++] ?? '';
    returning = new ReturningLaptop(lab, employee);
  });
  afterEach(async () => {
    quirks.length = 0;
    await returning.remove();
  });

  const letter = (name: string, more = '') =>
    Buffer.from(
      [
        'From: Clara Weiss <clara@outside.example>',
        `To: ${addressOf(employee)}`,
        'Date: Fri, 20 Nov 2026 08:29:00 +0000',
        `Message-ID: <${name}@outside.example>`,
        `Subject: ${name}`,
        '',
        `About ${name}.`,
        more,
        '',
      ].join('\r\n'),
    );
  const arrives = (name: string, more = '', folder = 'INBOX') =>
    lab.continuity.mailbox(employee).append(folder, letter(name, more));
  const inExchange = async (folder = 'INBOX') =>
    (await lab.exchange.mailbox(employee).messages(folder))
      .map(({ messageId }) => messageId?.split('@')[0])
      .sort();
  const isDone = (times: number) =>
    vi.waitFor(() => expect(returning.dones).toBe(times), { timeout: 30_000 });
  const outcomes = () => returning.entries().map(({ outcome, reason }) => [outcome, reason]);
  async function returns(): Promise<void> {
    const times = returning.dones + 1;
    returning.run();
    await isDone(times);
  }

  it.each([
    ['says that it is full', isOverQuota],
    ['says that it is unavailable', sayUnavailableWhenFull],
  ])(
    'marks everything when the mailbox %s, asks once, and brings it when there is room',
    async (_, quirk) => {
      returning.laptop.loses();
      for (const name of ['one', 'two', 'three']) await arrives(name);
      quirks.push(quirk);
      const before = lab.wire.given.filter(({ name }) => name === 'APPEND').length;
      await returns();
      expect(outcomes()).toEqual(Array(3).fill(['failed', 'mailbox.full']));
      expect(lab.wire.given.filter(({ name }) => name === 'APPEND').length - before).toBe(1);
      expect(returning.laptop.db.prepare('SELECT count(*) FROM message_body').pluck().get()).toBe(3);
      quirks.length = 0;
      await returns();
      expect(outcomes()).toEqual(Array(3).fill(['appended', null]));
      expect(await inExchange()).toEqual(['one', 'three', 'two']);
    },
  );

  it('says of one that is too large that it is, and brings the others', async () => {
    returning.laptop.loses();
    await arrives('large', 'x'.repeat(70).concat('\r\n').repeat(2000));
    await arrives('small');
    quirks.push(limitsAppends);
    await returns();
    expect(outcomes()).toEqual([
      ['failed', 'mail.tooLarge'],
      ['appended', null],
    ]);
    expect(await inExchange()).toEqual(['small']);
    // Not before a day, unless Exchange was away again.
    expect(
      returning.laptop.db
        .prepare('SELECT not_before - ? > 80000000 FROM journal WHERE failures > 0')
        .pluck()
        .get(Date.now()),
    ).toBe(1);
  });

  it('goes on when Exchange throttles', async () => {
    returning.laptop.loses();
    for (const name of ['one', 'two', 'three']) await arrives(name);
    quirks.push(throttles);
    await returns();
    expect(outcomes()).toEqual(Array(3).fill(['appended', null]));
    expect(await inExchange()).toEqual(['one', 'three', 'two']);
  });

  it('brings everything once, read, answered and flagged as it was, with all everyday manners of Exchange', async () => {
    returning.laptop.loses();
    const flags = ['\\Seen', '\\Answered', '\\Flagged'];
    const names = Array.from({ length: 30 }, (_, index) => `letter${index}`);
    await lab.continuity.mailbox(employee).appendAll(
      names.map((name) => ({
        folder: 'INBOX',
        source: letter(name),
        flags: name === 'letter7' ? flags : [],
        date: new Date('2026-11-20T08:30:00Z'),
      })),
    );
    quirks.push(...everydayQuirks);
    await returns();
    await vi.waitFor(() => expect(outcomes()).toEqual(Array(30).fill(['appended', null])), {
      timeout: 60_000,
    });
    const stands = await lab.exchange.mailbox(employee).messages('INBOX');
    expect(stands.map(({ messageId }) => messageId?.split('@')[0]).sort()).toEqual([...names].sort());
    expect(
      stands.filter((mail) => mail.flags.includes('\\Flagged')).map(({ messageId }) => messageId),
    ).toEqual(['letter7@outside.example']);
    expect(stands.find(({ messageId }) => messageId === 'letter7@outside.example')?.flags).toEqual(
      expect.arrayContaining(flags),
    );
  });

  it('puts into the Inbox what lay in a folder that Exchange has not got, and waits for one for what was sent', async () => {
    returning.laptop.loses();
    await arrives('binned', '', 'Trash');
    await arrives('sent', '', 'Sent');
    quirks.push({
      name: 'hasNeither',
      source: 'folders that somebody has removed',
      response: (line) => (/^\* LIST .*(Sent Items|Deleted Items)/.test(textOf(line)) ? null : line),
    });
    await returns();
    expect(
      returning
        .entries()
        .map(({ outcome, folder, reason }) => [outcome, folder, reason])
        .sort(),
    ).toEqual([
      ['appended', 'INBOX', null],
      ['failed', null, 'notFound'],
    ]);
    quirks.length = 0;
    await returns();
    expect(await inExchange('Sent Items')).toEqual(['sent']);
    expect(await inExchange()).toEqual(['binned']);
  });

  it('goes on after the next outage, which begins in the middle, and brings what both have left', async () => {
    const ends = returning.laptop.loses();
    for (const name of ['one', 'two', 'three']) await arrives(name);
    expect(await returning.pass('continuity')).toMatchObject({ ok: true });
    await lab.exchange.die();
    returning.run();
    await vi.waitFor(() => expect(returning.routes.reading()).toBe('primary'));
    returning.routes.choose('continuity');
    ends();
    returning.laptop.loses();
    await arrives('four');
    expect(await returning.pass('continuity')).toMatchObject({ ok: true });
    await lab.exchange.comesBack();
    expect(returning.dones).toBe(0);
    returning.routes.choose('primary');
    await returns();
    expect(await inExchange()).toEqual(['four', 'one', 'three', 'two']);
    expect(outcomes()).toEqual(Array(4).fill(['appended', null]));
  });

  it('brings what other programs of the person have sent and filed by continuity, once, with a line in the ledger', async () => {
    returning.laptop.loses();
    const { submission } = lab.accountOf(employee).continuity;
    const own = addressOf(employee);
    const telephone = nodemailer.createTransport({
      host: submission.host,
      port: submission.port,
      requireTLS: true,
      tls: { ca: [...lab.authorities] },
      auth: { user: own, pass: lab.passwordOf(employee) },
    });
    const raw = Buffer.from(
      `From: <${own}>\r\nTo: <clara@outside.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\nMessage-ID: <telephone@corp.example>\r\nSubject: By telephone\r\n\r\nYes.\r\n`,
    );
    await telephone.sendMail({ envelope: { from: own, to: 'clara@outside.example' }, raw });
    telephone.close();
    const webmail = await SecondClient.open(lab.continuity.mailbox(employee).access);
    await webmail.append('Sent', raw, ['\\Seen'], new Date());
    await webmail.createFolder('Filed');
    await arrives('filed', '', 'Filed');
    await lab.exchange.mailbox(employee).createFolder('Clients');
    await webmail.close();
    await returns();
    await returns();
    expect(await inExchange('Sent Items')).toEqual(['telephone']);
    expect(await inExchange()).toEqual(['filed']);
    expect(
      returning
        .entries()
        .map(({ internetMessageId, direction, outcome }) => [internetMessageId, direction, outcome])
        .sort(),
    ).toEqual([
      ['filed@outside.example', 'received', 'appended'],
      ['telephone@corp.example', 'sent', 'appended'],
    ]);
    const lines = returning.laptop.db
      .prepare<[], string>("SELECT line FROM ledger_line WHERE line LIKE '%telephone@%'")
      .pluck()
      .all();
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'recorded',
      'appended',
    ]);
  });
});
