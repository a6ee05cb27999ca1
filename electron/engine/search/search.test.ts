import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { fold, isUnspacedWord, wordsOf } from '../../../shared/search/fold.ts';
import { parseSearch } from '../../../shared/search/parse.ts';
import type { SearchQuery } from '../../../shared/search/query.ts';
import { removeMessageIfGone } from '../cache/messages.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { timesOf } from './core/plan.ts';
import { searchMessages, suggestSearches } from './search.ts';

const now = Date.UTC(2026, 9, 25, 12) as EpochMs;
const day = 86_400_000;

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly subject: string;
  readonly text: string;
  readonly file: { readonly name: string; readonly text: string } | null;
  readonly flags: readonly string[];
  readonly folder: 'INBOX' | 'Archive' | 'Projekte/Miete';
  readonly daysAgo: number;
}

let laptop: Laptop;
let nextId: number;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
  nextId = 1;
});
afterEach(() => laptop.remove());

const header = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`;

async function receive(letter: Partial<Letter>, inReplyTo: string | null = null): Promise<MessageId> {
  const {
    from = 'Bob <bob@far.example>',
    to = 'anna@corp.example',
    cc = '',
    subject = '',
    text = '',
  } = letter;
  const { file = null, flags = [], folder = 'INBOX', daysAgo = 1 } = letter;
  const person = (written: string) => written.replace(/^(.*) </, (_, name) => `${header(name)} <`);
  const part = (type: string, content: string) =>
    `Content-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: base64\n`.concat(
      `${content}\n${Buffer.from(letter.file && content !== '' ? letter.file.text : text).toString('base64')}`,
    );
  const source = [
    `From: ${person(from)}`,
    `To: ${person(to)}`,
    ...(cc === '' ? [] : [`Cc: ${person(cc)}`]),
    `Subject: ${header(subject)}`,
    `Message-ID: <${nextId++}@far.example>`,
    ...(inReplyTo === null ? [] : [`In-Reply-To: <${inReplyTo}>`]),
    `Date: ${new Date(now - daysAgo * day).toUTCString()}`,
    'MIME-Version: 1.0',
    ...(file === null
      ? [part('text/plain', '')]
      : [
          'Content-Type: multipart/mixed; boundary=b\n',
          `--b\n${part('text/plain', '')}`,
          `--b\n${part('text/plain', `Content-Disposition: attachment; filename="${header(file.name)}"\n`)}\n--b--`,
        ]),
    '',
  ].join('\n');
  const stored = await laptop.receives(source, {
    flags,
    path: folder,
    role: folder === 'INBOX' ? 'inbox' : folder === 'Archive' ? 'archive' : 'other',
    uid: nextId,
  });
  return stored.messageId;
}

const search = (text: string, limit = 50) =>
  searchMessages(laptop.db, { accountId: laptop.account.id, text, limit }, now);
const ids = (text: string) => search(text).hits.map(({ messageId }) => messageId);

describe('a search', () => {
  it('finds parts of compounds, whatever joins them, and what is bent', async () => {
    const id = await receive({ text: 'Der Mietvertrag und die Arbeitsverträge, Kündigungsfristen' });
    for (const typed of ['miet', 'vertrag ', 'vertrag und ', 'verträge', 'frist', 'Kündigung', 'arbeit'])
      expect(ids(typed), typed).toEqual([id]);
    expect(ids('"vertrag"')).toEqual([]);
    expect(ids('ietver')).toEqual([]);
  });

  it('takes ß for ss, accents for none, and umlauts however they are written', async () => {
    const id = await receive({ from: 'Jürgen Groß <j@far.example>', text: 'Mueller, Café, Øre' });
    for (const typed of ['gross', 'GROẞ', 'juergen', 'jurgen', 'Müller', 'cafe', 'öre', 'ore'])
      expect(ids(typed), typed).toEqual([id]);
  });

  it('finds any part of a text without blanks', async () => {
    const id = await receive({ subject: '東京都庁の会議', text: 'ご確認ください' });
    for (const typed of ['東京', '都庁', '庁', '会議', 'の会', '確認', '京都庁の', 'subject:会議'])
      expect(ids(typed), typed).toEqual([id]);
    expect(ids('京東')).toEqual([]);
  });

  it('finds addresses and numbers by their parts', async () => {
    const id = await receive({
      from: 'Anna Berg <annaberg@bank-nord.example>',
      text: 'Rechnung RE-2024-0047119, Konto DE89370400440532013000',
    });
    for (const typed of [
      'annaberg@bank-nord.example',
      'from:berg',
      'from:nord',
      'annaberg@bank',
      '0047119',
      '47119',
      '2024-0047119',
      '0532013',
      're-2024',
    ])
      expect(ids(typed), typed).toEqual([id]);
  });

  it('knows where words stand, and what a mail is', async () => {
    const rent = await receive({
      from: 'Vera Vogt <vera@far.example>',
      cc: 'Carl <carl@corp.example>',
      subject: 'Miete',
      text: 'see attached',
      file: { name: 'Übersicht.txt', text: 'Nebenkosten' },
      folder: 'Projekte/Miete',
      daysAgo: 40,
    });
    const other = await receive({
      subject: 'Vogt',
      text: 'Miete',
      flags: ['\\Seen', '\\Flagged'],
      daysAgo: 2,
    });
    const cases: readonly [string, readonly MessageId[]][] = [
      ['von:vogt', [rent]],
      ['subject:vogt', [other]],
      ['cc:carl miete', [rent]],
      ['to:carl', []],
      ['has:attachment', [rent]],
      ['datei:ubersicht', [rent]],
      ['nebenkosten', [rent]],
      ['übersicht', [rent]],
      ['is:unread', [rent]],
      ['ist:gelesen', [other]],
      ['is:flagged miete', [other]],
      ['in:inbox', [other]],
      ['in:projekte', [rent]],
      ['in:nowhere', []],
      ['before:2026-10-01', [rent]],
      ['after:2026-10-01 vogt', [other]],
      ['older_than:1m', [rent]],
      ['newer_than:3d', [other]],
      ['larger:10M', []],
      ['smaller:10M', [other, rent]],
      ['miete -vogt', []],
      ['-from:vera', [other]],
      ['(from:vera OR is:flagged) miete', [other, rent]],
      ['nebenkosten OR is:flagged', [other, rent]],
      ['before:soon', []],
    ];
    for (const [typed, expected] of cases) expect(ids(typed), typed).toEqual(expected);
    expect(search('before:soon').literal).toEqual(['before:soon']);
  });

  it('groups by conversation, counts exactly or says that it does not, and says where the copy ends', async () => {
    await receive({ subject: 'Offer', daysAgo: 9 });
    const reply = await receive({ subject: 'Re: Offer', daysAgo: 3 }, '1@far.example');
    const single = await receive({ subject: 'Offer two', daysAgo: 5 });
    const page = search('offer', 1);
    expect(page.hits.map(({ messageId }) => messageId)).toEqual([reply]);
    expect(page).toMatchObject({ count: 2, isAtLeast: false, isStillIndexing: false });
    expect(page.coveredSince).toBe(now - 9 * day);
    expect(ids('offer')).toEqual([reply, single]);
    laptop.db.exec('INSERT INTO search_pending SELECT id, account_id, sent_at FROM message LIMIT 1');
    expect(search('offer')).toMatchObject({ isAtLeast: true, isStillIndexing: true });
  });

  it('offers people and folders by a part of them', async () => {
    await receive({ from: 'Vera Vogt <vera@far.example>', folder: 'Projekte/Miete' });
    const suggest = (of: 'people' | 'folders', text: string) =>
      suggestSearches(laptop.db, { accountId: laptop.account.id, of, text });
    expect(suggest('people', 'vo').people).toEqual([{ name: 'Vera Vogt', address: 'vera@far.example' }]);
    expect(suggest('people', '"').people).toEqual([]);
    expect(suggest('folders', 'MIET').folders).toEqual(['Projekte/Miete']);
  });

  it('reads no table from end to end, but for the few folders and what it is led by', async () => {
    const last = await receive({ text: 'harbour', flags: ['\\Flagged'] });
    const statements = new Set<string>();
    const db = new Proxy(laptop.db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'prepare') statements.add(String(args[0]));
          return Reflect.apply(value, target, args);
        };
      },
    });
    for (const text of [
      'harbour',
      'after:2020',
      'harbour before:2030',
      'is:flagged harbour',
      'in:inbox',
      'vertrag ',
    ])
      searchMessages(db, { accountId: laptop.account.id, text, limit: 5 }, now);
    expect(ids('is:flagged harbour')).toEqual([last]);
    const plansOf = (sql: string) =>
      laptop.db
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replace(/@\w+/g, '?')}`)
        .all(...Array.from(sql.matchAll(/\?|@\w+/g), () => null))
        .map(({ detail }) => detail);
    const led = [...statements].filter((sql) => /FROM (message_search CROSS|search_place) /.test(sql));
    expect(led.length).toBeGreaterThan(3);
    expect(led.flatMap(plansOf).filter((plan) => /TEMP B-TREE/.test(plan))).toEqual([]);
    const plans = [...statements].flatMap(plansOf);
    expect(
      plans.filter((plan) => /^SCAN (?!message_search|few|folder\b|json_each|place$)/.test(plan)),
    ).toEqual([]);
  });
});

