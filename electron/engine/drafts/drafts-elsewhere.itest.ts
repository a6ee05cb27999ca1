import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { everydayQuirks } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import { type Desk, Desks, employee, expectOk, patience } from '../../../e2e/proof/draft-desk.ts';

describe('drafts made elsewhere', () => {
  let lab: Lab;
  const desks = new Desks(() => lab);

  beforeAll(async () => {
    lab = await startLab({ employees: [employee] });
  });
  afterEach(() => desks.clear());
  afterAll(() => lab.stop());

  it('are there again when the account is added anew, can be continued, and go once they are discarded', async () => {
    const before = desks.add();
    const { id } = before.write('half a thought');
    expectOk(
      before.drafts.attach(id, {
        fileName: 'plan.txt',
        contentType: 'text/plain',
        content: new Uint8Array(Buffer.from('the plan')),
      }),
    );
    await before.rests();
    const after = desks.add();
    await after.syncs();
    expect(after.drafts.list()).toEqual([]);
    const [found, ...others] = after.elsewhere.list();
    expect(others).toEqual([]);
    if (found === undefined) throw new Error('no draft');
    expect(found).toMatchObject({ subject: 'Plan', to: [{ address: 'bob@x.example' }] });
    const draft = expectOk(after.elsewhere.continue(found.messageId));
    expect(draft.text.trim()).toBe('half a thought');
    expect(draft.bcc).toEqual([{ name: '', address: 'secret@x.example' }]);
    expect(draft.attachments.map(({ fileName }) => fileName)).toEqual(['plan.txt']);
    expect(after.elsewhere.list()).toEqual([]);
    await after.rests();
    expect(await desks.textsIn()).toEqual(['half a thought']);
    after.rewrite(draft.id, 'a whole thought');
    await after.rests();
    expect(await desks.textsIn()).toEqual(['a whole thought']);
    await after.syncs();
    expect(after.elsewhere.list()).toEqual([]);
    expectOk(after.drafts.discard(draft.id));
    await after.rests();
    expect(await desks.textsIn()).toEqual([]);
    // The other laptop has nothing that was not continued.
    await before.syncs();
    await before.rests();
    expect(before.drafts.list()).toEqual([]);
  });

  it('that another program began stay as they are until the draft ends', async () => {
    await desks.write('exchange', 'formatted', 'owa@x.example');
    const alice = desks.add();
    await alice.syncs();
    const [found] = alice.elsewhere.list();
    if (found === undefined) throw new Error('no draft');
    const draft = expectOk(alice.elsewhere.continue(found.messageId));
    alice.rewrite(draft.id, 'plain');
    await alice.rests();
    expect(await desks.textsIn()).toEqual(['formatted', 'plain']);
    expectOk(alice.drafts.discard(draft.id));
    await alice.rests();
    expect(await desks.textsIn()).toEqual([]);
  });

  it('that two laptops go on with at once are two, with all that was written', async () => {
    const [alice, again] = [desks.add(), desks.add()];
    const { id } = alice.write('one');
    await alice.rests();
    await again.syncs();
    const [found] = again.elsewhere.list();
    if (found === undefined) throw new Error('no draft');
    const continued = expectOk(again.elsewhere.continue(found.messageId));
    alice.rewrite(id, 'one, says the first');
    again.rewrite(continued.id, 'one, says the second');
    await Promise.all([alice.rests(), again.rests()]);
    await alice.rests();
    await again.rests();
    expect(await desks.textsIn()).toEqual(['one, says the first', 'one, says the second']);
  });

  describe('in continuity’s webmail, in an outage', () => {
    /** What it makes of the only one that is listed. */
    const continued = (alice: Desk) => {
      const [found, ...others] = alice.elsewhere.list();
      if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} listed`);
      return expectOk(alice.elsewhere.continue(found.messageId));
    };
    const inAnOutage = async (...texts: readonly string[]): Promise<Desk> => {
      const alice = desks.add();
      for (const text of texts)
        await desks.write('continuity', text, `${text.replaceAll(' ', '-')}@webmail.example`);
      alice.routes.choose('continuity');
      await alice.syncs('continuity');
      return alice;
    };

    it('are listed, and stand in Exchange once afterwards, and nowhere else', async () => {
      const alice = await inAnOutage('one', 'two');
      await alice.rests();
      expect(
        alice.elsewhere
          .list()
          .map(({ snippet }) => snippet)
          .toSorted(),
      ).toEqual(['one', 'two']);
      expect(await desks.textsIn()).toEqual([]);
      alice.routes.choose('primary');
      await alice.rests();
      expect(await desks.textsIn()).toEqual(['one', 'two']);
      expect((await desks.inDrafts()).every(({ flags }) => flags.includes('\\Draft'))).toBe(true);
      expect(await desks.textsIn('continuity')).toEqual([]);
      await alice.syncs();
      expect(
        alice.elsewhere
          .list()
          .map(({ snippet }) => snippet)
          .toSorted(),
      ).toEqual(['one', 'two']);
    });

    it('come back as they are beside what they were continued to, and go when that is discarded', async () => {
      const alice = await inAnOutage('formatted');
      const { id } = continued(alice);
      alice.rewrite(id, 'plain');
      await alice.rests();
      expect(await desks.textsIn('continuity')).toEqual(['formatted', 'plain']);
      alice.routes.choose('primary');
      await alice.rests();
      expect(await desks.textsIn()).toEqual(['formatted', 'plain']);
      expect(await desks.textsIn('continuity')).toEqual([]);
      await alice.syncs();
      expect(alice.elsewhere.list()).toEqual([]);
      expectOk(alice.drafts.discard(id));
      await alice.rests();
      expect(await desks.textsIn()).toEqual([]);
    });

    it('come back as they are when they were continued and not changed, and stay one draft', async () => {
      const alice = await inAnOutage('as it is');
      continued(alice);
      alice.routes.choose('primary');
      await alice.rests();
      await alice.syncs();
      await alice.rests();
      expect(await desks.textsIn()).toEqual(['as it is']);
      expect((await desks.only()).messageId).toBe('as-it-is@webmail.example');
      expect(alice.elsewhere.list()).toEqual([]);
    });

    it('do not come back when they were discarded or sent meanwhile', async () => {
      const alice = await inAnOutage('discarded here', 'discarded there');
      const [one] = alice.elsewhere.list().filter(({ snippet }) => snippet === 'discarded here');
      if (one === undefined) throw new Error('not listed');
      expectOk(alice.drafts.discard(expectOk(alice.elsewhere.continue(one.messageId)).id));
      const there = (await desks.inDrafts('continuity')).find(({ text }) => text.includes('there'));
      await lab.continuity.mailbox(employee).remove('Drafts', there?.uid ?? 0);
      alice.routes.choose('primary');
      await alice.rests();
      expect(await desks.textsIn()).toEqual([]);
      expect(await desks.textsIn('continuity')).toEqual([]);
      expect(alice.elsewhere.list()).toEqual([]);
    });

    it('are not put there again where an interrupted return has put them, and twice where they say something else', async () => {
      const alice = await inAnOutage('one');
      await desks.write('exchange', 'one', 'one@webmail.example');
      await desks.write('exchange', 'another', 'one@webmail.example');
      alice.routes.choose('primary');
      await alice.rests();
      expect(await desks.textsIn()).toEqual(['another', 'one']);
    });

    it('are there once though they came without a name that a server would find', async () => {
      await desks.write('continuity', 'nameless', 'no name');
      const alice = await inAnOutage();
      continued(alice);
      for (let turns = 0; turns < 2; turns += 1) {
        alice.routes.choose('primary');
        await alice.rests();
        await alice.syncs();
      }
      expect(await desks.textsIn()).toEqual(['nameless']);
      expect(await desks.textsIn('continuity')).toEqual([]);
      expect(alice.elsewhere.list()).toEqual([]);
    });

    it('are there once though two laptops bring them at the same moment', async () => {
      const laptops = [await inAnOutage('one', 'two'), await inAnOutage()];
      for (const { routes } of laptops) routes.choose('primary');
      await Promise.all(laptops.map((laptop) => laptop.rests()));
      expect(await desks.textsIn()).toEqual(['one', 'two']);
      expect(await desks.textsIn('continuity')).toEqual([]);
    });

    it('of another laptop’s are listed in their newest version, and brought by that laptop', async () => {
      const [first, second] = [desks.add(), desks.add()];
      const { id } = first.write('before');
      await first.rests();
      await second.syncs();
      for (const { routes } of [first, second]) routes.choose('continuity');
      first.rewrite(id, 'in the outage');
      await first.rests();
      const isBack = second.laptop.loses();
      await second.syncs('continuity');
      expect(second.elsewhere.list().map(({ snippet }) => snippet)).toEqual(['in the outage']);
      isBack();
      second.routes.choose('primary');
      await second.rests();
      expect(await desks.textsIn()).toEqual(['before']);
      first.routes.choose('primary');
      await first.rests();
      expect(await desks.textsIn()).toEqual(['in the outage']);
      expect(await desks.textsIn('continuity')).toEqual([]);
      await second.syncs();
      expect(second.elsewhere.list().map(({ snippet }) => snippet)).toEqual(['in the outage']);
    });
  });

  describe('with the manners of Exchange', () => {
    beforeAll(async () => {
      await lab.stop();
      lab = await startLab({ employees: [employee], quirks: everydayQuirks });
    });

    it('come back once all the same', async () => {
      for (const text of ['one', 'two', 'three'])
        await desks.write('continuity', text, `${text}@webmail.example`);
      const alice = desks.add();
      alice.routes.choose('continuity');
      await alice.syncs('continuity');
      alice.routes.choose('primary');
      await vi.waitFor(async () => {
        alice.clock.advance(900_000);
        await alice.rests();
        expect(await desks.textsIn('continuity')).toEqual([]);
      }, patience);
      expect(await desks.textsIn()).toEqual(['one', 'three', 'two']);
    });
  });
});
