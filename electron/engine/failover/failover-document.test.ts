import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failoverKinds } from '../../../shared/model/failover.ts';
import { exampleStates, stateTables } from './testing/state-table.ts';

const file = join(import.meta.dirname, '../../../docs/failover.md');
const [begin, end] = ['<!-- from the code: begin -->', '<!-- from the code: end -->'];

describe('docs/failover.md', () => {
  it('shows the states as they are; UPDATE_DOCS=1 npx vitest run failover-document writes them anew', () => {
    const page = readFileSync(file, 'utf8');
    const [before, rest] = page.split(begin);
    const [, after] = (rest ?? '').split(end);
    if (before === undefined || after === undefined) throw new Error('docs/failover.md lacks its marks');
    const fresh = `${before}${begin}\n\n${stateTables()}\n\n${end}${after}`;
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, fresh);
    expect(fresh).toBe(readFileSync(file, 'utf8'));
  });

  it('shows every kind of state', () => {
    const shown = new Set(Object.values(exampleStates).map(({ kind }) => kind));
    expect(shown).toEqual(new Set(failoverKinds));
  });
});
