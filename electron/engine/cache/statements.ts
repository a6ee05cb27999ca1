import type { Database } from './database.ts';

/** The texts are those of the program, a few hundred; what is put together from many parts does not push them out. */
const most = 1000;

type Statement = ReturnType<Database['prepare']>;

/**
 * Makes `db.prepare` compile each text once. Plucking is a state of a statement, so that there are two of those that are
 * plucked somewhere; nobody reads one row by row while others may ask (`iterate`), but where a database is salvaged.
 */
export function rememberStatements(db: Database): void {
  const compile = db.prepare.bind(db) as (sql: string) => Statement;
  const known = new Map<string, Statement>();
  const remembered = (sql: string): Statement => {
    const found = known.get(sql);
    if (found !== undefined && !found.busy) return found;
    const made = withPlucked(compile(sql), () => compile(sql));
    if (known.size >= most) known.clear();
    known.set(sql, made);
    return made;
  };
  db.prepare = remembered as Database['prepare'];
}

function withPlucked(statement: Statement, again: () => Statement): Statement {
  let plucked: Statement | null = null;
  statement.pluck = () => {
    if (plucked === null || plucked.busy) plucked = again().pluck();
    return plucked as typeof statement;
  };
  return statement;
}
