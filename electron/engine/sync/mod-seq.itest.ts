import { afterEach, describe, expect, it } from 'vitest';
import {
  everydayQuirks,
  leaksModSeq,
  losesModSeq,
  offersQresync,
} from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';

describe('modification sequences', () => {
  let laptop: SyncedLaptop;

  afterEach(() => laptop.stop());

  const start = async (quirks: readonly Quirk[], messages = 60): Promise<void> => {
    laptop = await startSyncedLaptop({ quirks, messages });
  };
  const modSeqs = () =>
    laptop.db
      .prepare<[], string | null>('SELECT mod_seq FROM folder WHERE synced_at IS NOT NULL')
      .pluck()
      .all();

  async function changeThere(): Promise<void> {
    const mailbox = laptop.lab.exchange.mailbox('alice');
    const [first, second] = await mailbox.messages('INBOX');
    await mailbox.setFlags('INBOX', first?.uid ?? 0, ['\\Flagged', '\\Answered']);
    await mailbox.remove('INBOX', second?.uid ?? 0);
    await mailbox.append(
      'INBOX',
      Buffer.from('Message-ID: <new@far.example>\r\nSubject: New\r\n\r\nHello\r\n'),
    );
  }
  const isExact = async () => expect(laptop.here('INBOX')).toEqual(await laptop.there('INBOX'));

  it('tell what came, changed and went, where a server offers them, and nothing is asked where nothing has', async () => {
    await start([offersQresync]);
    await laptop.pass();
    expect(modSeqs().every((value) => value !== null)).toBe(true);
    expect((await laptop.pass()).filter((line) => /FETCH|SEARCH/.test(line))).toEqual([]);
    await changeThere();
    await laptop.pass();
    await isExact();
    expect(laptop.lab.misuses).toEqual([]);
  });

  it('are not believed when they go backwards', async () => {
    await start([offersQresync, losesModSeq()]);
    await laptop.pass();
    await changeThere();
    await laptop.pass();
    await isExact();
  });

  it('are never asked for where they are not offered, even if a server tells of them', async () => {
    const manners = everydayQuirks.filter(({ name }) => !/throttles|endsConnections/.test(name));
    await start([...manners, leaksModSeq]);
    await laptop.pass();
    await changeThere();
    await laptop.pass();
    await isExact();
    expect(modSeqs().filter((value) => value !== null)).toEqual([]);
    expect(laptop.lab.misuses).toEqual([]);
  });

  it('serve continuity, which offers them', async () => {
    await start([], 0);
    const mailbox = laptop.lab.continuity.mailbox('alice');
    for (const id of ['one', 'two'])
      await mailbox.append(
        'INBOX',
        Buffer.from(`Message-ID: <${id}@far.example>\r\nSubject: ${id}\r\n\r\nHello\r\n`),
      );
    expect(await laptop.runner.pass('continuity')).toMatchObject({ ok: true });
    const copies = () =>
      laptop.db
        .prepare<[], { uid: number; flags: string }>(
          `SELECT uid, flags FROM copy JOIN folder ON folder.id = copy.folder_id
           WHERE route = 'continuity' AND path = 'INBOX' AND uid > 0 ORDER BY uid`,
        )
        .all();
    expect(copies()).toEqual([
      { uid: 1, flags: '' },
      { uid: 2, flags: '' },
    ]);
    expect(modSeqs().every((value) => value !== null)).toBe(true);
    await mailbox.setFlags('INBOX', 1, ['\\Seen']);
    await mailbox.remove('INBOX', 2);
    expect(await laptop.runner.pass('continuity')).toMatchObject({ ok: true });
    expect(copies()).toEqual([{ uid: 1, flags: '\\Seen' }]);
  });
});
