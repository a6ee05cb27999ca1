import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan, folderIdOf } from '../cache/queries/sync-store.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { createHomeless, type Homeless } from './homeless.ts';

describe('what has lost its place', () => {
  let laptop: Laptop;
  let homeless: Homeless;
  const paths = ['INBOX', 'Archive'];

  beforeEach(async () => {
    laptop = openLaptop('anna@corp.example');
    homeless = createHomeless(laptop.db, laptop.account.id);
    await laptop.receives('Message-ID: <1@far>\n\nHello', { uid: 1 });
  });
  afterEach(() => laptop.remove());

  const left = () => laptop.db.prepare('SELECT count(*) FROM message').pluck().get();
  const vanishes = () => {
    const id = folderIdOf(laptop.db, laptop.account.id, 'primary', 'INBOX');
    if (id === null) throw new Error('no folder');
    applyPlan(laptop.db, id, { updateFlags: [], remove: [1] });
  };
  /** A pass over the folders, in which the message may vanish from the Inbox as it is asked. */
  const pass = (visits: readonly string[], isVanishing = false): number => {
    homeless.notice();
    for (const path of visits) {
      homeless.visiting(path);
      if (path === 'INBOX' && isVanishing) vanishes();
    }
    homeless.sweep({ paths }, null);
    return homeless.notice();
  };

  it('stays until every folder was asked since: it may have gone to one that was asked before', () => {
    expect(pass(['Archive', 'INBOX'], true)).toBe(1);
    expect(left()).toBe(1);
    expect(pass(['INBOX', 'Archive'])).toBe(0);
    expect(left()).toBe(0);
  });

  it('stays for as many passes as it takes to ask every folder', () => {
    pass(['INBOX'], true);
    pass(['INBOX']);
    pass(['INBOX']);
    expect(left()).toBe(1);
    pass(['Archive']);
    expect(left()).toBe(0);
  });

  it('goes at the end of a look through everything that began when it was lost already', () => {
    vanishes();
    const before = homeless.moment();
    homeless.notice();
    homeless.sweep({ moment: before }, null);
    expect(left()).toBe(1);
    homeless.sweep({ moment: homeless.moment() }, null);
    expect(left()).toBe(0);
  });
});
