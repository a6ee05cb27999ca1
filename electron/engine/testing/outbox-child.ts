import type { DraftId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { createSubmit } from '../mail/submission.ts';
import type { ImapSession, Submit } from '../mail/types.ts';
import { createDoors } from '../outbox/doors.ts';
import { createDrafts } from '../outbox/drafts.ts';
import { createOutbox } from '../outbox/outbox-runner.ts';
import { withOwner } from '../owner.ts';
import { type ChildSetup, mailOf, mortal } from './doomed.ts';
import { ChosenRoutes, openTestDatabase, ownIdentity, realClock, realRandom, silent } from './laptop.ts';

export interface OutboxChildSetup extends ChildSetup {
  readonly route: Route;
  /** Sent at first; null: the outbox only goes on with what it finds. */
  readonly draftId: DraftId | null;
  /** For how long it is held; 0 when nothing is said. */
  readonly undoSeconds?: number;
}

/** An outbox in a process of its own. Ends when nothing is left that goes on by itself. */
async function main(setup: OutboxChildSetup): Promise<void> {
  const at = mortal(setup);
  const db = openTestDatabase(setup.databaseFile);
  const mail = mailOf(setup);
  const submit = createSubmit(mail.network);

  const submitMortally: Submit = async (request) => {
    at('connecting');
    const outcome = await submit({
      ...request,
      beforeData: async () => at('dataInvited'),
      beforeDot: async () => {
        at('allButDot');
        await request.beforeDot?.();
        at('dotNoted');
      },
    });
    at('answered');
    return outcome;
  };

  const mortalSession = (session: ImapSession): ImapSession =>
    Object.create(session, {
      find: {
        value: async (...call: Parameters<ImapSession['find']>) => {
          const found = await session.find(...call);
          at('looked');
          return found;
        },
      },
      append: {
        value: async (...call: Parameters<ImapSession['append']>) => {
          at('filing');
          const appended = await session.append(...call);
          at('filed');
          return appended;
        },
      },
    });

  const identities = ownIdentity(setup.account);
  const outbox = withOwner(setup.account.id, (owner) =>
    createOutbox({
      owner,
      db,
      doors: createDoors(owner, {
        ...mail,
        submit: submitMortally,
        openSession: async (route) => {
          at('looking');
          const opened = await mail.openSession(route);
          return opened.ok ? { ok: true, value: mortalSession(opened.value) } : opened;
        },
      }),
      identities,
      routes: new ChosenRoutes(setup.route),
      report: () => at('reported'),
      policy: { sentCopyWaitSeconds: 0.2 },
      clock: realClock,
      log: silent,
      announce: () => {},
    }),
  );
  const drafts = createDrafts({
    account: setup.account,
    db,
    identities,
    clock: realClock,
    random: {
      ...realRandom,
      uuid: () => {
        at('freezing');
        return realRandom.uuid();
      },
    },
    announce: () => {},
    policy: { undoSeconds: setup.undoSeconds ?? 0 },
    queued: () => {
      at('queued');
      outbox.poke();
    },
  });

  outbox.start();
  if (setup.draftId !== null) await drafts.send(setup.draftId);
  const unsettled = db
    .prepare(
      `SELECT count(*) FROM outgoing WHERE state IN ('held', 'queued', 'sending', 'handedOver')
         OR (state = 'accepted' AND filed_at IS NULL)`,
    )
    .pluck();
  const timer = setInterval(async () => {
    if (unsettled.get() !== 0) return;
    clearInterval(timer);
    await outbox.stop();
    db.close();
  }, 20);
}

await main(JSON.parse(process.argv[2] ?? '') as OutboxChildSetup);
