import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MailboxAccess } from './mailbox.ts';
import { mbsyncChannel } from './mbsync.ts';

/** A message as mbsync has it: another program, which shares nothing with ours but the server. */
export interface WitnessedMail {
  readonly folder: string;
  readonly uid: number;
  /** Sorted; of those that a Maildir knows: \Answered \Deleted \Draft \Flagged \Seen. */
  readonly flags: readonly string[];
  readonly internalDate: number;
  readonly source: Buffer;
}

/** Whether mbsync is there (Debian's isync). */
export const hasWitness = existsSync('/usr/bin/mbsync');

/** Copies the whole mailbox by mbsync into a Maildir of its own, and reads that. */
export async function witness(access: MailboxAccess): Promise<readonly WitnessedMail[]> {
  const base = mkdtempSync(join(tmpdir(), 'relevo-witness-'));
  try {
    const mail = join(base, 'mail');
    mkdirSync(mail);
    writeFileSync(join(base, 'authority.pem'), access.authority);
    const configuration = join(base, 'mbsyncrc');
    writeFileSync(
      configuration,
      `FSync no

${mbsyncChannel(access, base, mail)}CopyArrivalDate yes
`,
    );
    await promisify(execFile)('mbsync', ['--config', configuration, '--quiet', '--all'], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return foldersBelow(mail, '').flatMap((folder) => mailsOf(mail, folder));
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function foldersBelow(base: string, path: string): readonly string[] {
  return readdirSync(join(base, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['cur', 'new', 'tmp'].includes(entry.name))
    .flatMap(({ name }) => {
      const below = path === '' ? name : `${path}/${name}`;
      return [below, ...foldersBelow(base, below)];
    });
}

function mailsOf(base: string, folder: string): readonly WitnessedMail[] {
  const path = join(base, folder);
  const state = join(path, '.mbsyncstate');
  if (!existsSync(state)) return [];
  const uids = uidsByNear(readFileSync(state, 'utf8'));
  return ['cur', 'new'].flatMap((part) =>
    readdirSync(join(path, part)).map((name) => {
      const file = join(path, part, name);
      const near = Number(/,U=(\d+)/.exec(name)?.[1]);
      const uid = uids.get(near);
      if (uid === undefined) throw new Error(`mbsync says nothing of ${name}`);
      return {
        folder: decodeFolder(folder),
        uid,
        flags: flagsOf(/:2,(\w*)$/.exec(name)?.[1] ?? ''),
        internalDate: Math.floor(statSync(file).mtimeMs / 1000) * 1000,
        source: readFileSync(file),
      };
    }),
  );
}

/** After the header and an empty line: "far near flags" for each pair. */
function uidsByNear(state: string): ReadonlyMap<number, number> {
  const [, pairs = ''] = state.split('\n\n');
  return new Map(
    pairs
      .split('\n')
      .filter((line) => /^\d+ \d+/.test(line))
      .map((line) => {
        const [far, near] = line.split(' ').map(Number);
        return [near ?? 0, far ?? 0];
      }),
  );
}

const letters: Readonly<Record<string, string>> = {
  D: '\\Draft',
  F: '\\Flagged',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
};
const flagsOf = (info: string): readonly string[] =>
  [...info].flatMap((letter) => letters[letter] ?? []).sort();

/** mbsync leaves names in modified UTF-7 (RFC 3501 section 5.1.3). */
function decodeFolder(name: string): string {
  return name.replace(/&([^-]*)-/g, (_, encoded: string) =>
    encoded === '' ? '&' : Buffer.from(encoded.replaceAll(',', '/'), 'base64').swap16().toString('utf16le'),
  );
}
