import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AttachmentId, InternetMessageId, OutageId } from '../../../shared/model/ids.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { searchMessages } from '../search/search.ts';
import { upsertAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { refreshConversation, removeMessageIfGone, storeMessage } from './messages.ts';
import { attachmentContent } from './queries/attachment-store.ts';
import {
  accountOfConversation,
  changeFlag,
  listConversations,
  markSeen,
  openConversation,
} from './queries/conversation-store.ts';
import { ledgerPage, noteInLedger } from './queries/ledger-store.ts';

/** The database, and every statement that is prepared on it. */
function listeningTo(db: Database): { readonly db: Database; readonly statements: ReadonlySet<string> } {
  const statements = new Set<string>();
  const proxy = new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'prepare') statements.add(String(args[0]));
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { db: proxy, statements };
}

const message = (id: string, references: readonly string[]): ParsedMessage => ({
  internetMessageId: id as InternetMessageId,
  originalMessageId: null,
  inReplyTo: [],
  references: references as InternetMessageId[],
  threadIndex: null,
  threadTopic: null,
  from: { name: '', address: 'bob@x.example' },
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  deliveredTo: [],
  protection: null,
  report: { kind: 'failed', originalMessageId: null, recipients: [] },
  calendarMethod: null,
  subject: 'Brochure',
  sentAt: 1,
  text: 'word',
  html: null,
  attachments: [
    { fileName: 'a', contentType: 'b/c', contentId: null, isInline: false, content: Uint8Array.of(1) },
  ],
});

it('no statement of the offline copy reads a table from end to end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-plans-'));
  try {
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    const { db, statements } = listeningTo(opened.value);
    const accountId = upsertAccount(opened.value, { address: 'anna@corp.example', displayName: 'Anna' });
    const store = (id: string, references: readonly string[]) =>
      storeMessage(db, {
        accountId,
        parsed: message(id, references),
        receivedAt: 1,
        flags: [],
        isFromMe: false,
        folderRole: 'inbox',
        keepSource: new Uint8Array(1),
      });
    const { messageId } = store('1@x', []);
    store('3@x', ['2@x']);
    const { conversationId } = store('2@x', ['1@x']);
    refreshConversation(db, conversationId);
    for (const view of ['all', 'inbox', 'sent'] as const)
      listConversations(db, { accountId, view, offset: 0, limit: 50 });
    openConversation(db, conversationId);
    accountOfConversation(db, conversationId);
    attachmentContent(db, 1 as AttachmentId);
    markSeen(db, conversationId, 1);
    changeFlag(db, conversationId, { flag: '\\Flagged', isSet: true, of: 'newest' }, 1);
    expect(searchMessages(db, { accountId, text: 'word', limit: 50 }).hits).toHaveLength(1);
    noteInLedger(db, messageId, 1);
    for (const filter of ['all', 'changed'] as const)
      ledgerPage(db, { outageId: 1 as OutageId, filter, counterpart: 'x', offset: 0, limit: 50 });
    expect(removeMessageIfGone(db, messageId)).toBe(true);

    expect(statements.size).toBeGreaterThan(25);
    const tables = opened.value
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all();
    for (const sql of statements) {
      const named = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]);
      const parameters: unknown[] = sql.match(/\?/g)?.map(() => null) ?? [];
      if (named.length > 0) parameters.push(Object.fromEntries(named));
      const scans = opened.value
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...parameters)
        .map(({ detail }) => detail)
        // A search in FTS5 is called a scan of its index; M and = are a match and a rowid.
        .filter((detail) => /^SCAN /.test(detail) && !/VIRTUAL TABLE INDEX \d+:(M|=)/.test(detail))
        .filter((detail) => tables.includes(detail.split(' ')[1] ?? ''));
      expect(scans, sql).toEqual([]);
    }
    opened.value.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
