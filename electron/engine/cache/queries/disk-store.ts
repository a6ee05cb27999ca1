import type { Database } from '../database.ts';

/** Pages that are given back between two turns of the others: 2 MB. */
const pagesInATurn = 500;

/** Bytes of the copy that hold something. */
export function usedBytes(db: Database): number {
  return (number(db, 'page_count') - number(db, 'freelist_count')) * number(db, 'page_size');
}

/** Gives some of the empty pages back to the disk. True: there are more. */
export function giveBackPages(db: Database): boolean {
  const before = number(db, 'freelist_count');
  if (before === 0) return false;
  db.pragma(`incremental_vacuum(${pagesInATurn})`);
  const after = number(db, 'freelist_count');
  return after > 0 && after < before;
}

function number(db: Database, pragma: string): number {
  return Number(db.pragma(pragma, { simple: true }));
}
