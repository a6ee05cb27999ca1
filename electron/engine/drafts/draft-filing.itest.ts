import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { everydayQuirks } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import { Desks, employee, expectOk, patience } from '../../../e2e/proof/draft-desk.ts';
import { draftCopies } from '../cache/queries/draft-copy-store.ts';
import { happen } from '../outbox/transition.ts';
import {
  draftConflicts,
  ourDraftChanges,
  type TheirDraftChange,
  theirDraftChanges,
} from './core/draft-conflicts.ts';

describe('drafts in the Drafts folder', () => {
  let lab: Lab;
  const desks = new Desks(() => lab);

  beforeAll(async () => {
    lab = await startLab({ employees: [employee] });
  });
  afterEach(() => desks.clear());
  afterAll(() => lab.stop());

  it('stand there once nothing is typed for a while, as drafts, and each version takes the place of the one before', async () => {
    const alice = desks.add();
    const { id } = alice.write('one');
    await alice.settled();
    expect(await desks.textsIn()).toEqual([]);
    await alice.rests();
    const first = await desks.only();
    expect(first.text.trim()).toBe('one');
    expect(first.flags).toContain('\\Draft');
    alice.rewrite(id, 'two');
    await alice.rests();
    const second = await desks.only();
    expect(second.text.trim()).toBe('two');
    expect(second.uid).not.toBe(first.uid);
    await alice.rests();
    expect((await desks.only()).uid).toBe(second.uid);
  });

  it('go from there when they are discarded', async () => {
    const alice = desks.add();
    const { id } = alice.write('never mind');
    await alice.rests();
    expectOk(alice.drafts.discard(id));
    await alice.rests();
    expect(await desks.textsIn()).toEqual([]);
  });

  it('go from there once a server has taken the message, and not before', async () => {
    const alice = desks.add();
    const { id } = alice.write('done');
    await alice.rests();
    const { outgoingId } = expectOk(await alice.drafts.send(id));
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['done']);
    for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
      happen(alice.laptop.db, outgoingId, { kind }, alice.clock.now());
    await alice.rests();
    expect(await desks.textsIn()).toEqual([]);
  });

  it('follow the route, and are once in Exchange afterwards, and nowhere else', async () => {
    const alice = desks.add();
    const { id } = alice.write('before');
    await alice.rests();
    alice.routes.choose('continuity');
    alice.rewrite(id, 'in the outage');
    alice.write('another');
    await alice.rests();
    expect(await desks.textsIn('continuity')).toEqual(['another', 'in the outage']);
    expect(await desks.textsIn()).toEqual(['before']);
    alice.routes.choose('primary');
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['another', 'in the outage']);
    expect(await desks.textsIn('continuity')).toEqual([]);
  });

  it('are put there once, though the answer to an APPEND was lost', async () => {
    const alice = desks.add();
    const draft = alice.write('once');
    await alice.rests();
    const [copy] = draftCopies(alice.laptop.db, alice.laptop.account.id);
    alice.laptop.db
      .prepare('UPDATE draft_copy SET uid = NULL, uid_validity = NULL WHERE id = ?')
      .run(copy?.id);
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['once']);
    alice.rewrite(draft.id, 'twice');
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['twice']);
  });

  const rows = ourDraftChanges.flatMap((ours) =>
    theirDraftChanges.map((theirs) => ({ ours, theirs, ruling: draftConflicts[ours][theirs] })),
  );
  it.each(rows)('$ours here, $theirs there: $ruling', async ({ ours, theirs, ruling }) => {
    const alice = desks.add();
    const { id } = alice.write('one');
    await alice.rests();
    await alice.syncs();
    await happensThere(theirs);
    if (ours === 'edited') alice.rewrite(id, 'ours');
    if (ours === 'ended') expectOk(alice.drafts.discard(id));
    await alice.syncs();
    await alice.rests();
    await alice.rests();
    const theirText = { nothing: ['one'], edited: ['theirs'], gone: [], lost: [] }[theirs];
    const expected: Readonly<Record<typeof ruling, readonly string[]>> = {
      nothing: ['one'],
      replace: ['ours'],
      keepBoth: ours === 'edited' ? ['ours', 'theirs'] : theirText,
      putAgain: [ours === 'edited' ? 'ours' : 'one'],
      takeTheirs: theirText,
      remove: [],
      forget: [],
    };
    expect(await desks.textsIn()).toEqual(expected[ruling]);
    const isHere = ours !== 'ended' && ruling !== 'takeTheirs';
    expect(alice.texts()).toEqual(isHere ? [ours === 'edited' ? 'ours' : 'one'] : []);
    await alice.syncs();
    expect(alice.elsewhere.list().map(({ snippet }) => snippet)).toEqual(
      theirs === 'edited' ? ['theirs'] : [],
    );
  });

  async function happensThere(theirs: TheirDraftChange): Promise<void> {
    const mailbox = lab.exchange.mailbox(employee);
    if (theirs === 'edited') await desks.edit('theirs');
    if (theirs === 'gone') await mailbox.remove('Drafts', (await desks.only()).uid);
    if (theirs === 'lost') await makeAnew('Drafts');
  }

  /** As after a mailbox was restored: the same name, another UIDVALIDITY, and nothing in it. */
  async function makeAnew(folder: string): Promise<void> {
    const { port, user, password, authority } = lab.exchange.mailbox(employee).access;
    const client = new ImapFlow({
      host: 'localhost',
      port,
      secure: true,
      tls: { ca: authority },
      auth: { user, pass: password },
      logger: false,
    });
    await client.connect();
    await client.mailboxDelete(folder);
    await client.mailboxCreate(folder);
    await client.logout();
  }

  it('come back when somebody goes on typing in one that others have replaced', async () => {
    const alice = desks.add();
    const { id } = alice.write('one');
    await alice.rests();
    await alice.syncs();
    await desks.edit('theirs');
    await alice.syncs();
    await alice.rests();
    expect(alice.texts()).toEqual([]);
    alice.rewrite(id, 'one and more');
    expect(alice.texts()).toEqual(['one and more']);
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['one and more', 'theirs']);
  });

  describe('with the manners of Exchange', () => {
    beforeAll(async () => {
      await lab.stop();
      lab = await startLab({ employees: [employee], quirks: everydayQuirks });
    });

    it('are drafts, and one, all the same', { retry: 0 }, async () => {
      const alice = desks.add();
      const { id } = alice.write('one');
      await vi.waitFor(async () => {
        await alice.rests();
        expect(await desks.textsIn()).toEqual(['one']);
      }, patience);
      alice.rewrite(id, 'two');
      await vi.waitFor(async () => {
        alice.clock.advance(900_000);
        await alice.rests();
        expect(await desks.textsIn()).toEqual(['two']);
      }, patience);
      expect((await desks.only()).flags).toContain('\\Draft');
    });
  });
});
