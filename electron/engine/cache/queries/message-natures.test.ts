import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ConversationId, MessageId } from '../../../../shared/model/ids.ts';
import { parseMessage } from '../../mime/parse.ts';
import { upsertAccount } from '../accounts.ts';
import { type Database, openDatabase } from '../database.ts';
import { removeMessageIfGone, storeMessage } from '../messages.ts';
import { openConversation } from './conversation-store.ts';

describe('what messages are beyond their words', () => {
  let folder: string;
  let db: Database;
  let accountId: AccountId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-natures-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: 'Anna' });
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const meet = async (...lines: readonly string[]) => {
    const parsed = await parseMessage(Buffer.from(lines.join('\r\n')));
    const message = {
      accountId,
      parsed,
      receivedAt: Date.UTC(2026, 10, 24, 11),
      flags: [],
      folderRole: 'inbox',
      keepSource: null,
    } as const;
    const isFromMe = parsed.from.address === 'anna@corp.example';
    return db.transaction(() => storeMessage(db, { ...message, isFromMe }))();
  };
  const natures = (conversationId: ConversationId) => {
    const opened = openConversation(db, conversationId);
    return opened.ok ? new Map(opened.value.messages.map(({ id, nature }) => [id, nature])) : new Map();
  };
  const sent = [
    'From: anna@corp.example',
    'Subject: Offer',
    'Message-ID: <offer@corp.example>',
    '',
    'See below.',
  ];
  const bounce = [
    ...['From: MAILER-DAEMON@x.example', 'Subject: Undelivered', 'Message-ID: <bounce@x.example>'],
    ...['Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', '', 'Sorry.'],
    ...['--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; x.example', ''],
    ...['Final-Recipient: rfc822; bob@x.example', 'Action: failed', 'Status: 5.1.1'],
    ...['Diagnostic-Code: smtp; 550 5.1.1 nobody here', '', '--b', 'Content-Type: text/rfc822-headers', ''],
    ...['Message-ID: <offer@corp.example>', '--b--'],
  ];

  it.each(['first', 'last'])('name the message that did not arrive when it comes %s', async (order) => {
    const first = order === 'first' ? await meet(...sent) : null;
    const { messageId, conversationId } = await meet(...bounce);
    const original = first ?? (await meet(...sent));
    expect(natures(conversationId).get(messageId as MessageId)).toEqual({
      protection: null,
      report: {
        kind: 'failed',
        originalId: original.messageId,
        recipients: [{ address: 'bob@x.example', status: '5.1.1', reason: '550 5.1.1 nobody here' }],
      },
      calendarMethod: null,
    });
    expect(natures(conversationId).get(original.messageId)).toBeNull();
  });

  it('name no message that is not here, and none that a person does not see', async () => {
    const { messageId, conversationId } = await meet(...bounce);
    expect(natures(conversationId).get(messageId)?.report?.originalId).toBeNull();
    const original = await meet(...sent);
    db.prepare(
      `INSERT INTO placement (message_id, account_id, kind, action_id, requested_at, takes, to_role, base, was_flagged)
       VALUES (?, ?, 'destroy', 'a', 1, ' inbox ', 'nowhere', '[]', 0)`,
    ).run(original.messageId, accountId);
    expect(natures(conversationId).get(messageId)?.report?.originalId).toBeNull();
  });

  it('go with the message', async () => {
    const type = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m';
    const { messageId, conversationId } = await meet('Message-ID: <a@x.example>', type, '', 'MIIB');
    expect(natures(conversationId).get(messageId)).toEqual({
      protection: 'smimeEncrypted',
      report: null,
      calendarMethod: null,
    });
    expect(removeMessageIfGone(db, messageId)).toBe(true);
    expect(db.prepare('SELECT count(*) FROM message_nature').pluck().get()).toBe(0);
  });

  it('come anew when the message was edited on the server', async () => {
    const header = [
      'From: anna@corp.example',
      'Message-ID: <d@x.example>',
      'Date: Tue, 24 Nov 2026 10:00:00 +0000',
    ];
    const signed = ['', '-----BEGIN PGP SIGNED MESSAGE-----', '', 'At noon.'];
    const { conversationId, messageId } = await meet(...header, ...signed);
    expect(natures(conversationId).get(messageId)?.protection).toBe('pgpSigned');
    // A copy without a place, as sync leaves one when the server gives a message a new UID.
    db.exec(`INSERT INTO folder (id, account_id, route, path, role) VALUES (3, 1, 'primary', 'INBOX', 'inbox');
             INSERT INTO copy VALUES (9, 1, ${messageId}, 3, -12, '', 4)`);
    const again = await meet(...header, '', 'At one, unsigned.');
    expect(again).toMatchObject({ messageId, isNew: false });
    expect(natures(conversationId).get(messageId)).toBeNull();
  });
});
