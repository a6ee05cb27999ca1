import type { AccountId, ConversationId, MessageId } from '../../../../../shared/model/ids.ts';
import type { Database } from '../../../cache/database.ts';
import { changeFlag } from '../../../cache/queries/conversation-store.ts';
import { openImapSession } from '../../../mail/imap-session.ts';
import type { ImapSession } from '../../../mail/types.ts';
import { directNetwork } from '../../../net/testing/direct-network.ts';
import { ChosenRoutes, openTestDatabase, realRandom, silent, testKey } from '../../../testing/laptop.ts';
import { answerParent, dieAt, pass, passed, passedPoints } from '../../../testing/points.ts';
import { createActions } from '../../operations/actions.ts';
import { createStoreThread } from '../../store-thread.ts';
import { createSyncRunner } from '../../sync-runner.ts';
import type { Act, Acted, Ask, Begin, Rested } from './engine.ts';
import { scaledClock } from './scaled-clock.ts';

/**
 * The engine's sync in a process of its own, which may be killed. Everything that it does is a point: a call to the server
 * begun or ended, a message stored and not committed yet, something committed.
 */

/** Whether what comes is stored on a thread of its own, as in the app: a message that is not committed is no point then. */
const isThreaded = process.env.PROOF_STORE_THREAD === '1';

/** Every call of a session is two points. */
function watched(session: ImapSession): ImapSession {
  return new Proxy(session, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        pass();
        const answer: unknown = Reflect.apply(value, target, given);
        return answer instanceof Promise ? answer.finally(() => pass()) : answer;
      };
    },
  });
}

function begin({ databaseFile, account, authorities, imap, credentials, clock: time, policy }: Begin) {
  const clock = scaledClock(time.factor, time.start);
  const db = openTestDatabase(databaseFile);
  const network = directNetwork(authorities);
  const thread = isThreaded
    ? createStoreThread({
        databaseFile,
        databaseKey: testKey,
        script: new URL('../../testing/store-thread-for-tests.ts', import.meta.url),
        log: silent,
      })
    : null;
  const runner = createSyncRunner({
    account,
    db,
    isOwnAddress: (address) => address === account.address,
    openSession: async (route) => {
      const opened = await openImapSession({
        network,
        route,
        server: imap,
        credentials: async () => ({ ok: true, value: credentials }),
        log: silent,
        limits: { silenceMs: 2000, greetingMs: 3000, connectMs: 3000, openMs: 6000 },
      });
      return opened.ok ? { ok: true, value: watched(opened.value) } : opened;
    },
    routes: new ChosenRoutes('primary'),
    report: () => {},
    policy,
    clock,
    log: silent,
    announce: () => pass(),
    onStored: () => pass(),
    ...(thread === null
      ? {}
      : { storeElsewhere: (batch) => thread.store({ ...batch, ownAddresses: [account.address] }) }),
  });
  const actions = createActions({
    account,
    db,
    clock,
    random: realRandom,
    announce: () => pass(),
    noted: () => runner.poke(),
  });
  runner.start();

  const act = ({ kind, pick, folder }: Act): Acted => {
    const conversationId = pickedConversation(db, account.id, pick);
    if (conversationId === null) return { messages: [], folder: null };
    if (kind === 'read' || kind === 'unread' || kind === 'star' || kind === 'unstar') {
      const changed = changeFlag(
        db,
        conversationId,
        {
          flag: kind.endsWith('read') ? '\\Seen' : '\\Flagged',
          isSet: !kind.startsWith('un'),
          of: kind === 'read' ? 'all' : 'newest',
        },
        clock.now(),
      );
      runner.poke();
      return { messages: subjectsOf(db, changed), folder: null };
    }
    const placed = actions.place(conversationId, kind, folder);
    if (!placed.ok || placed.value.actionId === null) return { messages: [], folder: null };
    const wished = db
      .prepare<[string], { messageId: MessageId; path: string }>(
        'SELECT message_id AS messageId, to_path AS path FROM placement WHERE action_id = ?',
      )
      .all(placed.value.actionId);
    return {
      messages: subjectsOf(
        db,
        wished.map(({ messageId }) => messageId),
      ),
      folder: wished[0]?.path ?? null,
    };
  };

  const restless = (since: number): string | null => {
    const { kind, completeness, error } = runner.status();
    if (kind !== 'current') return `${kind} ${error?.code ?? ''}`;
    const count = (sql: string): number =>
      db.prepare<[AccountId], number>(`SELECT count(*) FROM ${sql}`).pluck().get(account.id) ?? 0;
    const lookedAt =
      db
        .prepare<[AccountId], number>(
          "SELECT min(coalesce(looked_through_at, 0)) FROM folder WHERE account_id = ? AND route = 'primary'",
        )
        .pluck()
        .get(account.id) ?? 0;
    if (lookedAt <= since) return 'not looked through';
    for (const table of ['flag_change', 'placement'])
      if (count(`${table} WHERE account_id = ?`) > 0) return `${table} waits`;
    return completeness?.missing === 0 ? null : `${completeness?.missing} are missing`;
  };

  /** Everything has been looked at since now, and nothing waits. */
  const rest = async (patienceMs: number): Promise<Rested> => {
    const since = clock.now();
    const deadline = performance.now() + patienceMs;
    runner.poke();
    for (;;) {
      const reason = restless(since);
      if (reason === null) return { reason: null, points: passedPoints() };
      if (performance.now() > deadline) return { reason, points: passedPoints() };
      await passed(1, 50);
    }
  };
  const stop = async (): Promise<void> => {
    await runner.stop();
    await thread?.stop();
    db.close();
  };
  return { act, rest, poke: () => runner.poke(), stop };
}

/** The same conversation for the same mailbox, whatever its rows are called. */
function pickedConversation(db: Database, accountId: AccountId, pick: number): ConversationId | null {
  const ids = db
    .prepare<[AccountId], ConversationId>(
      'SELECT conversation_id FROM message WHERE account_id = ? GROUP BY conversation_id ORDER BY min(subject)',
    )
    .pluck()
    .all(accountId);
  return ids[pick % Math.max(1, ids.length)] ?? null;
}

function subjectsOf(db: Database, messages: readonly MessageId[]): readonly string[] {
  const find = db.prepare<[MessageId], string>('SELECT subject FROM message WHERE id = ?').pluck();
  return messages.flatMap((id) => find.get(id) ?? []);
}

let engine: ReturnType<typeof begin> | null = null;

async function answer(ask: Ask): Promise<unknown> {
  if (ask.kind !== 'begin' && engine === null) throw new Error('not begun');
  switch (ask.kind) {
    case 'begin':
      if (ask.begin.diesAfter !== null) dieAt(ask.begin.diesAfter);
      engine = begin(ask.begin);
      return null;
    case 'act':
      return engine?.act(ask.act);
    case 'rest':
      return engine?.rest(ask.patienceMs);
    case 'work':
      return passed(ask.points, ask.patienceMs);
    case 'dieAfter':
      dieAt(passedPoints() + ask.points);
      return null;
    case 'poke':
      return engine?.poke();
    case 'stop':
      await engine?.stop();
      return passedPoints();
  }
}

answerParent(answer);
