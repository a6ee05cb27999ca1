import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors.ts';
import type { DraftId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Result } from '../../../shared/result.ts';
import { richTextOf } from '../cache/draft-body.ts';
import { frozenMessage } from '../cache/queries/outbox-store.ts';
import { composeDraft } from '../drafts/draft-mime.ts';
import { withOwner } from '../owner.ts';
import { type Laptop, openLaptop, ownIdentity, realClock, realRandom } from '../testing/laptop.ts';
import { createDrafts, type Drafts } from './drafts.ts';

const offer = `From: Bob <bob@x.example>
To: anna@corp.example
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <offer@x.example>
Subject: Offer
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>The <b>price</b>: <img src="cid:chart@x.example"><img src="cid:logo@x.example"></p><script>alert(1)</script>
--b
Content-Type: image/png
Content-ID: <chart@x.example>
Content-Disposition: inline; filename=chart.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b
Content-Type: image/png
Content-ID: <logo@x.example>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw0KGgpp
--b--
`;

describe('a rich draft', () => {
  let laptop: Laptop;
  let drafts: Drafts;

  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
    drafts = createDrafts({
      account: laptop.account,
      db: laptop.db,
      identities: ownIdentity(laptop.account),
      clock: realClock,
      random: realRandom,
      announce: () => undefined,
      policy: { undoSeconds: 0 },
      queued: () => undefined,
    });
  });
  afterEach(() => laptop.remove());

  function expectOk<T>(result: Result<T, AppError>): T {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  }

  const answer = async (): Promise<Draft> =>
    expectOk(drafts.create('reply', (await laptop.receives(offer.replaceAll('\n', '\r\n'))).messageId));
  const sent = async (id: DraftId) => {
    const { outgoingId } = expectOk(await drafts.send(id));
    const mime = withOwner(laptop.account.id, (owner) => frozenMessage(laptop.db, owner, outgoingId).mime);
    return { source: Buffer.from(mime).toString('latin1'), mail: await simpleParser(Buffer.from(mime)) };
  };
  const write = (draft: Draft, change: { html?: string | null; quotedHtml?: string | null; text?: string }) =>
    expectOk(drafts.save(draft.id, { ...draft, ...change }));

  it('leaves as text, flowed, and as HTML with the pictures that it shows', async () => {
    const draft = await answer();
    write(draft, {
      text: 'Yes.',
      html: '<p>Yes.</p>',
      quotedHtml: '<blockquote><img src="cid:chart@x.example"></blockquote>',
    });
    const { source, mail } = await sent(draft.id);
    expect(source).toMatch(
      /multipart\/alternative[\s\S]*text\/plain;[^\n]*\r?\n?[^\n]*format=flowed[\s\S]*multipart\/related[\s\S]*text\/html/,
    );
    expect(mail.text).toContain('Yes.');
    expect(mail.attachments.map(({ contentId, filename }) => [contentId, filename])).toEqual([
      ['<chart@x.example>', 'chart.png'],
    ]);
    expect(mail.html).toContain('<p>Yes.</p>');
  });

  it('quotes a mail as it came until it was cleaned, and sends nothing that was not', async () => {
    const draft = await answer();
    expect(draft).toMatchObject({ html: null, quotesHtml: true, attachments: [] });
    expect(expectOk(drafts.quotation(draft.id))).toMatch(
      /^<p>2026-11-23 .*, Bob &lt;bob@x.example&gt;:<\/p><blockquote type="cite">[\s\S]*<script>/,
    );
    const { source } = await sent(draft.id);
    expect(source).not.toMatch(/text\/html|script/);
    expect(source).toMatch(/^> The price:/m);
  });

  it('keeps what it quotes while its text is saved, and forgets it when told', async () => {
    const draft = await answer();
    write(draft, { html: '<p>a</p>', quotedHtml: '<p>quoted</p>' });
    expect(write(draft, { html: '<p>ab</p>' })).toMatchObject({ html: '<p>ab</p>', quotesHtml: true });
    expect(expectOk(drafts.quotation(draft.id))).toBe('<p>quoted</p>');
    expect(write(draft, { html: '<p>ab</p>', quotedHtml: null }).quotesHtml).toBe(false);
    expect(write(draft, { html: null }).html).toBeNull();
  });

  it('has the pictures of what it quotes as its own, each once', async () => {
    const draft = await answer();
    const quotedHtml = '<img src="cid:chart@x.example">';
    write(draft, { html: '', quotedHtml });
    const [picture, ...more] = write(draft, { html: '', quotedHtml }).attachments;
    expect(more).toEqual([]);
    expect(picture?.contentId).toBe('chart@x.example');
    if (picture === undefined) return;
    const read = expectOk(drafts.readAttachment(draft.id, picture.id));
    expect(Buffer.from(read.content).toString('base64')).toBe('iVBORw0KGgo=');
  });

  it('comes back as it was when it is taken back', async () => {
    const draft = await answer();
    write(draft, { text: 'Yes.', html: '<p>Yes.</p>', quotedHtml: '<p>quoted</p>' });
    const { outgoingId } = expectOk(await drafts.send(draft.id));
    expect(expectOk(drafts.takeBack(outgoingId))).toMatchObject({ html: '<p>Yes.</p>', quotesHtml: true });
  });

  it('is found again in a Drafts folder, with what it quotes apart', async () => {
    const draft = write(await answer(), { text: 'Yes.', html: '<p>Yes.</p>', quotedHtml: '<p>quoted</p>' });
    const identities = ownIdentity(laptop.account).list();
    const filed = await simpleParser(
      Buffer.from(await composeDraft(laptop.db, draft, identities, realRandom)),
    );
    const found = richTextOf(typeof filed.html === 'string' ? filed.html : null);
    expect(found.html).toMatch(/<p>Yes\.<\/p>$/);
    expect(found.quotedHtml).toBe('<p>quoted</p>');
  });

  it('of another program is edited unless it is long: then it is quoted', () => {
    expect(richTextOf('<p>short</p>')).toEqual({ html: '<p>short</p>', quotedHtml: null });
    const long = 'x'.repeat(300_000);
    expect(richTextOf(long)).toEqual({ html: '', quotedHtml: long });
    expect(richTextOf(null)).toEqual({ html: null, quotedHtml: null });
  });
});
