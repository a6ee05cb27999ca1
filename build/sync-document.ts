import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { everydayQuirks, grimQuirks } from '../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../e2e/lab/quirks/quirk.ts';
import { draftConflicts, theirDraftChanges } from '../electron/engine/drafts/core/draft-conflicts.ts';
import {
  conflicts,
  type OurChange,
  theirChanges,
} from '../electron/engine/sync/operations/core/conflicts.ts';

/** The page that `withTables` brings up to date: UPDATE_DOCS=1 npx vitest run sync-document writes it. */
export const syncDocument = 'docs/sync.md';

/** The page with its generated tables, each between two comments. `testFiles`: where quirks are tried. */
export function withTables(page: string, testFiles: readonly string[]): string {
  const withConflicts = replacePart(page, 'conflicts', conflictTable());
  const withDrafts = replacePart(withConflicts, 'draft conflicts', draftConflictTable());
  return replacePart(withDrafts, 'quirks', quirkTable(testFiles));
}

function replacePart(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${syncDocument} has no part "${name}"`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function conflictTable(): string {
  return table(
    ['ours \\ theirs', ...theirChanges],
    Object.entries(conflicts).map(([ours, rulings]) => [
      `**${ours satisfies string as OurChange}**`,
      ...theirChanges.map((theirs) => {
        const { wins, tells } = rulings[theirs];
        return tells === null ? wins : `${wins}, *${tells}*`;
      }),
    ]),
  );
}

function draftConflictTable(): string {
  return table(
    ['ours \\ theirs', ...theirDraftChanges],
    Object.entries(draftConflicts).map(([ours, rulings]) => [
      `**${ours}**`,
      ...theirDraftChanges.map((theirs) => rulings[theirs]),
    ]),
  );
}

function quirkTable(testFiles: readonly string[]): string {
  const sources = testFiles.map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));
  const testsOf = ({ name }: Quirk): string =>
    sources
      .filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text))
      .map((source) => `\`${source.name}\``)
      .join(', ');
  const rowsOf = (quirks: readonly Quirk[], isEveryday: boolean) =>
    quirks.map((quirk) => [`\`${quirk.name}\``, isEveryday ? 'yes' : 'no', quirk.source, testsOf(quirk)]);
  return table(
    ['quirk', 'everyday', 'source', 'tests'],
    [...rowsOf(everydayQuirks, true), ...rowsOf(grimQuirks, false)],
  );
}
