import { afterEach, describe, expect, it, vi } from 'vitest';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';
import { lastCompleteness } from '../cache/queries/survey-store.ts';
import { realClock } from '../testing/laptop.ts';

const day = 86_400_000;
const year = 365 * day;

describe('a laptop whose clock is wrong', () => {
  let laptop: SyncedLaptop;
  let wrongMs: number;
  afterEach(() => laptop.stop());

  async function start(): Promise<void> {
    laptop = await startSyncedLaptop({
      quirks: [],
      windowDays: 30,
      pollSeconds: 1,
      lookThroughSeconds: 1,
      clock: { ...realClock, now: () => Date.now() + wrongMs },
    });
  }
  async function comes(folder: string, subject: string, daysAgo: number): Promise<void> {
    const date = new Date(Date.now() - daysAgo * day);
    const source = `From: Eva <eva@far.example>\r\nMessage-ID: <${subject}@far.example>\r\nSubject: ${subject}\r\nDate: ${date.toUTCString()}\r\n\r\nHello\r\n`;
    await laptop.lab.exchange.mailbox('alice').append(folder, Buffer.from(source), ['\\Seen'], date);
  }
  const copied = () =>
    laptop.db.prepare<[], string>('SELECT subject FROM message ORDER BY subject').pluck().all();
  const holds = (...subjects: readonly string[]) => vi.waitFor(() => expect(copied()).toEqual(subjects));
  /** Retention and completeness are judged at the end of a look through. */
  const looksThrough = async (): Promise<void> => {
    laptop.db.exec('UPDATE folder SET looked_through_at = NULL');
    laptop.runner.poke();
    await vi.waitFor(() => expect(lastCompleteness(laptop.db, laptop.account.id)).not.toBeNull());
  };

  it.each([
    ['right', 0, ['archived', 'today', 'two-weeks']],
    ['a year ahead', year, ['archived', 'today', 'two-weeks']],
    ['a year behind', -year, ['archived', 'old', 'today', 'two-weeks']],
  ])('%s at the first sync has what came last', async (_, wrong, expected) => {
    wrongMs = wrong;
    await start();
    await comes('INBOX', 'old', 90);
    await comes('INBOX', 'two-weeks', 14);
    await comes('INBOX', 'today', 0);
    await comes('Archive', 'archived', 10);
    laptop.runner.start();
    await holds(...expected);
    await looksThrough();
    await holds(...expected);
  });

  it('loses nothing when it goes a year ahead, sees what comes then, and goes on when it is set again', async () => {
    wrongMs = 0;
    await start();
    await comes('INBOX', 'two-weeks', 14);
    await comes('Archive', 'archived', 10);
    laptop.runner.start();
    await holds('archived', 'two-weeks');
    wrongMs = year;
    await looksThrough();
    await comes('INBOX', 'while-ahead', 0);
    await holds('archived', 'two-weeks', 'while-ahead');
    await looksThrough();
    await holds('archived', 'two-weeks', 'while-ahead');
    wrongMs = 0;
    // Neither IDLE nor a poke leads there: the next pass comes by itself.
    await comes('Archive', 'set-again', 0);
    await holds('archived', 'set-again', 'two-weeks', 'while-ahead');
  });
});
