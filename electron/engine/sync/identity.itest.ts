import { afterEach, describe, expect, it } from 'vitest';
import { everydayQuirks, neverGivesTheSameBytes } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import { localisesFolders, omitsNewUids, renamesMessages } from '../../../e2e/lab/quirks/mailbox-quirks.ts';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';
import type { MessageId } from '../../../shared/model/ids.ts';
import { noteFlagChange } from '../cache/queries/conversation-store.ts';

describe('a message is the same', () => {
  let laptop: SyncedLaptop;
  afterEach(() => laptop.stop());

  const mailbox = () => laptop.lab.exchange.mailbox('alice');
  const letter = (id: string | null, subject: string, text: string) =>
    Buffer.from(
      [
        'From: Scanner <scanner@corp.example>',
        'To: alice@corp.example',
        'Date: Fri, 20 Nov 2026 08:29:00 +0000',
        `Subject: ${subject}`,
        ...(id === null ? [] : [`Message-ID: <${id}>`]),
        '',
        text,
        '',
      ].join('\r\n'),
    );
  const messages = () =>
    laptop.db
      .prepare<[], { id: MessageId; subject: string; copies: number; name: string }>(
        `SELECT message.id, subject, internet_message_id AS name, count(copy.id) AS copies FROM message
         LEFT JOIN copy ON copy.message_id = message.id AND copy.uid > 0 GROUP BY message.id ORDER BY message.id`,
      )
      .all();
  const bodies = (lines: readonly string[]) => lines.filter((line) => /BODY\.PEEK\[\]/.test(line));
  /** As when another protocol has touched it: the same message under a new UID. */
  async function isTouched(uid: number): Promise<void> {
    const found = (await mailbox().messages('INBOX')).find((mail) => mail.uid === uid);
    if (found === undefined) throw new Error('no such message');
    await mailbox().append('INBOX', found.source, found.flags, found.internalDate);
    await mailbox().remove('INBOX', uid);
  }

  it('by what it says, when Message-IDs are missing or borne by many and no two fetches are alike', async () => {
    laptop = await startSyncedLaptop({ quirks: [neverGivesTheSameBytes] });
    const mails = [
      letter('0@scanner', 'Scan', 'First page'),
      letter('0@scanner', 'Scan', 'Second page'),
      letter(null, 'Fax', 'A fax'),
      letter(null, 'Fax', 'Another fax'),
    ];
    for (const mail of mails) for (const path of ['INBOX', 'Archive']) await mailbox().append(path, mail);
    await laptop.pass();
    expect(messages().map(({ copies }) => copies)).toEqual([2, 2, 2, 2]);
  });

  it('under a new UID: it is not fetched again, and what was wished here is told', async () => {
    laptop = await startSyncedLaptop({ quirks: [neverGivesTheSameBytes] });
    await mailbox().append('INBOX', letter('1@far', 'Offer', 'What do you say?'));
    await mailbox().append('INBOX', letter(null, 'Fax', 'A fax'));
    await laptop.pass();
    const before = messages();
    for (const { id } of before) noteFlagChange(laptop.db, id, '\\Flagged', true, Date.now());
    for (const { uid } of laptop.here('INBOX')) await isTouched(uid);
    expect(bodies(await laptop.pass())).toEqual([]);
    expect(bodies(await laptop.pass())).toEqual([]);
    expect(messages()).toEqual(before);
    expect((await laptop.there('INBOX')).map(({ flags }) => flags)).toEqual(['\\Flagged', '\\Flagged']);
    expect(laptop.here('INBOX')).toEqual(await laptop.there('INBOX'));
  });

  it('under another name: the server keeps the old one beside it', async () => {
    laptop = await startSyncedLaptop({ quirks: [renamesMessages] });
    await laptop.receives(letter('1@far', 'Offer', 'What do you say?').toString(), {
      route: 'continuity',
    });
    await mailbox().append('INBOX', letter('1@far', 'Offer', 'What do you say?'));
    await laptop.pass();
    expect(messages()).toMatchObject([{ name: '1@far', copies: 2 }]);
  });

  it('in folders that are called in German, where no flag says what they are for', async () => {
    laptop = await startSyncedLaptop({ quirks: [localisesFolders, omitsNewUids], messages: 20 });
    await laptop.pass();
    const roles = laptop.db
      .prepare<[], { role: string; path: string }>(
        "SELECT role, path FROM folder WHERE role <> 'other' ORDER BY role",
      )
      .all();
    expect(roles).toMatchObject(
      [
        { role: 'archive', path: 'Archiv' },
        { role: 'drafts', path: 'Entwürfe' },
        { role: 'inbox', path: 'INBOX' },
        { role: 'junk', path: 'Junk-E-Mail' },
        { role: 'sent', path: 'Gesendete Elemente' },
        { role: 'trash', path: 'Gelöschte Elemente' },
      ].filter(({ role }) => role !== 'drafts' || roles.some((found) => found.role === 'drafts')),
    );
    expect(laptop.here('Gesendete Elemente')).toEqual(await laptop.there('Sent Items'));
  });

  it('in folders of any name and depth', async () => {
    const manners = everydayQuirks.filter(({ name }) => !/throttles|endsConnections|cuts/.test(name));
    laptop = await startSyncedLaptop({ quirks: manners });
    const names = ['Kunden & Partner/Übersicht/東京', 'a"b\\c', '100%/*', ' Blank ', 'Inbox.2'];
    for (const name of names) {
      await mailbox().createFolder(name);
      await mailbox().append(name, letter(`${names.indexOf(name)}@far`, name, 'x'));
    }
    await laptop.pass();
    expect(messages().map(({ copies }) => copies)).toEqual(names.map(() => 1));
    expect(laptop.lab.misuses).toEqual([]);
  });
});
