import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from './run.ts';
import { syncDocument, withTables } from './sync-document.ts';

const tests = globSync(['electron/**/*.itest.ts', 'e2e/**/*.{itest,spec}.ts'], { cwd: repository })
  .sort()
  .map((file) => join(repository, file));

it('docs/sync.md prints the table of conflicts and the quirks as they are', () => {
  const file = join(repository, syncDocument);
  const page = readFileSync(file, 'utf8');
  const current = withTables(page, tests);
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, current);
  else expect(page).toBe(current);
});

it('every quirk is tried by a test', () => {
  const rows =
    readFileSync(join(repository, syncDocument), 'utf8').match(/^\| `\w+` \| (yes|no) .*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((row) => !row.includes('.itest.ts'))).toEqual([]);
});
