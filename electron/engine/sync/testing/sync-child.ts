import { type ChildSetup, mailOf, mortal } from '../../testing/doomed.ts';
import { ChosenRoutes, openTestDatabase, realClock, silent } from '../../testing/laptop.ts';
import { createSyncRunner } from '../sync-runner.ts';

/** Synchronizes Exchange once, and dies where it is told to: `message` in a transaction, `batch` right after one. */
const setup = JSON.parse(process.argv[2] ?? '') as ChildSetup;
const pass = mortal(setup);
const db = openTestDatabase(setup.databaseFile);
const runner = createSyncRunner({
  account: setup.account,
  db,
  isOwnAddress: (address) => address === setup.account.address,
  openSession: mailOf(setup).openSession,
  routes: new ChosenRoutes('primary'),
  report: () => {},
  policy: {
    windowDays: 30,
    largestAttachmentMegabytes: 25,
    diskMegabytes: 0,
    leftOutFolders: [],
    pollSeconds: 60,
    lookThroughSeconds: 900,
  },
  clock: realClock,
  log: silent,
  announce: (topic) => {
    if (topic === 'conversations') pass('batch');
  },
  onStored: () => pass('message'),
});
const passed = await runner.pass('primary');
console.log(passed.ok ? 'done' : passed.error.code);
await runner.stop();
db.close();
