import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Open test mails that lie beside the repository on some machines. Tests over them skip where they are missing. */
const folder = join(import.meta.dirname, '../../../../../shared/corpus');
export const hasCorpus = existsSync(folder);

export interface CorpusMail {
  readonly name: string;
  readonly source: Uint8Array;
}

export function corpusText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

export function corpusBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, path)));
}

/** Paths of the files below a folder of the corpus; none where there is no such folder. */
export function corpusFiles(below: string): readonly string[] {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Every file or mbox entry below a folder of the corpus that begins like a mail. */
export function corpusMails(below = ''): readonly CorpusMail[] {
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(json|md|html|tokens|list|tnef|ics)$/.test(entry.name))
    .flatMap((entry) => mailsIn(join(entry.parentPath, entry.name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function mboxMails(path: string): readonly CorpusMail[] {
  return mailsIn(join(folder, path));
}

function mailsIn(file: string): readonly CorpusMail[] {
  const text = readFileSync(file, 'latin1');
  const entries = /^From \S.*\d\d:\d\d/.test(text)
    ? text.split(/^From \S.*\d\d:\d\d.*\r?\n/m).slice(1)
    : [text];
  return entries
    .filter((entry) => /^[\w-]+:[ \t\r\n]/.test(entry))
    .map((entry, index) => ({
      name: `${file.slice(folder.length + 1)}#${index + 1}`,
      source: new Uint8Array(Buffer.from(entry, 'latin1')),
    }));
}
