import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import { topicOf } from '../conversation/subject.ts';
import { parseMessage } from '../mime/parse.ts';
import { corpusMails, corpusText, hasCorpus, mboxMails } from '../mime/testing/corpus.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { upsertAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { storeMessage } from './messages.ts';
import { changeFlag, findConversation, markSeen, openConversation } from './queries/conversation-store.ts';
import { addPin } from './queries/pin-store.ts';

/*
 * Threading against cases whose sources state what they expect. Not comparable with ours, and left out: what depends
 * on equal subjects (RFC 5256 ORDEREDSUBJECT, the subject merging of JWZ), on the shape of the tree (we group only),
 * and on where a loop of references is cut (imaptest/thread: ours stay together).
 */
interface ThreadCase {
  readonly case: string;
  readonly mbox?: string;
  readonly expectedThreads?: readonly (readonly string[])[] | null;
  readonly expectedThreadList?: readonly { readonly messages: number }[];
  readonly messages?: readonly {
    readonly messageId: string;
    readonly subject: string;
    readonly references: readonly string[];
  }[];
  readonly expectedForestBySubject?: readonly Tree[];
  readonly cases?: readonly {
    readonly subject?: string;
    readonly threadable?: string;
    readonly title?: string;
    readonly messages?: readonly Readonly<Record<string, string>>[];
    readonly expectedThreads?: readonly (readonly Tree[])[];
  }[];
  readonly steps?: readonly { readonly parsed?: readonly Numbers[] }[];
}

interface Tree {
  readonly id?: string;
  readonly subject: string | null;
  readonly missing?: boolean;
  readonly children: readonly Tree[];
}
type Numbers = number | readonly Numbers[];

const flat = (numbers: Numbers): readonly number[] =>
  typeof numbers === 'number' ? [numbers] : numbers.flatMap(flat);
const allOf = (tree: Tree): readonly Tree[] => [
  ...(tree.missing === true ? [] : [tree]),
  ...tree.children.flatMap(allOf),
];

const cases = hasCorpus
  ? (JSON.parse(corpusText('threads.expected.json')) as { readonly cases: readonly ThreadCase[] }).cases
  : [];

