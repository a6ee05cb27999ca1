import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { addressOf, type Lab, startLab } from '../../e2e/lab/lab.ts';
import { LabLaptop } from '../../e2e/proof/lab-laptop.ts';
import type { Clock } from './ports.ts';
import { SleepingClock } from './testing/sleeping-clock.ts';

type OnTestFinished = TestContext['onTestFinished'];

const clara = 'clara@outside.example';
const hour = 60 * 60_000;
const year = 365 * 24 * hour;

const outagesOf = (laptop: LabLaptop): Promise<readonly unknown[]> =>
  laptop.call('ledger.outages', { accountId: 1 });

/** Who sees what is not the same for everybody. The rows of the table in docs/failover.md, by their names. */
describe('split brain', () => {
  let lab: Lab;
  beforeAll(async () => {
    const ways = [
      'office',
      'laptops',
      'one',
      'other',
      'up',
      'down',
      'ahead',
      'behind',
      'web',
      'lid',
      'train',
    ];
    lab = await startLab({ employees: ways });
  });
  afterAll(() => lab.stop());

  const laptopOf = async (name: string, onTestFinished: OnTestFinished, clock?: Clock) => {
    const laptop = await LabLaptop.start(lab, name, clock);
    onTestFinished(() => laptop.remove());
    return laptop;
  };
  const arrives = (to: string, subject: string) => lab.outside.sends({ to, subject, text: 'Please answer.' });
  const reachedClara = (subject: string) => lab.outside.receives((mail) => mail.subject === subject);
  const atClara = (subject: string) =>
    lab.outside.received().filter((mail) => mail.subject === subject).length;

  describe.concurrent('with Exchange up for some', () => {
    it('two laptops of one employee, one on Exchange and one on continuity', async ({ onTestFinished }) => {
      const [first, second] = await Promise.all([
        laptopOf('laptops', onTestFinished),
        laptopOf('laptops', onTestFinished),
      ]);
      await Promise.all([first.is('primary'), second.is('primary')]);
      await first.losesExchange();
      await first.is('continuity');
      expect((await second.status()).kind).toBe('primary');

      // The gateway sees Exchange up: what comes in is seen there alone, and here when this laptop is back.
      await arrives('laptops', 'Comes in to one side');
      await first.writes([clara], 'From the cut-off laptop');
      await second.writes([clara], 'From the connected laptop');
      await Promise.all([
        reachedClara('From the cut-off laptop'),
        reachedClara('From the connected laptop'),
        second.sees('Comes in to one side'),
      ]);

      await first.findsExchange();
      await first.isSettled();
      for (const laptop of [first, second]) {
        await laptop.sees('Comes in to one side');
        await laptop.sees('From the cut-off laptop');
        await laptop.sees('From the connected laptop');
      }
      for (const subject of ['From the cut-off laptop', 'From the connected laptop']) {
        expect(await first.atExchange('Sent Items', subject)).toBe(1);
        expect(atClara(subject)).toBe(1);
      }
    });

    it('two employees, one through Exchange, one through continuity', async ({ onTestFinished }) => {
      const [one, other] = await Promise.all([
        laptopOf('one', onTestFinished),
        laptopOf('other', onTestFinished),
      ]);
      await Promise.all([one.is('primary'), other.is('primary')]);
      await one.losesExchange();
      await one.is('continuity');
      await one.writes([addressOf('other')], 'Over the emergency way');
      await other.sees('Over the emergency way');
      await other.writes([addressOf('one')], 'Over Exchange');
      await other.isSettled();
      expect(await one.atExchange('INBOX', 'Over Exchange')).toBe(1);
      expect(await one.copies('Over Exchange')).toBe(0);

      await one.findsExchange();
      await one.isSettled();
      await one.sees('Over Exchange');
      expect(await one.atExchange('INBOX', 'Over Exchange')).toBe(1);
      expect(await one.atExchange('Sent Items', 'Over the emergency way')).toBe(1);
      expect(await other.atExchange('INBOX', 'Over the emergency way')).toBe(1);
    });

    it('Exchange reachable from the office and not from home', async ({ onTestFinished }) => {
      const laptop = await laptopOf('office', onTestFinished);
      await laptop.is('primary');
      await laptop.shuts();
      await laptop.losesExchange();
      laptop.opens();
      await laptop.is('continuity');
      await laptop.writes([clara], 'From home');
      await reachedClara('From home');
      // The lid is shut at home and opened in the office.
      await laptop.findsExchange();
      laptop.wakes();
      await laptop.isSettled();
      expect(await laptop.atExchange('Sent Items', 'From home')).toBe(1);
      await laptop.sees('From home');
      expect(atClara('From home')).toBe(1);
    });

    it('the gateway says up, and the clients see it down', async ({ onTestFinished }) => {
      const laptop = await laptopOf('up', onTestFinished);
      await laptop.is('primary');
      await laptop.losesExchange();
      await laptop.is('continuity');
      await arrives('up', 'The gateway knows better');
      expect(await laptop.atExchange('INBOX', 'The gateway knows better')).toBe(1);
      expect(await laptop.copies('The gateway knows better')).toBe(0);
      await laptop.findsExchange();
      await laptop.isSettled();
      await laptop.sees('The gateway knows better');
      expect(await laptop.atExchange('INBOX', 'The gateway knows better')).toBe(1);
    });

    it.each([
      ['ahead', year],
      ['behind', -year],
    ])('the clock of the laptop a year %s', async (name, wrong) => {
      const clock: Clock = {
        now: () => Date.now() + wrong,
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      };
      const laptop = await LabLaptop.start(lab, name, clock);
      try {
        await laptop.is('primary');
        await laptop.losesExchange();
        await laptop.is('continuity');
        await laptop.writes([clara], `A clock that is ${name}`);
        await reachedClara(`A clock that is ${name}`);
        await laptop.findsExchange();
        await laptop.isSettled();
        expect(await laptop.atExchange('Sent Items', `A clock that is ${name}`)).toBe(1);
        expect(atClara(`A clock that is ${name}`)).toBe(1);
        await arrives(name, 'Of today');
        expect(await laptop.atExchange('INBOX', 'Of today')).toBe(1);
        await laptop.sees('Of today');
      } finally {
        await laptop.remove();
      }
    });

    it('a laptop that slept through the whole outage', async ({ onTestFinished }) => {
      const clock = new SleepingClock();
      const laptop = await laptopOf('lid', onTestFinished, clock);
      await laptop.is('primary');
      clock.sleep();
      await laptop.meets('blackhole');
      await arrives('lid', 'While the lid was shut');
      await laptop.findsExchange();
      clock.wake(8 * hour);
      laptop.wakes();
      await laptop.sees('While the lid was shut');
      await laptop.is('primary');
      expect(await outagesOf(laptop)).toEqual([]);
    });

    it('a laptop that wakes in `returning`', async ({ onTestFinished }) => {
      const clock = new SleepingClock();
      // Long enough to fall asleep in, on a busy machine too.
      const laptop = await LabLaptop.start(lab, 'train', clock, { 'failover.holdDownSeconds': 8 });
      onTestFinished(() => laptop.remove());
      await laptop.is('primary');
      await laptop.losesExchange();
      await laptop.is('continuity');
      await laptop.writes([clara], 'From the train');
      await reachedClara('From the train');
      await laptop.findsExchange();
      await laptop.is('returning');
      clock.sleep();
      clock.wake(8 * hour);
      laptop.wakes();
      expect(await laptop.status()).toMatchObject({ kind: 'continuity', sending: 'continuity' });
      await laptop.isSettled();
      expect(await laptop.atExchange('Sent Items', 'From the train')).toBe(1);
      expect(atClara('From the train')).toBe(1);
      expect(await outagesOf(laptop)).toHaveLength(1);
    });

    it('the webmail of the provider is used meanwhile', async ({ onTestFinished }) => {
      const laptop = await laptopOf('web', onTestFinished);
      await laptop.is('primary');
      await laptop.losesExchange();
      await laptop.is('continuity');
      const source = Buffer.from(
        [
          `From: ${addressOf('web')}`,
          `To: ${clara}`,
          `Date: ${new Date().toUTCString()}`,
          'Message-ID: <webmail-1@continuity.example>',
          'Subject: Written in the webmail',
          '',
          'From a phone.',
          '',
        ].join('\r\n'),
      );
      await lab.continuity.mailbox('web').append('Sent', source, ['\\Seen']);
      await laptop.sees('Written in the webmail');
      await laptop.findsExchange();
      await laptop.isSettled();
      expect(await laptop.atExchange('Sent Items', 'Written in the webmail')).toBe(1);
      expect(await laptop.atExchange('INBOX', 'Written in the webmail')).toBe(0);
      await laptop.sees('Written in the webmail');
    });
  });

  it('the gateway says down, and the clients see it up', async ({ onTestFinished }) => {
    const laptop = await laptopOf('down', onTestFinished);
    await laptop.is('primary');
    await laptop.sees('Nothing yet', 0);
    // Its delivery port and its identity provider stay away; what laptops use comes back at once.
    await lab.exchange.die();
    await Promise.all([lab.exchange.imap.fault('none'), lab.exchange.submissionPort.fault('none')]);
    await arrives('down', 'Delivered elsewhere');
    expect(await lab.continuity.mailbox('down').messages('INBOX')).toHaveLength(1);
    await laptop.is('primary');
    expect(await laptop.copies('Delivered elsewhere')).toBe(0);
    await lab.exchange.comesBack();
    await laptop.sees('Delivered elsewhere');
    expect(await laptop.atExchange('INBOX', 'Delivered elsewhere')).toBe(1);
    expect((await laptop.status()).outageSince).toBeNull();
  });
});
