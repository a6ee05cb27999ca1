import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failoverKinds } from '../../../shared/model/failover.ts';
import { evidenceTable, exampleStates, stateTables } from './testing/state-table.ts';

const file = join(import.meta.dirname, '../../../docs/failover.md');

/** `page` with what stands between the marks of `part` as the code has it. */
function printed(page: string, part: string, text: string): string {
  const [begin, end] = [`<!-- from the code${part}: begin -->`, `<!-- from the code${part}: end -->`];
  const [before, rest] = page.split(begin);
  const [, after] = (rest ?? '').split(end);
  if (before === undefined || after === undefined) throw new Error(`docs/failover.md lacks its marks${part}`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

describe('docs/failover.md', () => {
  it('shows states and evidence as they are; UPDATE_DOCS=1 npx vitest run failover-document writes them anew', () => {
    const page = readFileSync(file, 'utf8');
    const fresh = printed(printed(page, ', evidence', evidenceTable()), '', stateTables());
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, fresh);
    expect(fresh).toBe(readFileSync(file, 'utf8'));
  });

  it('shows every kind of state', () => {
    const shown = new Set(Object.values(exampleStates).map(({ kind }) => kind));
    expect(shown).toEqual(new Set(failoverKinds));
  });
});