const vocabulary = [
  'vertrag',
  'mietvertrag',
  'vertrags',
  'Straße',
  'strasse',
  'bank',
  'datenbank',
  '東京都',
  '4711',
];
const someWord = fc.constantFrom(...vocabulary);
const someText = fc.array(someWord, { maxLength: 4 }).map((words) => words.join(' '));
const someLetter = fc.record<Letter>({
  from: fc.constantFrom('Bob <bob@far.example>', 'Vera Bank <vera@bank.example>'),
  to: fc.constantFrom('Anna <anna@corp.example>', 'vertrag@far.example'),
  cc: fc.constantFrom('', 'Carl Strasse <carl@corp.example>'),
  subject: someText,
  text: someText,
  file: fc.option(fc.record({ name: fc.constantFrom('bank.txt', 'Mietvertrag.txt'), text: someText })),
  flags: fc.subarray(['\\Seen', '\\Flagged']),
  folder: fc.constantFrom('INBOX', 'Archive', 'Projekte/Miete'),
  daysAgo: fc.integer({ min: 0, max: 60 }),
});
const condition = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'from:', 'to:', 'cc:', 'subject:', 'filename:'), someWord)
      .map((of) => of.join('')),
  },
  { weight: 2, arbitrary: fc.tuple(someWord, someWord).map(([a, b]) => `"${a} ${b}"`) },
  fc
    .tuple(someWord, fc.integer({ min: 1, max: 5 }))
    .map(([word, length]) => `${[...word].slice(0, length).join('')}*`),
  fc.constantFrom(
    'is:unread',
    'is:read',
    'is:flagged',
    'has:attachment',
    'in:inbox',
    'in:archive',
    'in:miete',
  ),
  fc.constantFrom(
    'older_than:30d',
    'newer_than:2w',
    'before:2026-10-10',
    'after:2026-10-10',
    'larger:20',
    'OR',
  ),
);
const someQuery = fc
  .array(fc.tuple(fc.constantFrom('', '', '-', '(', ')'), condition), { minLength: 1, maxLength: 5 })
  .map((parts) => `${parts.map((of) => of.join('')).join(' ')} `);

