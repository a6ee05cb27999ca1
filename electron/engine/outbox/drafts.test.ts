import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Topic } from '../../../shared/contract/events.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/model/identity.ts';
import type { DraftId, MessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { Draft, DraftKind } from '../../../shared/model/outgoing.ts';
import { swapSignature } from '../../../shared/model/signature.ts';
import type { Result } from '../../../shared/result.ts';
import { openConversation } from '../cache/queries/conversation-store.ts';
import {
  findOutgoing,
  frozenMessage,
  listOutgoing,
  noteMaxSize,
  noteRecipients,
} from '../cache/queries/outbox-store.ts';
import { withOwner } from '../owner.ts';
import { searchMessages } from '../search/search.ts';
import { type Laptop, openLaptop, ownIdentity, realClock, realRandom } from '../testing/laptop.ts';
import type { OutgoingEvent } from './core/outgoing-machine.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { happen } from './transition.ts';

const brochure = `From: Bob Fuchs <bob@x.example>
To: Anna Berg <anna@corp.example>, Carla <carla@x.example>
Cc: ANNA@corp.example, dora@x.example
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <brochure@x.example>
References: <root@x.example>
Thread-Topic: Brochure
Thread-Index: AdtcM+tmABEiM0RVZneImaq7zN3u/w==
Subject: AW: Brochure

Shall we print it?
> The old one is out.
`;

describe('drafts', () => {
  let laptop: Laptop;
  let drafts: Drafts;
  let queued: number;
  let announced: Set<Topic>;
  let policy: { undoSeconds: number };
  let identities: readonly [Identity, ...Identity[]];

  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
    queued = 0;
    announced = new Set();
    policy = { undoSeconds: 0 };
    identities = ownIdentity(laptop.account).list();
    drafts = createDrafts({
      account: laptop.account,
      db: laptop.db,
      identities: { list: () => identities },
      clock: realClock,
      random: realRandom,
      announce: (topic) => announced.add(topic),
      policy,
      queued: () => {
        queued += 1;
      },
    });
  });
  afterEach(() => laptop.remove());

  function expectOk<T>(result: Result<T, AppError>): T {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  }

  const answer = async (kind: DraftKind, source = brochure): Promise<Draft> =>
    expectOk(drafts.create(kind, (await laptop.receives(source)).messageId));

  const addresses = (list: Draft['to']) => list.map(({ address }) => address);

  const write = (
    change: Partial<Pick<Draft, 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text'>> = {},
  ): Draft => {
    const draft = expectOk(drafts.create('new', null));
    const to = [{ name: 'Bob', address: 'bob@x.example' }];
    return expectOk(drafts.save(draft.id, { ...draft, to, subject: 'Lunch', text: 'At noon?', ...change }));
  };

  const frozen = (id: OutgoingId) =>
    withOwner(laptop.account.id, (owner) => {
      const { envelope, mime } = frozenMessage(laptop.db, owner, id);
      return { envelope, mime };
    });

  const outgoingOf = (draft: Draft): Promise<OutgoingId> =>
    drafts.send(draft.id).then((sent) => expectOk(sent).outgoingId);

  describe('an answer', () => {
    it('goes to the sender alone, quotes, and keeps the subject with one prefix', async () => {
      const draft = await answer('reply');
      expect(addresses(draft.to)).toEqual(['bob@x.example']);
      expect(draft.cc).toEqual([]);
      expect(draft.subject).toBe('RE: Brochure');
      expect(draft.text).toMatch(
        /^\n\n2026-11-2\d \d\d:00, Bob Fuchs <bob@x.example>:\n> Shall we print it\?\n>> The old one is out\.\n$/,
      );
    });

    it('to all goes to everybody else, each once, and never to oneself', async () => {
      const draft = await answer('replyAll');
      expect(addresses(draft.to)).toEqual(['bob@x.example']);
      expect(addresses(draft.cc)).toEqual(['carla@x.example', 'dora@x.example']);
    });

    it('honours Reply-To', async () => {
      const draft = await answer('reply', `Reply-To: desk@x.example\n${brochure}`);
      expect(addresses(draft.to)).toEqual(['desk@x.example']);
    });

    it('to a message of one’s own goes where that one went', async () => {
      const own = brochure.replace('Bob Fuchs <bob@x.example>', 'Anna Berg <anna@corp.example>');
      const draft = await answer('replyAll', own);
      expect(addresses(draft.to)).toEqual(['carla@x.example']);
      expect(addresses(draft.cc)).toEqual(['dora@x.example']);
    });

    it('needs a message of the same account', () => {
      const created = drafts.create('reply', 4711 as MessageId);
      expect(created).toMatchObject({ ok: false, error: { code: 'notFound' } });
    });
  });

  it('a forwarded message waits for recipients and carries the headers that say whose it is', async () => {
    const draft = await answer('forward');
    expect(draft.to).toEqual([]);
    expect(draft.subject).toBe('FW: Brochure');
    expect(draft.text).toContain('From: Bob Fuchs <bob@x.example>\n');
    expect(draft.text).toContain('Shall we print it?');
  });

  it('are listed, the one changed last first, until discarded', () => {
    const one = write({ subject: 'One' });
    expect(drafts.list().map(({ id }) => id)).toEqual([one.id]);
    expect(drafts.discard(one.id).ok).toBe(true);
    expect(drafts.list()).toEqual([]);
    expect(drafts.discard(one.id)).toMatchObject({ ok: false, error: { code: 'notFound' } });
  });

  describe('of several identities', () => {
    const desk: Identity = {
      address: 'desk@corp.example',
      displayName: 'Front Desk',
      kind: 'sendAs',
      signature: 'The Desk',
      unavailable: null,
      isByHand: false,
    };

    beforeEach(() => {
      const [own] = identities;
      const alias: Identity = { ...own, address: 'a.berg@corp.example', kind: 'alias', signature: '' };
      identities = [
        { ...own, signature: 'Anna' },
        alias,
        desk,
        { ...desk, address: 'boss@corp.example', kind: 'onBehalf' },
      ];
    });

    const toDesk = brochure
      .replace('Anna Berg <anna@corp.example>', 'desk@corp.example')
      .replace('ANNA@', 'a.berg@');

    it('an answer is written as the one that was written to, with its signature above the quotation', async () => {
      const draft = await answer('reply', toDesk.replace('a.berg@corp.example, ', ''));
      expect(draft.from).toBe('desk@corp.example');
      expect(draft.text).toMatch(/^\n\nThe Desk\n\n2026-11-2\d \d\d:00, Bob/);
      expect(swapSignature(draft.text, 'The Desk', '')).toMatch(/^\n\n2026/);
    });

    it('the quotation of a forwarded message is known as such, too', async () => {
      const draft = await answer('forward');
      expect(draft.from).toBe('anna@corp.example');
      expect(draft.text).toMatch(/^\n\nAnna\n\n-{10}\nFrom: Bob/);
    });

    it('an answer to a blind copy is written as the address it was delivered to', async () => {
      const blind = `Delivered-To: <A.Berg@corp.example>\n${brochure.replace(/anna@corp/gi, 'list@corp')}`;
      expect((await answer('reply', blind)).from).toBe('a.berg@corp.example');
    });

    it('an answer to all goes to none of one’s own addresses, but to those one may write for', async () => {
      const source = toDesk.replace('dora@x.example', 'boss@corp.example, dora@x.example');
      const draft = await answer('replyAll', source);
      expect(draft.from).toBe('a.berg@corp.example');
      expect(addresses(draft.cc)).toEqual([
        'desk@corp.example',
        'carla@x.example',
        'boss@corp.example',
        'dora@x.example',
      ]);
    });

    it('what is new ends with the own signature', () => {
      expect(expectOk(drafts.create('new', null)).text).toBe('\n\n-- \nAnna');
    });

    const sentAs = async (from: string) => {
      const { mime, envelope } = frozen(await outgoingOf(write({ from })));
      const header = Buffer.from(mime).toString('latin1').split('\r\n\r\n')[0] ?? '';
      const [stored] = listOutgoing(laptop.db, laptop.account.id);
      return { envelopeFrom: envelope.from, header, from: stored?.from };
    };

    it('an alias and a send-as identity stand in From and in the envelope alone', async () => {
      const { envelopeFrom, header, from } = await sentAs('Desk@corp.example');
      expect([envelopeFrom, from]).toEqual(['desk@corp.example', 'desk@corp.example']);
      expect(header).toMatch(/^From: Front Desk <desk@corp\.example>\r$/m);
      expect(header).not.toMatch(/^Sender:|anna@corp/m);
    });

    it('on behalf of somebody names both, and bounces come to the writer', async () => {
      const { envelopeFrom, header } = await sentAs('boss@corp.example');
      expect(envelopeFrom).toBe('anna@corp.example');
      expect(header).toMatch(/^From: Front Desk <boss@corp\.example>\r$/m);
      expect(header).toMatch(/^Sender: Anna Berg <anna@corp\.example>\r$/m);
    });

    it.each([
      ['stranger@corp.example', 'afterUserAction'],
      ['desk@corp.example', 'later'],
    ] as const)(
      '%s, who may not be written as now, is kept in the draft and not sent',
      async (from, retry) => {
        const draft = write({ from });
        identities = [identities[0], { ...desk, unavailable: 'notByContinuity' }];
        expect(await drafts.send(draft.id)).toMatchObject({
          ok: false,
          error: { code: 'identity.notAllowed', retry },
        });
        expect(drafts.list()).toMatchObject([{ from, text: 'At noon?' }]);
        expect(listOutgoing(laptop.db, laptop.account.id)).toEqual([]);
      },
    );
  });

  describe('sending', () => {
    it.each([
      ['to', { to: [] }],
      ['to', { to: [{ name: '', address: 'bob' }] }],
      ['to', { to: [{ name: '', address: 'bob@x..example' }] }],
      ['to', { to: [{ name: '', address: 'bob@x.example>\r\nRCPT TO:<eve@x.example' }] }],
      ['cc', { cc: [{ name: '', address: 'not an address@x.example' }] }],
    ])('says that %s needs attention for %j, and keeps the draft', async (field, change) => {
      const draft = write(change);
      const sent = await drafts.send(draft.id);
      expect(sent).toMatchObject({ ok: false, error: { code: 'input.invalid', context: { field } } });
      expect(drafts.list()).toHaveLength(1);
      expect(listOutgoing(laptop.db, laptop.account.id)).toEqual([]);
    });

    it('puts the message into its conversation, the search, and the outbox, and ends the draft', async () => {
      const draft = await answer('replyAll');
      const outgoingId = await outgoingOf(draft);
      const [waiting] = listOutgoing(laptop.db, laptop.account.id);
      expect(waiting).toMatchObject({
        id: outgoingId,
        state: 'queued',
        subject: 'RE: Brochure',
        conversationId: draft.conversationId,
        attempts: 0,
        route: null,
      });
      const opened = expectOk(openConversation(laptop.db, draft.conversationId ?? (0 as never)));
      expect(opened.messages.map(({ outgoing, isFromMe }) => ({ outgoing, isFromMe }))).toEqual([
        { outgoing: null, isFromMe: false },
        { outgoing: 'queued', isFromMe: true },
      ]);
      const hits = searchMessages(laptop.db, { accountId: laptop.account.id, text: 'dora', limit: 10 }).hits;
      expect(hits.map(({ messageId }) => messageId)).toContain(waiting?.messageId);
      expect(drafts.list()).toEqual([]);
      expect(queued).toBe(1);
      expect([...announced].sort()).toEqual(['conversations', 'drafts', 'outbox']);
    });

    it('keeps the conversation on the wire by all four headers', async () => {
      const outgoingId = await outgoingOf(await answer('reply'));
      const { mime, envelope } = frozen(outgoingId);
      const mail = await simpleParser(Buffer.from(mime));
      expect(mail.inReplyTo).toBe('<brochure@x.example>');
      expect(mail.references).toEqual(['<root@x.example>', '<brochure@x.example>']);
      expect(mail.headers.get('thread-topic')).toBe('Brochure');
      expect(String(mail.headers.get('thread-index'))).toMatch(/^AdtcM\+tmABEiM0RVZneImaq7zN3u/);
      expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@corp\.example>$/);
      expect(envelope).toEqual({ from: 'anna@corp.example', to: ['bob@x.example'] });
    });

    it('marks the message it answers as answered, here and for the server', async () => {
      const draft = await answer('reply');
      await outgoingOf(draft);
      expect(laptop.db.prepare('SELECT message_id AS id, flag, is_set FROM flag_change').all()).toEqual([
        { id: draft.parentId, flag: '\\Answered', is_set: 1 },
      ]);
    });

    it('writes an international domain to the envelope as SMTP takes it, and each recipient once', async () => {
      const to = ['bob@bücher.example', 'BOB@xn--bcher-kva.example'].map((address) => ({
        name: '',
        address,
      }));
      const { envelope } = frozen(await outgoingOf(write({ to })));
      expect(envelope.to).toEqual(['BOB@xn--bcher-kva.example']);
    });

    it('happens once, however often it is asked for', async () => {
      const draft = write();
      const sent = await Promise.all([drafts.send(draft.id), drafts.send(draft.id)]);
      expect(sent.filter(({ ok }) => ok)).toHaveLength(1);
      expect(listOutgoing(laptop.db, laptop.account.id)).toHaveLength(1);
    });

    it('takes what was saved while it was being composed', async () => {
      const draft = write();
      const sending = drafts.send(draft.id);
      expectOk(drafts.save(draft.id, { ...draft, text: 'At one?' }));
      const { mime } = frozen(expectOk(await sending).outgoingId);
      expect(Buffer.from(mime).toString()).toContain('At one?');
    });

    it('leaves the draft as it is when the disk is full', async () => {
      const draft = write({ text: 'x'.repeat(200_000) });
      const pages = Number(laptop.db.pragma('page_count', { simple: true }));
      laptop.db.pragma(`max_page_count = ${pages}`);
      const sent = await drafts.send(draft.id);
      expect(sent).toMatchObject({ ok: false, error: { code: 'storage.full', retry: 'afterUserAction' } });
      expect(drafts.list()).toEqual([draft]);
      expect(listOutgoing(laptop.db, laptop.account.id)).toEqual([]);
      laptop.db.pragma('max_page_count = 1000000');
      expect(findOutgoing(laptop.db, await outgoingOf(draft))?.state).toBe('queued');
    });

    it('of a draft that is gone says so', async () => {
      expect(await drafts.send(realRandom.uuid() as DraftId)).toMatchObject({
        ok: false,
        error: { code: 'notFound' },
      });
    });
  });

  describe('taking back', () => {
    const stateOf = (id: OutgoingId) => findOutgoing(laptop.db, id)?.state;

    it('holds a message for as long as policy says, and brings back the very draft, with its files', async () => {
      policy.undoSeconds = 10;
      const draft = write({ bcc: [{ name: '', address: 'eve@x.example' }] });
      const file = { fileName: 'a.txt', contentType: 'text/plain', content: Buffer.from('A') };
      const attached = expectOk(drafts.attach(draft.id, file));
      const before = Date.now();
      const { outgoingId, heldUntil } = expectOk(await drafts.send(draft.id));
      expect(stateOf(outgoingId)).toBe('held');
      expect(heldUntil).toBeGreaterThanOrEqual(before + 10_000);
      expect(drafts.list()).toEqual([]);
      const back = expectOk(drafts.takeBack(outgoingId));
      expect({ ...back, updatedAt: 0 }).toEqual({ ...attached, updatedAt: 0 });
      expect(stateOf(outgoingId)).toBe('discarded');
      expect(drafts.list()).toHaveLength(1);
      const again = expectOk(await drafts.send(back.id));
      expect(stateOf(again.outgoingId)).toBe('held');
    });

    it('makes what it answered unanswered again, unless that was answered before', async () => {
      policy.undoSeconds = 10;
      const answered = () =>
        laptop.db.prepare('SELECT is_answered FROM message WHERE subject LIKE ?').pluck().get('AW: %');
      const first = await answer('reply');
      const { outgoingId } = expectOk(await drafts.send(first.id));
      expect(answered()).toBe(1);
      expectOk(drafts.takeBack(outgoingId));
      expect(answered()).toBe(0);
      expectOk(await drafts.send(first.id));
      const second = expectOk(drafts.create('reply', first.parentId));
      const other = expectOk(await drafts.send(second.id));
      expectOk(drafts.takeBack(other.outgoingId));
      expect(answered()).toBe(1);
    });

    it('takes it out of its conversation', async () => {
      policy.undoSeconds = 10;
      const draft = await answer('reply');
      const shown = () => openConversation(laptop.db, draft.conversationId ?? (0 as never));
      const { outgoingId } = expectOk(await drafts.send(draft.id));
      expect(expectOk(shown()).messages).toHaveLength(2);
      expectOk(drafts.takeBack(outgoingId));
      const { messages, summary } = expectOk(shown());
      expect([messages.length, summary.messageCount]).toEqual([1, 1]);
    });

    it.each([
      ['attemptStarted'],
      ['attemptStarted', 'dotNext'],
      ['attemptStarted', 'dotNext', 'lost'],
    ] as const)('is not offered once it is on its way: %s %s %s', async (...events) => {
      const id = await outgoingOf(write());
      for (const kind of events) happen(laptop.db, id, { kind } as OutgoingEvent, Date.now());
      const state = stateOf(id);
      expect(drafts.takeBack(id)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
      expect(stateOf(id)).toBe(state);
    });

    it('of a refused message brings it back to be changed', async () => {
      const id = await outgoingOf(write());
      for (const kind of ['attemptStarted', 'rejected'] as const) happen(laptop.db, id, { kind }, Date.now());
      expect(expectOk(drafts.takeBack(id)).text).toBe('At noon?');
    });

    it('of one that some have brings back a draft for the others alone', async () => {
      const people = ['bob', 'carol', 'dora'].map((name) => ({ name, address: `${name}@x.example` }));
      const id = await outgoingOf(write({ to: people }));
      for (const kind of ['attemptStarted', 'dotNext'] as const) happen(laptop.db, id, { kind }, Date.now());
      const said = { response: '550 5.1.1', sentence: 'unknown' };
      noteRecipients(
        laptop.db,
        id,
        [
          { address: 'bob@x.example', outcome: 'taken', response: null, sentence: null },
          { address: 'carol@x.example', outcome: 'refused', ...said },
          { address: 'dora@x.example', outcome: 'putOff', ...said },
        ],
        Date.now(),
      );
      happen(laptop.db, id, { kind: 'takenForSome' }, Date.now());
      expect(frozen(id).envelope.to).toEqual(['dora@x.example']);
      const back = expectOk(drafts.takeBack(id));
      expect(addresses(back.to)).toEqual(['carol@x.example', 'dora@x.example']);
      // Those who have it have it.
      expect(stateOf(id)).toBe('accepted');
      expect(listOutgoing(laptop.db, laptop.account.id)).toEqual([]);
    });

    it('is gone with the message that has left', async () => {
      const id = await outgoingOf(write());
      for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
        happen(laptop.db, id, { kind }, Date.now());
      expect(laptop.db.prepare('SELECT count(*) FROM draft').pluck().get()).toBe(0);
      expect(drafts.takeBack(id)).toMatchObject({ ok: false });
    });
  });

  describe('sending later', () => {
    it('holds it until the hour that was chosen, which stands in its Date', async () => {
      const at = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
      const { outgoingId, heldUntil } = expectOk(await drafts.send(write().id, at));
      expect(heldUntil).toBe(at);
      expect(listOutgoing(laptop.db, laptop.account.id)).toMatchObject([
        { state: 'held', hold: 'scheduled' },
      ]);
      expect((await simpleParser(Buffer.from(frozen(outgoingId).mime))).date?.getTime()).toBe(at);
    });

    it('leaves at once when that hour is over', async () => {
      const { outgoingId } = expectOk(await drafts.send(write().id, Date.now() - 1));
      expect(findOutgoing(laptop.db, outgoingId)?.state).toBe('queued');
    });
  });

  describe('whom it goes to', () => {
    it('a blind copy is told to the server and stands in no byte', async () => {
      const id = await outgoingOf(write({ bcc: [{ name: 'Eve', address: 'eve@secret.example' }] }));
      const { envelope, mime } = frozen(id);
      expect(envelope.to).toEqual(['bob@x.example', 'eve@secret.example']);
      expect(Buffer.from(mime).toString('latin1')).not.toMatch(/eve|secret|^bcc/im);
    });

    it('may be a blind copy alone, or oneself', async () => {
      const blind = await outgoingOf(write({ to: [], bcc: [{ name: '', address: 'eve@x.example' }] }));
      expect(frozen(blind).envelope.to).toEqual(['eve@x.example']);
      const oneself = await outgoingOf(write({ to: [{ name: '', address: 'anna@corp.example' }] }));
      expect(frozen(oneself).envelope.to).toEqual(['anna@corp.example']);
    });

    it('may be 500 people', async () => {
      const people = Array.from({ length: 500 }, (_, n) => ({ name: '', address: `p${n}@x.example` }));
      expect(frozen(await outgoingOf(write({ to: people }))).envelope.to).toHaveLength(500);
    });

    it('may have a name that is not ASCII', async () => {
      const id = await outgoingOf(write({ to: [{ name: '', address: 'jürgen@grün.example' }] }));
      expect(frozen(id).envelope.to).toEqual(['jürgen@xn--grn-ioa.example']);
    });
  });

  describe('files', () => {
    const file = {
      fileName: 'Plan für März.txt',
      contentType: 'text/plain',
      content: Buffer.from('East wing'),
    };

    it('are in the database, go along as they are, and can be taken out again', async () => {
      const draft = write();
      drafts.attach(draft.id, { ...file, fileName: 'not this.txt' });
      const both = expectOk(drafts.attach(draft.id, file));
      const [wrong] = both.attachments;
      if (wrong === undefined) throw new Error('nothing attached');
      expect(expectOk(drafts.detach(draft.id, wrong.id)).attachments).toMatchObject([
        { fileName: file.fileName, contentType: 'text/plain', size: 9 },
      ]);
      const { attachments } = await simpleParser(Buffer.from(frozen(await outgoingOf(draft)).mime));
      expect(attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
        ['Plan für März.txt', 'East wing'],
      ]);
    });

    it('of a message that is passed on go along', async () => {
      const withFile = brochure.replace(
        '\n\nShall',
        '\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nShall',
      );
      const part =
        'Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf';
      const draft = await answer('forward', `${withFile}--b\n${part}\n\nPDF\n--b--\n`);
      expect(draft.attachments).toMatchObject([{ fileName: 'a.pdf', contentType: 'application/pdf' }]);
      expect(draft.notPassedOn).toEqual([]);
      expect((await answer('reply', withFile.replace('brochure@', 'other@'))).attachments).toEqual([]);
    });

    it('of a message that is passed on, and are not in the copy, are named as not going along', async () => {
      const part =
        'Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf';
      const { messageId } = await laptop.receives(
        `Message-ID: <large@x.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part}\n\nPDF\n--b--\n`,
      );
      laptop.db.prepare('UPDATE attachment SET sha256 = NULL').run();
      const draft = expectOk(drafts.create('forward', messageId));
      expect([draft.attachments, draft.notPassedOn]).toEqual([[], ['a.pdf']]);
    });

    it('larger than Exchange takes keep the message with the person, who hears of the limit', async () => {
      noteMaxSize(laptop.db, laptop.account.id, 'primary', 1000, Date.now());
      const draft = write();
      drafts.attach(draft.id, { ...file, content: Buffer.alloc(2000) });
      expect(await drafts.send(draft.id)).toMatchObject({
        ok: false,
        error: { code: 'input.invalid', context: { field: 'size', limit: 1000 } },
      });
      expect(drafts.list()).toHaveLength(1);
    });
  });

  describe('passed on as a file', () => {
    it('goes as a message in a message, unencoded, and is answered as itself', async () => {
      const { messageId } = await laptop.receives(brochure);
      const draft = expectOk(await drafts.begin('forwardAttached', messageId));
      expect(draft).toMatchObject({ kind: 'forward', subject: 'FW: Brochure', to: [], notPassedOn: [] });
      expect(draft.attachments).toMatchObject([
        { fileName: 'AW Brochure.eml', contentType: 'message/rfc822' },
      ]);
      const to = [{ name: '', address: 'dora@x.example' }];
      expectOk(drafts.save(draft.id, { ...draft, to }));
      const mime = Buffer.from(frozen(await outgoingOf(draft)).mime).toString('latin1');
      const part = mime.slice(mime.indexOf('Content-Type: message/rfc822'));
      expect(part).not.toMatch(/^Content-Transfer-Encoding: base64/m);
      const inner = await simpleParser(part.slice(part.indexOf('\r\n\r\n') + 4));
      expect(inner).toMatchObject({ messageId: '<brochure@x.example>', subject: 'AW: Brochure' });
      expect(inner.text).toContain('Shall we print it?');
    });

    it('has the very bytes where they are here', async () => {
      laptop.loses();
      const { messageId } = await laptop.receives(brochure, { route: 'continuity' });
      const draft = expectOk(await drafts.begin('forwardAttached', messageId));
      const content = laptop.db
        .prepare<[string], Buffer>('SELECT content FROM draft_attachment WHERE draft_id = ?')
        .pluck()
        .get(draft.id);
      expect(content?.toString('utf8')).toBe(brochure.replaceAll('\n', '\r\n'));
    });
  });

  it('mark what they pass on as forwarded, until they are taken back', async () => {
    const { messageId, conversationId } = await laptop.receives(brochure);
    const isForwarded = () =>
      expectOk(openConversation(laptop.db, conversationId)).messages.find(({ id }) => id === messageId)
        ?.isForwarded;
    const draft = expectOk(drafts.create('forward', messageId));
    expectOk(drafts.save(draft.id, { ...draft, to: [{ name: '', address: 'dora@x.example' }] }));
    expect(isForwarded()).toBe(false);
    const outgoingId = await outgoingOf(draft);
    expect(isForwarded()).toBe(true);
    expectOk(drafts.takeBack(outgoingId));
    expect(isForwarded()).toBe(false);
  });

  describe('sent once more', () => {
    const sent = `From: Anna Berg <anna@corp.example>
To: Bob <bob@x.example>, Carla <carla@x.example>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <sent@corp.example>
References: <root@x.example>
Thread-Topic: Plan
Thread-Index: AdtcM+tmABEiM0RVZneImaq7zN3u/w==
Subject: RE: Plan

As discussed.
`;
    const bounce = `From: Mail Delivery Subsystem <mailer-daemon@x.example>
To: anna@corp.example
Date: Mon, 23 Nov 2026 10:05:00 +0000
Message-ID: <bounce@x.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; x.example

Final-Recipient: rfc822; carla@x.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <sent@corp.example>

--b--
`;

    it('goes to those whom it did not reach, as it was, into the conversation in which it was', async () => {
      await laptop.receives(sent, { path: 'Sent', role: 'sent' });
      const { messageId } = await laptop.receives(bounce);
      const draft = expectOk(await drafts.begin('resend', messageId));
      expect(addresses(draft.to)).toEqual(['carla@x.example']);
      expect(draft.cc).toEqual([]);
      expect(draft).toMatchObject({ subject: 'RE: Plan', text: 'As discussed.\n', kind: 'new' });
      const mail = await simpleParser(Buffer.from(frozen(await outgoingOf(draft)).mime));
      expect(mail.references).toBe('<root@x.example>');
      expect(mail.messageId).not.toBe('<sent@corp.example>');
      expect(mail.headers.get('thread-topic')).toBe('Plan');
      expect(mail.headers.get('thread-index')).toBe('AdtcM+tmABEiM0RVZneImaq7zN3u/w==');
    });

    it('names whom a report alone names', async () => {
      await laptop.receives(sent, { path: 'Sent', role: 'sent' });
      const { messageId } = await laptop.receives(bounce.replace('carla@x.example', 'hidden@x.example'));
      expect(addresses(expectOk(await drafts.begin('resend', messageId)).to)).toEqual(['hidden@x.example']);
    });

    it('is nothing that others wrote', async () => {
      const { messageId } = await laptop.receives(brochure);
      expect(await drafts.begin('resend', messageId)).toMatchObject({
        ok: false,
        error: { code: 'notFound' },
      });
    });
  });

  it('to all goes where Mail-Followup-To asks, and a plain answer to the sender', async () => {
    const list = `Mail-Followup-To: list@x.example, anna@corp.example\n${brochure}`;
    const all = await answer('replyAll', list);
    expect(addresses(all.to)).toEqual(['list@x.example']);
    expect(all.cc).toEqual([]);
    expect(addresses((await answer('reply', list)).to)).toEqual(['bob@x.example']);
  });

  it('quotes what came as HTML in text, each depth with its marks, and sends it as flowed', async () => {
    const html = brochure.replace(
      /\n\nShall[\s\S]*$/,
      '\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Shall we?</p><blockquote>The old one<blockquote>the oldest</blockquote></blockquote>\n',
    );
    const draft = await answer('reply', html);
    expect(draft.text).toMatch(/> Shall we\?\n>\n>> The old one\n>>\n>>> the oldest\n$/);
    const { mime } = frozen(await outgoingOf(draft));
    expect(Buffer.from(mime).toString('latin1')).toMatch(
      /^Content-Type: text\/plain; charset=utf-8; format=flowed\r$/m,
    );
    expect(Buffer.from(mime).toString('latin1')).toMatch(/^>>> the oldest\r$/m);
  });

  it('is the version that it was when nothing was changed', () => {
    const draft = write();
    const again = expectOk(drafts.save(draft.id, draft));
    expect(again.updatedAt).toBe(draft.updatedAt);
  });
});
