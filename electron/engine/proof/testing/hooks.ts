import net from 'node:net';
import BetterSqlite3 from 'better-sqlite3';
import { pass } from '../../testing/points.ts';

/**
 * Makes points of everything that leaves this process: of every commit, shortly before and just after it, and of every write
 * to the network, just after it. To be called before an engine is started; the product knows nothing of it.
 */
export function watchCommitsAndWrites(): void {
  watchStatements();
  watchTransactions();
  watchSockets();
}

/** The database that was opened last. */
export const openedDatabase = (): BetterSqlite3.Database | null => opened;
let opened: BetterSqlite3.Database | null = null;
let lastWrite = '';

const nameOf = (sql: string): string => sql.trim().split(/\s+/).slice(0, 4).join(' ');

function watchStatements(): void {
  const { prepare } = BetterSqlite3.prototype;
  BetterSqlite3.prototype.prepare = function prepareWatched(this: BetterSqlite3.Database, sql: string) {
    opened = this;
    const statement = prepare.call(this, sql) as BetterSqlite3.Statement;
    if (statement.readonly) return statement;
    const watch = <Name extends 'run' | 'get' | 'all'>(name: Name): void => {
      const original = statement[name] as (...bound: unknown[]) => unknown;
      Object.defineProperty(statement, name, {
        value: (...bound: unknown[]) => {
          const isAlone = !statement.database.inTransaction;
          lastWrite = nameOf(sql);
          if (isAlone) pass(`before ${lastWrite}`);
          const done = original.apply(statement, bound);
          if (isAlone) pass(`after ${lastWrite}`);
          return done === statement ? statement : done;
        },
      });
    };
    for (const name of ['run', 'get', 'all'] as const) watch(name);
    return statement;
  } as typeof prepare;
}

function watchTransactions(): void {
  const { transaction } = BetterSqlite3.prototype;
  type Run = (...given: unknown[]) => unknown;
  BetterSqlite3.prototype.transaction = function transactionWatched(this: BetterSqlite3.Database, work: Run) {
    opened = this;
    let isOutermost = true;
    const watched = transaction.call(this, (...given: unknown[]) => {
      const isOuter = isOutermost;
      const done = work(...given);
      if (isOuter) pass(`before a commit, at last ${lastWrite}`);
      return done;
    });
    const around = (run: Run): Run => {
      return (...given) => {
        isOutermost = !this.inTransaction;
        const isOuter = isOutermost;
        const done = run(...given);
        if (isOuter) pass(`after a commit, at last ${lastWrite}`);
        return done;
      };
    };
    const { deferred, immediate, exclusive } = watched;
    return Object.assign(around(watched), {
      deferred: around(deferred),
      immediate: around(immediate),
      exclusive: around(exclusive),
    });
  } as unknown as typeof transaction;
}

function watchSockets(): void {
  const write = net.Socket.prototype.write as (...given: unknown[]) => boolean;
  net.Socket.prototype.write = function writeWatched(this: net.Socket, ...given: unknown[]) {
    const isNetwork = this.remotePort !== undefined;
    const done = write.apply(this, given);
    if (isNetwork) pass(`after a write to port ${this.remotePort}: ${commandIn(given[0])}`);
    return done;
  } as typeof net.Socket.prototype.write;
}

/** The first words of what is sent, without what may be secret. */
function commandIn(data: unknown): string {
  const [line = ''] = String(data).slice(0, 200).split('\r\n');
  const words = line.split(' ');
  return /^(AUTH|LOGIN|AUTHENTICATE)$/i.test(words[1] ?? '') || /^AUTH/i.test(words[0] ?? '')
    ? 'a sign-in'
    : line.slice(0, 50);
}