function caseNamed(name: string): ThreadCase {
  const found = cases.find((entry) => entry.case === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

let folder: string;
let db: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-threads-'));
  const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
  if (!opened.ok) throw new Error(opened.error.code);
  db = opened.value;
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

let accounts = 0;

/** The Message-IDs of each conversation that the messages become, sorted. */
const group = (messages: readonly ParsedMessage[]): readonly (readonly string[])[] =>
  stored(
    messages,
    'SELECT json_group_array(internet_message_id) FROM message WHERE account_id = ? GROUP BY conversation_id',
  );

/** What ties each conversation together. */
const keysOf = (messages: readonly ParsedMessage[]): readonly (readonly string[])[] =>
  stored(
    messages,
    'SELECT json_group_array(key) FROM conversation_key WHERE account_id = ? GROUP BY conversation_id',
  );

function stored(messages: readonly ParsedMessage[], query: string): readonly (readonly string[])[] {
  accounts += 1;
  const accountId = upsertAccount(db, { address: `${accounts}@corp.example`, displayName: '' });
  db.transaction(() => {
    for (const parsed of messages)
      storeMessage(db, {
        accountId,
        parsed,
        receivedAt: Date.UTC(2026),
        flags: [],
        isFromMe: false,
        folderRole: 'inbox',
        keepSource: null,
      });
  })();
  return sorted(
    db
      .prepare<[number], string>(query)
      .pluck()
      .all(accountId)
      .map((ids) => JSON.parse(ids) as string[]),
  );
}

const sorted = (groups: readonly (readonly string[])[]) =>
  groups.map((ids) => ids.toSorted()).toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
const parseAll = (mails: readonly { readonly source: Uint8Array }[]) =>
  Promise.all(mails.map(({ source }) => parseMessage(source)));

describe('conversations', () => {
  it('are the same in every order of arrival, whatever the messages refer to', () => {
    const history = fc
      .array(anyMessage, { minLength: 2, maxLength: 12 })
      .chain((messages) =>
        fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
      );
    fc.assert(
      fc.property(history, ([messages, order]) => {
        expect(keysOf(order)).toEqual(keysOf(messages));
      }),
      { numRuns: 60 },
    );
  });

  it('take what the other copy of a message refers to as well', () => {
    const [first, copy, root] = [
      synthetic('<b@x>', []),
      synthetic('<b@x>', ['<a@x>']),
      synthetic('<a@x>', []),
    ];
    for (const order of [
      [first, copy, root],
      [copy, first, root],
      [root, first, copy],
    ])
      expect(group(order)).toEqual([['a@x', 'b@x']]);
  });

  it('keep what the person did to them when they turn out to be one', () => {
    const accountId = upsertAccount(db, { address: 'merged@corp.example', displayName: '' });
    const store = (parsed: ParsedMessage, flags: readonly string[]) =>
      storeMessage(db, {
        accountId,
        parsed,
        receivedAt: Date.UTC(2026),
        flags,
        isFromMe: false,
        folderRole: 'inbox',
        keepSource: null,
      });
    const first = store(synthetic('<a@x>', []), ['\\Seen']);
    const second = store(synthetic('<b@x>', []), []);
    addPin(db, accountId, { kind: 'conversation', conversationId: second.conversationId });
    changeFlag(db, second.conversationId, { flag: '\\Flagged', isSet: true, of: 'all' }, 0);
    const third = store(synthetic('<c@x>', ['<a@x>', '<b@x>']), ['\\Seen']);
    expect(third.conversationId).toBe(first.conversationId);
    for (const id of [first.conversationId, second.conversationId]) {
      const opened = openConversation(db, id);
      if (!opened.ok) throw new Error(opened.error.code);
      expect(opened.value.messages).toHaveLength(3);
      expect(opened.value.summary).toMatchObject({
        id: first.conversationId,
        isPinned: true,
        isFlagged: true,
        unreadCount: 1,
        messageCount: 3,
      });
    }
    // Nobody who has the second one open gets another one under its id.
    expect(store(synthetic('<d@x>', []), []).conversationId).toBeGreaterThan(second.conversationId);
    expect(markSeen(db, second.conversationId, 0)).toBe(true);
    expect(findConversation(db, first.conversationId)?.unreadCount).toBe(0);
  });

  it('hold a bounce beside the message that came back', () => {
    const report = { kind: 'failed', originalMessageId: 'a@x' as InternetMessageId, recipients: [] } as const;
    expect(group([{ ...synthetic('<bounce@y>', []), report }, synthetic('<a@x>', [])])).toHaveLength(1);
  });

  it('do not join strangers, nor the same people, by an equal subject', () => {
    const mail = (id: string, address: string) => ({
      ...synthetic(id, []),
      subject: 'RE: Weekly report',
      threadTopic: 'Weekly report',
      from: { name: '', address },
    });
    expect(group([mail('<1@x>', 'a@x'), mail('<2@x>', 'a@x'), mail('<3@y>', 'b@y')])).toHaveLength(3);
  });
});

describe.skipIf(!hasCorpus)('conversations of the corpus (skipped where there is none)', () => {
  it.each(['mail-thread/testbox', 'mail-thread/testbox-2'])('are those of %s', async (name) => {
    const { mbox = '', expectedThreads } = caseNamed(name);
    expect(group(await parseAll(mboxMails(mbox)))).toEqual(sorted(expectedThreads ?? []));
  });

  it('join nothing that mail-thread/testbox-9 keeps apart, though it joins by subject too', async () => {
    const { mbox = '', expectedThreads } = caseNamed('mail-thread/testbox-9');
    const groups = group(await parseAll(mboxMails(mbox)));
    for (const ids of groups)
      expect(expectedThreads?.some((thread) => ids.every((id) => thread.includes(id)))).toBe(true);
  });

  it.each(['mail-thread/testbox-5', 'mail-thread/testbox-6', 'imaptest/thread7'])(
    'of %s are one, loops and all',
    async (name) => {
      expect(group(await parseAll(mboxMails(caseNamed(name).mbox ?? '')))).toHaveLength(1);
    },
  );

  it('are as many and as long as notmuch finds in its list', async () => {
    const sizes = group(await parseAll(corpusMails('notmuch/corpora/default'))).map((ids) => ids.length);
    const expected = caseNamed('notmuch/default').expectedThreadList ?? [];
    expect(sizes.toSorted()).toEqual(expected.map(({ messages }) => messages).toSorted());
  });

  it('need no root', async () => {
    const groups = group(await parseAll(corpusMails('notmuch/corpora/threading/ghost-root')));
    expect(groups.map((ids) => ids.length).toSorted()).toEqual([3, 6]);
  });

  it('of the set of JWZ are the same in every order of arrival', () => {
    const messages = (caseNamed('mailkit/TestThreadByReferences').messages ?? []).map(
      ({ messageId, references }) => synthetic(messageId, references),
    );
    const groups = group(messages);
    for (const tree of [
      ['1', '2', '3', '4', '5', '6'],
      ['7', '8'],
      ['missa', 'missc'],
      ['liar.1', 'liar.2'],
    ])
      expect(groups).toContainEqual(tree);
    for (const alone of ['ss1.1', 'ss1.2', 'loop6']) expect(groups).toContainEqual([alone]);
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, { minLength: messages.length }), (order) => {
        expect(group(order)).toEqual(groups);
      }),
      { numRuns: 10 },
    );
  });

  it('are those that their sources expect, or a reason says why not', async () => {
    const bySubject = 'joined by equal subjects alone: "Invoice" is written by everybody';
    const loops = 'a loop of references is cut somewhere, or dropped, by others: ours stays together';
    const reasons: Readonly<Record<string, string>> = {
      'mail-thread/testbox-9': bySubject,
      'imaptest/thread-orderedsubject': bySubject,
      'imaptest/thread': loops,
      'mailkit/TestThreadByReferences same subject': bySubject,
      'mailkit/TestThreadByReferences lkjhlkjh': bySubject,
      'mailkit/TestThreadByReferences Loop': loops,
      'mailkit/TestThreadByReferences dup': 'copies with one Message-ID and the same content are one message',
    };
    let met = 0;
    const different = new Map<string, number>();
    const broken: string[] = [];
    const compare = (what: string, isMet: boolean): void => {
      const key = Object.keys(reasons).find((name) => what.startsWith(name));
      if (isMet) met += 1;
      else if (key === undefined) broken.push(what);
      else different.set(reasons[key] ?? '', (different.get(reasons[key] ?? '') ?? 0) + 1);
    };
    const compareThreads = (
      what: string,
      groups: readonly (readonly string[])[],
      expected: readonly (readonly string[])[],
    ) => {
      for (const [index, ids] of sorted(expected).entries())
        compare(
          `${what} ${index}`,
          groups.some((own) => JSON.stringify(own) === JSON.stringify(ids)),
        );
    };
    for (const entry of cases) {
      const mails = entry.mbox === undefined ? [] : await parseAll(mboxMails(entry.mbox));
      if (entry.expectedThreads) compareThreads(entry.case, group(mails), entry.expectedThreads);
      const [first] = entry.steps ?? [];
      if (first?.parsed !== undefined)
        compareThreads(
          entry.case,
          group(mails),
          first.parsed.map((numbers) => flat(numbers).map((at) => mails[at - 1]?.internetMessageId ?? '')),
        );
      if (entry.expectedThreadList !== undefined) {
        const sizes = group(await parseAll(corpusMails('notmuch/corpora/default'))).map((ids) => ids.length);
        for (const { messages } of entry.expectedThreadList) {
          const at = sizes.indexOf(messages);
          compare(`${entry.case} of ${messages}`, at >= 0);
          if (at >= 0) sizes.splice(at, 1);
        }
      }
      if (entry.expectedForestBySubject !== undefined && entry.messages !== undefined) {
        const groups = group(
          entry.messages.map(({ messageId, references }) => synthetic(messageId, references)),
        );
        const subjects = groups.map((ids) =>
          ids
            .map((id) => entry.messages?.find(({ messageId }) => messageId === `<${id}>`)?.subject ?? '')
            .toSorted(),
        );
        for (const tree of entry.expectedForestBySubject) {
          const expected = allOf(tree)
            .map(({ subject }) => subject ?? '')
            .toSorted();
          compare(
            `${entry.case} ${expected[0]}`,
            subjects.some((own) => JSON.stringify(own) === JSON.stringify(expected)),
          );
        }
      }
      for (const { subject, threadable, title, messages, expectedThreads } of entry.cases ?? []) {
        if (subject !== undefined) compare(`${entry.case} ${subject}`, topicOf(subject) === threadable);
        if (messages === undefined || expectedThreads === undefined) continue;
        const sources = messages.map(({ id, ...header }) =>
          Object.entries({ ...header, 'message-id': `<${id}>` })
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n'),
        );
        const groups = group(
          await parseAll(sources.map((source) => ({ source: new Uint8Array(Buffer.from(`${source}\n\n`)) }))),
        );
        compareThreads(
          `${entry.case} ${title}`,
          groups,
          expectedThreads.map((trees) => trees.flatMap(allOf).map(({ id }) => id ?? '')),
        );
      }
    }
    const rows = [...different].map(([why, count]) => `${String(count).padStart(5)}  ${why}\n`);
    const all = [...different.values()].reduce((sum, count) => sum + count, met);
    process.stdout.write(`conversations: ${met} of ${all} met\n${rows.join('')}`);
    expect(broken).toEqual([]);
  });

  it('hold together what is connected in the archives of lists', async () => {
    const { sets } = JSON.parse(corpusText('threads.derived.json')) as {
      readonly sets: readonly {
        readonly mbox?: string;
        readonly maildir?: string;
        readonly threads: readonly (readonly string[])[];
      }[];
    };
    for (const { mbox, maildir, threads } of sets) {
      const mails = mbox === undefined ? corpusMails(maildir) : mboxMails(mbox);
      const groups = group(await parseAll(mails));
      for (const thread of threads)
        expect(
          groups.some((ids) => thread.every((id) => ids.includes(id))),
          thread[0],
        ).toBe(true);
    }
  });
});