/** What the index has to come to: every message looked at, word by word. */
function fits(query: SearchQuery, letter: Letter, size: number): boolean {
  const texts = {
    from: [letter.from],
    to: [letter.to],
    cc: [letter.cc],
    subject: [letter.subject],
    filename: letter.file === null ? [] : [letter.file.name],
  };
  const all = [...Object.values(texts).flat(), letter.text, letter.file?.text ?? ''];
  switch (query.kind) {
    case 'all':
      return query.parts.every((part) => fits(part, letter, size));
    case 'any':
      return query.parts.some((part) => fits(part, letter, size));
    case 'not':
      return !fits(query.part, letter, size);
    case 'words':
      return (query.field === null ? all : texts[query.field]).some((text) => isIn(query, text));
    case 'state':
      if (query.state === 'attachment') return letter.file !== null;
      if (query.state === 'flagged') return letter.flags.includes('\\Flagged');
      return letter.flags.includes('\\Seen') === (query.state === 'read');
    case 'role':
      return letter.folder === (query.role === 'inbox' ? 'INBOX' : 'Archive');
    case 'folder':
      return fold(letter.folder).includes(fold(query.path));
    case 'size':
      return query.than === 'larger' ? size > query.bytes : size < query.bytes;
    default: {
      const at = now - letter.daysAgo * day;
      const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } =
        timesOf(query, now) ?? {};
      return at >= since && at < until;
    }
  }
}

