import { afterEach, describe, expect, it } from 'vitest';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';
import type { MessageView } from '../../../shared/model/conversation.ts';
import { listConversations, openConversation, showApart } from '../cache/queries/conversation-store.ts';

const letter = (text: string) =>
  Buffer.from(
    [
      'From: Bert <bert@partner.example>',
      'To: alice@corp.example',
      'Date: Fri, 20 Nov 2026 08:29:00 +0000',
      'Subject: Offer',
      'Message-ID: <offer@partner.example>',
      '',
      text,
      '',
    ].join('\r\n'),
  );

describe('what Exchange got twice', () => {
  let laptop: SyncedLaptop;
  afterEach(() => laptop.stop());

  const mailbox = () => laptop.lab.exchange.mailbox('alice');
  const shown = (): readonly MessageView[] => {
    const { db, account } = laptop;
    const { items } = listConversations(db, { accountId: account.id, view: 'all', offset: 0, limit: 10 });
    return items.flatMap(({ id }) => {
      const opened = openConversation(db, id);
      return opened.ok ? opened.value.messages : [];
    });
  };

  it('is shown once where it says the same, with every copy named, and apart where the person wants that', async () => {
    laptop = await startSyncedLaptop({ quirks: [] });
    for (const path of ['INBOX', 'INBOX', 'Archive']) await mailbox().append(path, letter('As agreed.'));
    await laptop.pass();
    expect(shown()).toMatchObject([
      { isApart: false, copies: [{ folder: 'INBOX' }, { folder: 'INBOX' }, { folder: 'Archive' }] },
    ]);
    const [message] = shown();
    if (message === undefined) throw new Error('nothing is shown');

    expect(showApart(laptop.db, message.id, true)).toBe(true);
    expect(showApart(laptop.db, message.id, true)).toBe(true);
    const first = message.copies[0]?.uid ?? 0;
    await mailbox().remove('INBOX', first);
    await laptop.pass();
    expect(shown()).toMatchObject([{ isApart: true, copies: [{ folder: 'INBOX' }, { folder: 'Archive' }] }]);
    expect(showApart(laptop.db, message.id, false)).toBe(true);
    expect(shown()).toMatchObject([{ isApart: false }]);
    expect(showApart(laptop.db, 99 as never, true)).toBe(false);
  });

  it('is shown twice where one copy says something else, though both bear one Message-ID', async () => {
    laptop = await startSyncedLaptop({ quirks: [] });
    await mailbox().append('INBOX', letter('As agreed.'));
    await mailbox().append('INBOX', letter('The price has changed.'));
    await laptop.pass();
    expect(shown().map(({ copies }) => copies.length)).toEqual([1, 1]);
  });
});
