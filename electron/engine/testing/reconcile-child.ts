import type { ImapSession } from '../mail/types.ts';
import { createReconciler } from '../reconcile/reconcile-runner.ts';
import { type ChildSetup, mailOf, mortal } from './doomed.ts';
import { ChosenRoutes, openTestDatabase, realClock, realRandom, silent } from './laptop.ts';
import { wholePass } from './whole-pass.ts';

/** Carries over in a process of its own. Ends when that is done, and says how often it appended. */
async function main(setup: ChildSetup): Promise<void> {
  const at = mortal(setup);
  const db = openTestDatabase(setup.databaseFile);
  const mail = mailOf(setup);
  let appends = 0;

  const mortalSession = (session: ImapSession): ImapSession =>
    Object.create(session, {
      headers: {
        value: async (...call: Parameters<ImapSession['headers']>) => {
          const found = await session.headers(...call);
          at('found');
          return found;
        },
      },
      open: {
        value: async (...call: Parameters<ImapSession['open']>) => {
          const opened = await session.open(...call);
          at('looked');
          return opened;
        },
      },
      append: {
        value: async (...call: Parameters<ImapSession['append']>) => {
          at('appending');
          appends += 1;
          const appended = await session.append(...call);
          at('appended');
          return appended;
        },
      },
    });

  const { promise: isDone, resolve: done } = Promise.withResolvers<void>();
  const reconciler = createReconciler({
    account: setup.account,
    db,
    openSession: async (route) => {
      at('opening');
      const opened = await mail.openSession(route);
      return opened.ok ? { ok: true, value: mortalSession(opened.value) } : opened;
    },
    syncPass: async (route) => {
      const passed = await wholePass(db, setup.account, route, mail.openSession);
      at(`read ${route}`);
      return passed;
    },
    routes: new ChosenRoutes('primary'),
    policy: { handoverWaitSeconds: 0 },
    clock: realClock,
    random: realRandom,
    log: silent,
    announce: () => at('noted'),
    done: () => {
      at('done');
      done();
    },
  });
  reconciler.run();
  await isDone;
  await reconciler.stop();
  db.close();
  process.stdout.write(String(appends));
}

await main(JSON.parse(process.argv[2] ?? '') as ChildSetup);