function isIn({ text, field, match }: Extract<SearchQuery, { kind: 'words' }>, within: string): boolean {
  const wanted = wordsOf(text);
  const words = wordsOf(within);
  const last = wanted.at(-1) ?? '';
  if (wanted.length > 1 || match === 'exact')
    return words.some((_, at) =>
      wanted.every((word, index) => {
        const met = words[at + index] ?? '';
        if (!isUnspacedWord(word)) return met === word;
        return wanted.length === 1
          ? met.includes(word)
          : index === 0
            ? met.endsWith(word)
            : index === wanted.length - 1
              ? met.startsWith(word)
              : met === word;
      }),
    );
  const isPerson = field === 'from' || field === 'to' || field === 'cc';
  return words.some((word) => {
    if (word === last) return true;
    const at = word.indexOf(last);
    if (at < 0) return false;
    if (isUnspacedWord(last)) return true;
    if (at === 0 && match === 'beginning' && last.length > 1) return true;
    if (last.length < (isPerson ? 3 : 4) || word.length < 4) return false;
    return at === 0 ? word.length <= last.length + 2 : at > 2 || isPerson || /\d/.test(last);
  });
}

it('finds what looking at every message finds, also after some are gone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someLetter, { minLength: 1, maxLength: 8 }),
      fc.array(someQuery, { minLength: 8, maxLength: 8 }),
      async (letters, queries) => {
        const mailbox = openLaptop('anna@corp.example');
        const own = laptop;
        laptop = mailbox;
        try {
          const stored = new Map<MessageId, Letter>();
          for (const letter of letters) stored.set(await receive(letter), letter);
          for (const isLater of [false, true]) {
            const [first] = stored.keys();
            if (isLater && first !== undefined) {
              laptop.db.prepare('DELETE FROM copy WHERE message_id = ?').run(first);
              laptop.db.transaction(() => removeMessageIfGone(laptop.db, first)).immediate();
              stored.delete(first);
            }
            for (const typed of queries) {
              const { query } = parseSearch(typed);
              if (query === null) continue;
              const expected = [...stored].flatMap(([id, letter]) => {
                const size =
                  letter.text.length + (letter.file === null ? 0 : Buffer.byteLength(letter.file.text));
                return fits(query, letter, size) ? [id] : [];
              });
              // Two that are one conversation by their subjects come once.
              const found = laptop.db
                .prepare<[string], number>(
                  'SELECT DISTINCT conversation_id FROM message WHERE id IN (SELECT value FROM json_each(?))',
                )
                .pluck()
                .all(JSON.stringify(expected));
              const page = search(typed);
              expect(page.hits.map(({ conversation }) => conversation.id).toSorted(), typed).toEqual(
                found.toSorted(),
              );
              expect(
                page.hits.every(({ messageId }) => expected.includes(messageId)),
                typed,
              ).toBe(true);
              expect(page.count).toBe(found.length);
            }
          }
        } finally {
          mailbox.remove();
          laptop = own;
        }
      },
    ),
    { numRuns: Number(process.env.SEARCH_RUNS ?? 15) },
  );
});
