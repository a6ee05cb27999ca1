import { readFileSync, rmSync } from 'node:fs';
import * as v from 'valibot';
import type { OnlyHere } from '../../shared/model/key-protection.ts';
import { replaceFile } from './durable-file.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const onlyHereFile = v.object({ unsent: count, drafts: count, unreconciled: count, countedAt: count });

const neverCounted: OnlyHere = { unsent: 0, drafts: 0, unreconciled: 0, countedAt: null };

/**
 * How much is in the copy and nowhere else, in a file of its own: what would be lost must be known when nothing can be
 * opened. Four numbers; nothing of what was written, by whom or to whom.
 */
export interface OnlyHereFile {
  read(): OnlyHere;
  write(counts: Omit<OnlyHere, 'countedAt'>): void;
  remove(): void;
}

export function openOnlyHere(file: string): OnlyHereFile {
  return {
    read: () => {
      try {
        const parsed = v.safeParse(onlyHereFile, JSON.parse(readFileSync(file, 'utf8')));
        return parsed.success ? parsed.output : neverCounted;
      } catch {
        return neverCounted;
      }
    },
    write: ({ unsent, drafts, unreconciled }) => {
      try {
        replaceFile(file, `${JSON.stringify({ unsent, drafts, unreconciled, countedAt: Date.now() })}\n`);
      } catch {
        // A full disk: what it said before stands, with its time.
      }
    },
    remove: () => rmSync(file, { force: true }),
  };
}
