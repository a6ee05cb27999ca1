import type { Topic } from '../../../../shared/contract/events.ts';
import { appError } from '../../../../shared/errors.ts';
import { err, ok } from '../../../../shared/result.ts';
import { type Engine, startEngine } from '../../engine.ts';
import type { Logger, SecretName, Secrets } from '../../ports.ts';
import { scaledClock } from '../../sync/proof/testing/scaled-clock.ts';
import { realRandom, testKey } from '../../testing/laptop.ts';
import { answerParent, dieAt, passed, passedPoints } from '../../testing/points.ts';
import type { Ask, Begin, Note } from './engine-process.ts';
import { openedDatabase, watchCommitsAndWrites } from './hooks.ts';

watchCommitsAndWrites();

const say = (note: Note): void => void process.send?.({ note });
const told = new Set<() => void>();
const announce = (_topic: Topic): void => {
  for (const listener of told) listener();
};

function logger(module: string): Logger {
  const write =
    (level: string): Logger['info'] =>
    (event, fields = {}) =>
      say({ kind: 'log', line: `${level} ${module}: ${event} ${JSON.stringify(fields)}` });
  return { info: write('info'), warn: write('warn'), child: (name) => logger(`${module}.${name}`) };
}

function secretsOf(first: Begin['secrets']): Secrets {
  const kept = new Map(Object.entries(first));
  const keyOf = ({ provider, address }: SecretName): string => `${provider}:${address.toLowerCase()}`;
  return {
    get: async (name) => {
      const value = kept.get(keyOf(name));
      return value === undefined ? err(appError('auth.missing', 'afterUserAction')) : ok(value);
    },
    put: async (name, value) => {
      kept.set(keyOf(name), value);
      say({ kind: 'secret', name: keyOf(name), value });
      return ok(null);
    },
  };
}

function begin({ databaseFile, policy, secrets, clock: time, diesAt }: Begin) {
  const fast = scaledClock(time.factor, time.start);
  let jumped = 0;
  const clock = { now: () => fast.now() + jumped, after: fast.after };
  if (diesAt !== null) die(diesAt);
  const started = startEngine({
    databaseFile,
    databaseKeys: [testKey],
    policy,
    locale: 'en',
    clock,
    random: realRandom,
    log: logger('engine'),
    secrets: secretsOf(secrets),
    isKeyStoreProtected: true,
    resolveProxy: async () => 'DIRECT',
    openBrowser: async () => ok(null),
    announce,
    accountsChanged: () => {},
    onlyHere: () => {},
    restart: () => process.exit(1),
  });
  if (!started.ok) throw new Error(started.error.code);
  const engine = started.value;
  const [account] = engine.accounts;
  if (account === undefined) throw new Error('no account');
  return {
    call: (method: string, input: unknown) => engine.call(method, input),
    left: () => whatIsLeft(engine, account.id),
    isAway: async () => {
      const status = await engine.call('failover.status', null);
      return status.ok && JSON.stringify(status.value).includes('"kind":"continuity"');
    },
    isSent: () =>
      countOf(
        account.id,
        "SELECT count(*) FROM outgoing WHERE account_id = ? AND state IN ('held', 'queued', 'sending', 'handedOver')",
      ) === 0,
    jump: (ms: number) => {
      jumped += ms;
    },
    woke: () => engine.laptopWoke(),
    stop: () => engine.stop(),
  };
}

const die = (point: number): void => dieAt(point, (name) => say({ kind: 'log', line: `dies ${name}` }));

const countOf = (accountId: number, sql: string): number =>
  openedDatabase()?.prepare<[number], number>(sql).pluck().get(accountId) ?? 0;

/** In words, what would still be done by itself if Exchange stays; null: nothing. */
async function whatIsLeft(engine: Engine, accountId: number): Promise<string | null> {
  const status = await engine.call('failover.status', null);
  const [{ kind = '' } = {}] = (status.ok ? status.value : []) as readonly { readonly kind?: string }[];
  if (kind !== 'primary') return `it is ${kind}`;
  const left: readonly (readonly [string, string])[] = [
    ['outages are open', 'SELECT count(*) FROM outage WHERE account_id = ? AND ended_at IS NULL'],
    [
      'entries of the journal are open',
      'SELECT count(*) FROM journal WHERE account_id = ? AND verified_at IS NULL',
    ],
    [
      'messages are on their way',
      "SELECT count(*) FROM outgoing WHERE account_id = ? AND state IN ('held', 'queued', 'sending', 'handedOver')",
    ],
    [
      'sent messages are not filed',
      "SELECT count(*) FROM outgoing WHERE account_id = ? AND state = 'accepted' AND filed_at IS NULL",
    ],
    // What the person has answered though nobody knows whether it was sent is told once it stands in Exchange.
    [
      'flags are to be told',
      `SELECT count(*) FROM flag_change WHERE account_id = ? AND NOT EXISTS (
         SELECT 1 FROM outgoing
         WHERE message_id = flag_change.message_id AND state IN ('uncertain', 'rejected', 'discarded'))`,
    ],
    ['messages are to be moved', 'SELECT count(*) FROM placement WHERE account_id = ?'],
  ];
  for (const [what, sql] of left) {
    const found = countOf(accountId, sql);
    if (found > 0) return `${found} ${what}`;
  }
  return null;
}

type Begun = ReturnType<typeof begin>;
let engine: Begun | null = null;

/** Asks again whenever something was announced, and now and then, until `is` says so or patience is over. */
async function until(is: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if (await is()) return true;
    if (performance.now() > deadline) return false;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        told.delete(done);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, 50);
      told.add(done);
    });
  }
}

/** A disk without room: SQLite may take no page more (SQLITE_FULL, as the system says it). */
function disk(isFull: boolean): void {
  const db = openedDatabase();
  if (db === null) return;
  const pages = isFull ? Number(db.pragma('page_count', { simple: true })) : 1_073_741_823;
  db.pragma(`max_page_count = ${pages}`);
}

async function answer(ask: Ask): Promise<unknown> {
  if (ask.kind === 'loaded') return null;
  if (ask.kind === 'begin') {
    engine = begin(ask.begin);
    return null;
  }
  if (engine === null) throw new Error('not begun');
  return answerFrom(engine, ask);
}

async function answerFrom(begun: Begun, ask: Exclude<Ask, { kind: 'begin' | 'loaded' }>): Promise<unknown> {
  switch (ask.kind) {
    case 'call':
      return begun.call(ask.method, ask.input);
    case 'rest': {
      let left: string | null = null;
      await until(async () => {
        left = await begun.left();
        return left === null;
      }, ask.patienceMs);
      return { left };
    }
    case 'away':
      return until(begun.isAway, ask.patienceMs);
    case 'sent':
      return until(async () => begun.isSent(), ask.patienceMs);
    case 'work':
      return passed(ask.points, ask.patienceMs);
    case 'dieAfter':
      return die(passedPoints() + ask.points);
    case 'jump':
      begun.jump(ask.ms);
      return begun.woke();
    case 'disk':
      return disk(ask.isFull);
    case 'woke':
      return begun.woke();
    case 'points':
      return passedPoints();
    case 'stop':
      return begun.stop();
  }
}

answerParent(answer);
