import { expect, it } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { everydayQuirks } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import type { MessageId } from '../../../shared/model/ids.ts';
import { createDrafts } from '../outbox/drafts.ts';
import { happen } from '../outbox/transition.ts';
import { mailOf } from '../testing/doomed.ts';
import { ChosenRoutes, openLaptop, ownIdentity, realClock, realRandom, silent } from '../testing/laptop.ts';
import { createSyncRunner } from './sync-runner.ts';

const employee = 'alice';

/** Passes a mail on; yields what the server says of it after the pass that follows. */
async function flagsAfterForwarding(lab: Lab): Promise<readonly string[]> {
  const laptop = openLaptop(addressOf(employee));
  const { exchange, continuity } = lab.accountOf(employee);
  const credentials = {
    kind: 'password',
    user: addressOf(employee),
    password: lab.passwordOf(employee),
  } as const;
  const { openSession } = mailOf({
    databaseFile: laptop.file,
    account: laptop.account,
    authorities: lab.authorities,
    providers: { primary: { ...exchange, credentials }, continuity: { ...continuity, credentials } },
    diesAt: null,
  });
  const setup = {
    account: laptop.account,
    db: laptop.db,
    clock: realClock,
    random: realRandom,
    log: silent,
    announce: () => {},
  };
  const sync = createSyncRunner({
    ...setup,
    isOwnAddress: (address) => address === laptop.account.address,
    openSession,
    routes: new ChosenRoutes('primary'),
    report: () => {},
    policy: {
      windowDays: 30,
      largestAttachmentMegabytes: 25,
      diskMegabytes: 0,
      leftOutFolders: [],
      pollSeconds: 60,
      lookThroughSeconds: 600,
    },
    onStored: () => {},
  });
  const drafts = createDrafts({
    ...setup,
    identities: ownIdentity(laptop.account),
    policy: { undoSeconds: 0 },
    queued: () => {},
  });
  const passes = async (): Promise<void> => {
    const passed = await sync.pass('primary');
    if (!passed.ok) throw new Error(passed.error.code);
  };
  try {
    const { messageId } = await lab.outside.sends({ to: employee, subject: 'Pass it on', text: 'x' });
    await passes();
    const id = laptop.db
      .prepare<[string], MessageId>('SELECT id FROM message WHERE internet_message_id = ?')
      .pluck()
      .get(messageId);
    if (id === undefined) throw new Error('not in the copy');
    const draft = drafts.create('forward', id);
    if (!draft.ok) throw new Error(draft.error.code);
    drafts.save(draft.value.id, { ...draft.value, to: [{ name: '', address: 'bob@x.example' }] });
    const sent = await drafts.send(draft.value.id);
    if (!sent.ok) throw new Error(sent.error.code);
    for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
      happen(laptop.db, sent.value.outgoingId, { kind }, realClock.now());
    await passes();
    const [mail] = await lab.exchange.mailbox(employee).messages('INBOX');
    return mail?.flags ?? [];
  } finally {
    await sync.stop();
    laptop.remove();
  }
}

const cases: readonly { server: string; quirks: readonly Quirk[]; isTold: boolean }[] = [
  { server: 'takes keywords says so too', quirks: [], isTold: true },
  { server: 'takes none, as Exchange, is not even asked', quirks: everydayQuirks, isTold: false },
];
it.each(cases)('what was passed on is marked, and a server that $server', async (one) => {
  const lab = await startLab({ employees: [employee], quirks: one.quirks });
  try {
    expect((await flagsAfterForwarding(lab)).includes('$Forwarded')).toBe(one.isTold);
    expect(lab.misuses).toEqual([]);
  } finally {
    await lab.stop();
  }
});
