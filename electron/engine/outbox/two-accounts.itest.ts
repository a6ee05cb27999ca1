import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import { routes as allRoutes, type Route } from '../../../shared/model/route.ts';
import { ok } from '../../../shared/result.ts';
import { upsertAccount } from '../cache/accounts.ts';
import type { Database } from '../cache/database.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { createSubmit } from '../mail/submission.ts';
import type { Credentials } from '../mail/types.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { withOwner } from '../owner.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  ownIdentity,
  realClock,
  realRandom,
  silent,
} from '../testing/laptop.ts';
import { createDoors } from './doors.ts';
import { createDrafts } from './drafts.ts';
import { createOutbox } from './outbox-runner.ts';

const people = ['anna', 'bert'] as const;
type Person = (typeof people)[number];

type Step =
  | { readonly kind: 'writes'; readonly who: Person }
  | { readonly kind: 'routes'; readonly who: Person; readonly route: Route | null }
  | { readonly kind: 'dies' | 'comesBack'; readonly provider: 'exchange' | 'continuity' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('writes'), who: fc.constantFrom(...people) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('routes'),
      who: fc.constantFrom(...people),
      route: fc.constantFrom(...allRoutes, null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('dies', 'comesBack'),
      provider: fc.constantFrom('exchange', 'continuity'),
    }),
  },
);

/** One account on the laptop, with its own servers' credentials, as the engine wires it. */
function mailboxOf(lab: Lab, who: Person, account: AccountSummary, db: Database, accessToken: string) {
  const network = directNetwork(lab.authorities);
  const settings = lab.accountOf(who);
  const servers = { primary: settings.exchange, continuity: settings.continuity };
  const user = addressOf(who);
  const shown: Readonly<Record<Route, Credentials>> = {
    primary: { kind: 'accessToken', user, accessToken },
    continuity: { kind: 'password', user, password: lab.passwordOf(who) },
  };
  const credentials = (route: Route) => async () => ok(shown[route]);
  const routes = new ChosenRoutes(null);
  const common = { db, clock: realClock, announce: () => {} };
  const outbox = withOwner(account.id, (owner) =>
    createOutbox({
      ...common,
      owner,
      doors: createDoors(owner, {
        submit: createSubmit(network),
        server: (route) => servers[route].submission,
        credentials,
        openSession: (route) =>
          openImapSession({
            network,
            route,
            server: servers[route].imap,
            credentials: credentials(route),
            log: silent,
          }),
      }),
      identities: ownIdentity(account),
      routes,
      report: () => {},
      policy: { sentCopyWaitSeconds: 0.1 },
      log: silent,
    }),
  );
  const drafts = createDrafts({
    ...common,
    account,
    identities: ownIdentity(account),
    random: realRandom,
    policy: { undoSeconds: 0 },
    queued: () => outbox.poke(),
  });
  const writes = async (): Promise<void> => {
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const to = [{ name: '', address: 'clara@outside.example' }];
    drafts.save(draft.value.id, { ...draft.value, to, subject: `From ${who}` });
    const sent = await drafts.send(draft.value.id);
    if (!sent.ok) throw new Error(sent.error.code);
  };
  return { outbox, routes, writes };
}

