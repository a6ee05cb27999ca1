import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecondClient } from '../../../../e2e/lab/second-client.ts';
import { hasWitness } from '../../../../e2e/lab/witness.ts';
import { differences } from '../../../../e2e/proof/differences.ts';
import { Laboratory, type TestMailbox } from '../../../../e2e/proof/laboratory.ts';
import type { ConversationId } from '../../../../shared/model/ids.ts';
import type { Database } from '../../cache/database.ts';
import { openConversation } from '../../cache/queries/conversation-store.ts';
import { corpusMails, hasCorpus } from '../../mime/testing/corpus.ts';
import { halfMessages } from './testing/stored-copy.ts';

if (!hasCorpus) console.log('Skipped: there is no corpus of open test mails beside the repository.');

interface Row {
  mails: number;
  /** By the server; others it does not accept. */
  taken: number;
  /** Copies here, by place. */
  copied: number;
  /** Of which so many are different mails. */
  different: number;
  readable: number;
  /** Neither text nor HTML nor an attachment is shown: as it should be of those that end with their header. */
  empty: number;
  headerOnly: number;
}

const nothing: Row = { mails: 0, taken: 0, copied: 0, different: 0, readable: 0, empty: 0, headerOnly: 0 };

describe.skipIf(!hasCorpus || !hasWitness)('the whole corpus', { timeout: 600_000 }, () => {
  let laboratory: Laboratory;
  let mailbox: TestMailbox;
  const table = new Map<string, Row>();
  const refused: string[] = [];
  /** mbsync copies no mail whose header does not end. The second client has told us of them. */
  const notWitnessed = new Set<string>();

  beforeAll(async () => {
    laboratory = new Laboratory();
    mailbox = await laboratory.mailbox([]);
    const client = await SecondClient.open(mailbox.access);
    for (const { name, source } of corpusMails()) {
      const set = name.split('/')[0] ?? '';
      const row = table.get(set) ?? { ...nothing };
      if (row.mails === 0) await client.createFolder(set);
      table.set(set, row);
      row.mails += 1;
      const isTaken = await client.append(set, Buffer.from(source), ['\\Seen'], new Date()).then(
        () => true,
        () => false,
      );
      if (!isTaken) refused.push(name);
      else row.taken += 1;
      if (!isTaken || /\n\r?\n/.test(Buffer.from(source).toString('latin1'))) continue;
      row.headerOnly += 1;
      notWitnessed.add(`only here: ${set} ${row.taken} [\\Seen] `);
    }
    await client.close();
    const engine = await mailbox.start();
    expect(await engine.rest(300_000)).toMatchObject({ reason: null });
    await engine.stop();
  }, 600_000);

  afterAll(async () => {
    await mailbox.remove();
    await laboratory.close();
  });

  it('is copied to the last mail, as another program finds it, and every mail can be read', async () => {
    mailbox.read((db) => {
      for (const [set, row] of table) Object.assign(row, countsOf(db, set));
    });
    console.table(Object.fromEntries(table));
    if (refused.length > 0) console.log(`Refused by the server:\n  ${refused.join('\n  ')}`);
    console.log(`Not copied by mbsync, since they end with their header: ${notWitnessed.size}`);
    const { found } = await differences(mailbox);
    expect(found.filter((line) => !notWitnessed.has(line))).toEqual([]);
    expect(mailbox.read(halfMessages)).toEqual([]);
    for (const [set, row] of table) {
      expect({ set, copied: row.copied }).toEqual({ set, copied: row.taken });
      expect({ set, readable: row.readable }).toEqual({ set, readable: row.different });
    }
  });
});

function countsOf(db: Database, path: string): Pick<Row, 'copied' | 'different' | 'readable' | 'empty'> {
  const copies = db
    .prepare<[string], { messageId: number; conversationId: ConversationId }>(
      `SELECT message.id AS messageId, conversation_id AS conversationId FROM copy
       JOIN message ON message.id = copy.message_id JOIN folder ON folder.id = copy.folder_id WHERE path = ?`,
    )
    .all(path);
  const different = new Set(copies.map(({ messageId }) => messageId));
  const conversations = new Set(copies.map(({ conversationId }) => conversationId));
  const shown = [...conversations].flatMap((id) => {
    const opened = openConversation(db, id);
    return opened.ok ? opened.value.messages.filter((message) => different.has(message.id)) : [];
  });
  return {
    copied: copies.length,
    different: different.size,
    readable: shown.length,
    empty: shown.filter(
      ({ text, html, attachments }) => text.trim() === '' && html === null && attachments.length === 0,
    ).length,
  };
}
