import type { Database } from '../../electron/engine/cache/database.ts';
import { type StoredCopy, storedCopies } from '../../electron/engine/sync/proof/testing/stored-copy.ts';
import { type WitnessedMail, witness } from '../lab/witness.ts';
import { expectationOf } from './expectation.ts';
import type { TestMailbox } from './laboratory.ts';

/** Of mails that a test gives names of their own: "mail 17". Of others nothing. */
const nameIn = (subject: string): string => /^mail \d+$/.exec(subject)?.[0] ?? '';

export const nameOf = (source: Buffer): string =>
  nameIn(/^Subject: (.*?)\r?$/m.exec(source.toString('latin1'))?.[1] ?? '');

/** In words: where the offline copy and the server differ, as another program sees the server. */
export async function differences(
  mailbox: TestMailbox,
  gone: readonly Buffer[] = [],
): Promise<{ readonly found: readonly string[]; readonly server: readonly WitnessedMail[] }> {
  const server = await witness(mailbox.access);
  const { wanted, allowed } = expectationOf(server, mailbox, gone);
  return mailbox.read((db) => {
    const here = new Set(storedCopies(db, mailbox.account.id).map(stored));
    const expected = new Set(wanted.map(witnessed));
    const known = new Set([...wanted, ...allowed].map(witnessed));
    return {
      server,
      found: [
        ...[...expected].filter((line) => !here.has(line)).map((line) => `only on the server: ${line}`),
        ...[...here].filter((line) => !known.has(line)).map((line) => `only here: ${line}`),
        ...contradictions(db),
      ],
    };
  });
}

const witnessed = ({ folder, uid, flags, source }: WitnessedMail): string =>
  `${folder} ${uid} [${flags.join(' ')}] ${nameOf(source)}`;

const stored = ({ folder, uid, flags, subject }: StoredCopy): string =>
  `${folder} ${uid} [${flags}] ${nameIn(subject)}`;

/** What is in the copy twice, and messages that are shown otherwise than their only copy says. */
function contradictions(db: Database): readonly string[] {
  const twice = db
    .prepare<[], string>(
      "SELECT subject FROM message WHERE subject GLOB 'mail [0-9]*' GROUP BY subject HAVING count(*) > 1",
    )
    .pluck()
    .all();
  const otherwise = db
    .prepare<[], { subject: string; flags: string; shown: string }>(
      `SELECT subject, flags, concat_ws(' ', iif(is_answered, '\\Answered', NULL), iif(is_flagged, '\\Flagged', NULL),
                                             iif(is_seen, '\\Seen', NULL)) AS shown
       FROM message JOIN copy ON copy.message_id = message.id
       WHERE (SELECT count(*) FROM copy WHERE message_id = message.id) = 1 AND flags <> shown`,
    )
    .all();
  return [
    ...twice.map((subject) => `twice: ${subject}`),
    ...otherwise.map(({ subject, flags, shown }) => `${subject} is [${flags}] and shown as [${shown}]`),
  ];
}