/** A message of a few that refer to each other at random, some of them in several copies with other headers. */
const anyMessage = fc
  .record({
    id: fc.constantFrom(...'abcdefgh'),
    was: fc.option(fc.constantFrom(...'abcdefghij'), { freq: 5 }),
    references: fc.array(fc.constantFrom(...'abcdefghijk'), { maxLength: 3 }),
    inReplyTo: fc.array(fc.constantFrom(...'abcdefghijk'), { maxLength: 1 }),
    thread: fc.option(fc.constantFrom(1, 2), { freq: 3 }),
    reported: fc.option(fc.constantFrom(...'abcdefghijk'), { freq: 5 }),
  })
  .map(({ id, was, references, inReplyTo, thread, reported }) => ({
    ...synthetic(
      `<${id}@x>`,
      references.map((other) => `<${other}@x>`),
    ),
    originalMessageId: was === null ? null : (`${was}@x` as InternetMessageId),
    inReplyTo: inReplyTo.map((other) => `${other}@x` as InternetMessageId),
    threadIndex: thread === null ? null : new Uint8Array(22).fill(1).fill(thread, 6),
    report:
      reported === null
        ? null
        : {
            kind: 'failed' as const,
            originalMessageId: `${reported}@x` as InternetMessageId,
            recipients: [],
          },
  }));

function synthetic(messageId: string, references: readonly string[]): ParsedMessage {
  const bare = (id: string) => id.slice(1, -1) as InternetMessageId;
  return {
    internetMessageId: bare(messageId),
    originalMessageId: null,
    inReplyTo: [],
    references: references.map(bare),
    threadIndex: null,
    threadTopic: null,
    from: { name: '', address: '' },
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    deliveredTo: [],
    protection: null,
    report: null,
    calendarMethod: null,
    subject: '',
    sentAt: 0,
    text: '',
    html: null,
    attachments: [],
  };
}