describe('two accounts on one laptop', () => {
  let lab: Lab;
  let laptop: Laptop;

  beforeAll(async () => {
    lab = await startLab({ employees: people });
    laptop = openLaptop(addressOf('anna'));
  });
  afterAll(async () => {
    await lab.stop();
    laptop.remove();
  });

  it('never send for each other, whatever dies and returns: each message leaves once, from where it was written', async () => {
    const { db } = laptop;
    const accountOf = (who: Person): AccountSummary => {
      const person = { address: addressOf(who), displayName: who };
      return { ...person, id: upsertAccount(db, person), isShared: false };
    };
    const tokens = new Map<Person, string>();
    for (const who of people) tokens.set(who, await lab.issuer.accessTokenFor(addressOf(who)));
    const unsettled = db
      .prepare<[], OutgoingState>("SELECT state FROM outgoing WHERE state NOT IN ('accepted', 'uncertain')")
      .pluck();

    const run = async (steps: readonly Step[]) => {
      const [anna, bert] = people.map((who) =>
        mailboxOf(lab, who, accountOf(who), db, tokens.get(who) ?? ''),
      );
      if (anna === undefined || bert === undefined) throw new Error('two people');
      const mailboxes = { anna, bert };
      for (const { outbox } of [anna, bert]) outbox.start();
      for (const each of steps) {
        if (each.kind === 'writes') await mailboxes[each.who].writes();
        else if (each.kind === 'routes') mailboxes[each.who].routes.choose(each.route);
        else if (each.kind === 'dies') await lab[each.provider].die();
        else await lab[each.provider].comesBack();
      }
      for (const provider of [lab.exchange, lab.continuity]) await provider.comesBack();
      // By different ways at last, so that a queue taken for the other's would show.
      for (const route of [null, 'primary'] as const) anna.routes.choose(route);
      for (const route of [null, 'continuity'] as const) bert.routes.choose(route);
      await vi.waitFor(() => expect(unsettled.all()).toEqual([]), { timeout: 30_000, interval: 20 });
      await Promise.all([anna.outbox.stop(), bert.outbox.stop()]);
    };

    const rows = db.prepare<[], { readonly id: string; readonly address: string; readonly state: string }>(
      `SELECT internet_message_id AS id, account.address, outgoing.state FROM outgoing
       JOIN message ON message.id = outgoing.message_id JOIN account ON account.id = outgoing.account_id`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        await run(steps);
        const taken = [lab.exchange, lab.continuity].flatMap(({ submission }) => submission.taken);
        for (const { id, address, state } of rows.all()) {
          const mine = taken.filter(({ source }) => source.includes(`<${id}>`));
          expect(mine.length).toBe(state === 'accepted' ? 1 : Math.min(mine.length, 1));
          for (const { user, from, source } of mine) {
            expect([user, from]).toEqual([address, address]);
            expect(source.toString('latin1')).toContain(`Subject: From ${address.split('@')[0]}\r\n`);
          }
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
    expect(rows.all().length).toBeGreaterThan(8);
  }, 240_000);

  it('cannot be mixed by SQL either', async () => {
    const { db, account } = laptop;
    const other = upsertAccount(db, { address: 'carl@corp.example', displayName: 'Carl' });
    const { messageId } = await laptop.receives(
      'From: x@y.example\nMessage-ID: <mixed@y.example>\n\nHello\n',
    );
    const outgoing = db.prepare(
      `INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before)
       VALUES ('one', ?, ?, 'queued', '', '[]', x'00', 0, 0)`,
    );
    const attempt = db.prepare(
      "INSERT INTO outgoing_attempt (account_id, outgoing_id, route, started_at) VALUES (?, 'one', 'primary', 0)",
    );
    const draft = db.prepare(
      `INSERT INTO draft (id, account_id, kind, parent_id, from_address, recipients, subject, text, updated_at)
       VALUES ('one', ?, 'reply', ?, '', '{}', '', '', 0)`,
    );
    const journal = db.prepare(
      `INSERT INTO journal (account_id, outage_id, message_id, direction, recorded_at, outcome)
       VALUES (?, ?, ?, 'sent', 0, 'pending')`,
    );
    laptop.loses();
    const outage = db.prepare('SELECT id FROM outage').pluck().get();
    const refused = 'FOREIGN KEY constraint failed';
    expect(() => outgoing.run(other, messageId)).toThrow(refused);
    outgoing.run(account.id, messageId);
    expect(() => attempt.run(other)).toThrow(refused);
    attempt.run(account.id);
    expect(() => draft.run(other, messageId)).toThrow(refused);
    draft.run(account.id, messageId);
    expect(() => journal.run(other, outage, messageId)).toThrow(refused);
    journal.run(account.id, outage, messageId);
    const move = (table: string) => () => db.prepare(`UPDATE ${table} SET account_id = ?`).run(other);
    for (const table of ['draft', 'journal', 'outgoing_attempt', 'outgoing'])
      expect(move(table)).toThrow(refused);
  });
});
