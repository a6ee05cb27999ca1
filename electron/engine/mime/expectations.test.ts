import { describe, expect, it } from 'vitest';
import { readAddresses } from './addresses.ts';
import { decodeText } from './charset.ts';
import { unflow } from './flowed.ts';
import { readHeader } from './header.ts';
import { htmlToText } from './html-text.ts';
import { readMessageId, readMessageIds } from './message-ids.ts';
import { readStructured } from './parameters.ts';
import { parseMessage } from './parse.ts';
import { type Part, readStructure } from './structure.ts';
import { corpusBytes, corpusFiles, corpusText, hasCorpus, mboxMails } from './testing/corpus.ts';
import { readTnef } from './tnef.ts';

/*
 * What the sources of the corpus state about their own mails. Each expectation is met, or an argument below says why not;
 * an argument that no difference needs fails, as a difference without one does.
 */
const unused = new Set<string>();

class Expectations {
  readonly #name: string;
  readonly #arguments: Readonly<Record<string, string>>;
  #met = 0;
  readonly #argued = new Map<string, number>();
  readonly #broken: string[] = [];

  /** `argued`: what a difference holds somewhere (a case, a field of it), and why ours is right there. */
  constructor(name: string, argued: Readonly<Record<string, string>> = {}) {
    this.#name = name;
    this.#arguments = argued;
    for (const key of Object.keys(argued)) unused.add(key);
  }

  compare(what: string, got: unknown, expected: unknown): void {
    if (JSON.stringify(got) === JSON.stringify(expected)) {
      this.#met += 1;
      return;
    }
    const key = Object.keys(this.#arguments).find((part) => what.includes(part));
    if (key === undefined)
      this.#broken.push(
        `${what}\n    expected ${JSON.stringify(expected)}\n    got      ${JSON.stringify(got)}`,
      );
    else {
      unused.delete(key);
      const why = this.#arguments[key] ?? '';
      this.#argued.set(why, (this.#argued.get(why) ?? 0) + 1);
    }
  }

  settle(): void {
    const different = [...this.#argued.values()].reduce((sum, count) => sum + count, 0);
    const rows = [...this.#argued].map(([why, count]) => `${String(count).padStart(5)}  ${why}\n`).join('');
    process.stdout.write(`${this.#name}: ${this.#met} of ${this.#met + different} met\n${rows}`);
    expect(this.#broken.join('\n')).toBe('');
    expect(this.#met).toBeGreaterThan(0);
  }
}

const json = <Shape>(path: string): Shape => JSON.parse(corpusText(path)) as Shape;
const bare = (text: string | null | undefined): string => (text ?? '').replace(/\s+/gu, '');

/** The value of a header field as the message would have it: to the first empty line, unfolded. */
function valueOfField(text: string): string {
  const bytes = Buffer.from(`x:${text}`);
  const end = bytes.toString('latin1').search(/\n\r?\n/);
  return readHeader(end < 0 ? bytes : bytes.subarray(0, end + 1), null)[0]?.value ?? '';
}

interface RustAddress {
  readonly name: string | null;
  readonly address: string | null;
}
interface RustAddresses {
  readonly List?: readonly RustAddress[];
  readonly Group?: readonly { readonly addresses: readonly RustAddress[] }[];
}
interface RustDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly tz_before_gmt: boolean;
  readonly tz_hour: number;
  readonly tz_minute: number;
}
interface RustValue {
  readonly Text?: string;
  readonly TextList?: readonly string[];
  readonly Address?: RustAddresses;
  readonly DateTime?: RustDate;
}
interface RustMessage {
  readonly html_body: readonly number[];
  readonly text_body: readonly number[];
  readonly attachments: readonly number[];
  readonly parts: readonly {
    readonly headers: readonly { readonly name: unknown; readonly value: RustValue }[];
    readonly body: { readonly Text?: string; readonly Html?: string };
  }[];
}
const listed = (addresses: RustAddresses | null | undefined): readonly RustAddress[] =>
  addresses?.List ?? addresses?.Group?.flatMap((group) => group.addresses) ?? [];

describe.skipIf(!hasCorpus)(
  'what the sources of the corpus expect (skipped where there is no corpus)',
  () => {
    it('of addresses (mail-parser)', () => {
      const names = 'a comment is no name: it is not shown beside the address';
      const odd =
        'blanks, routes and comments are no part of an address that can be written to (RFC 5322 4.4)';
      const links = 'links of List headers are no addresses';
      const addresses = new Expectations('addresses', {
        'name Pete(': names,
        'name A Group(Some': names,
        'name Nathaniel': names,
        'name Name (comment)': names,
        'name John Doe <jdoe@machine(': names,
        'name (Empty list)': names,
        'address Mary Smith <@node': odd,
        'address John Doe <jdoe@machine(': odd,
        'address <http': links,
        'name <http': links,
        'address NO (posting': links,
        'name NO (posting': links,
        'name "  James': 'blanks around a name are not shown',
        'name "phil@': 'a name that is only the address again says nothing',
        'name phil@': 'a name that is only the address again says nothing',
      });
      const cases = json<{ header: string; expected: RustAddresses | null }[]>(
        'mail-parser/headers/address.json',
      );
      for (const { header, expected } of cases) {
        const read = readAddresses(valueOfField(header), null);
        addresses.compare(
          `address ${header}`,
          read.map(({ address }) => address).filter(Boolean),
          listed(expected)
            .map(({ address }) => address)
            .filter(Boolean),
        );
        addresses.compare(
          `name ${header}`,
          read.map(({ name }) => name),
          listed(expected).map(({ name }) => name ?? ''),
        );
      }
      addresses.settle();
    });

    it('of content types and their parameters (mail-parser)', () => {
      const none = 'parameters of a type that is none do no harm: the type decides';
      const types = new Expectations('content types', {
        'application/pdf\n': 'a charset in every section is none of RFC 2231: nobody writes it',
        '?= =?utf-8?B?w6k=?=': 'blanks between two encoded words are not content (RFC 2047 6.2)',
        '/ ; name=value': none,
        ';charset=us-ascii': none,
        'inva/lid; name="': 'a name of blanks is none',
        'test/encoded;': 'the same parameters in another order',
        'malicious/attempt;': 'names with several asterisks are none of RFC 2231',
      });
      const cases = json<
        {
          header: string;
          expected: {
            c_type: string;
            c_subtype: string | null;
            attributes?: [string, string][] | null;
          } | null;
        }[]
      >('mail-parser/headers/content_type.json');
      for (const { header, expected } of cases) {
        const read = readStructured(valueOfField(header));
        const attributes = (expected?.attributes ?? []).filter(([name]) => !name.endsWith('-language'));
        const type = [expected?.c_type, expected?.c_subtype].filter(
          (half) => half !== null && half !== undefined,
        );
        if (expected !== null) types.compare(`type ${header}`, read.value, type.join('/').toLowerCase());
        types.compare(
          `parameters ${header}`,
          [...read.parameters],
          attributes.map(([name, value]) => [name.toLowerCase(), value]),
        );
      }
      types.settle();
    });

    it('of ids (mail-parser)', () => {
      const ids = new Expectations('ids', {
        '1234   @': 'an id has no blanks: with them it could not be found again',
        '   m ': 'a word is an id only where it is the message\u2019s own: In-Reply-To holds words as well',
      });
      const cases = json<{ header: string; expected: string[] | null }[]>('mail-parser/headers/id.json');
      for (const { header, expected } of cases) {
        ids.compare(`ids ${header}`, readMessageIds(valueOfField(header)), expected ?? []);
        if (!header.includes('('))
          ids.compare(`id ${header}`, readMessageId(valueOfField(header)), expected?.[0] ?? null);
      }
      ids.settle();
    });

    it('of whole mails (mail-parser), with LF and with CRLF', async () => {
      const noParts = 'a multipart in which its delimiter never comes is shown, not listed as a file';
      const sequence = 'texts that follow each other are all shown, however they are nested';
      const mails = new Expectations('mails', {
        'malformed/001': noParts,
        'malformed/002': noParts,
        'malformed/003': noParts,
        'malformed/006': noParts,
        'malformed/009': sequence,
        'malformed/011': sequence,
        'malformed/019': 'a damaged header ends at the first line that is none: the rest is shown',
        'malformed/020':
          'the first Content-Type counts: HTML in a multipart/alternative whose preamble has words',
        'malformed/021':
          'the first Content-Type counts: HTML in a multipart/alternative whose preamble has words',
        'rfc/003': 'text/enriched is shown as the text it is',
        'thirdparty/002': 'what only claims to be base64 is shown as it is',
        'thirdparty/005':
          'a delimiter stands at the beginning of a line (RFC 2046 5.1.1); UTF-16 of an odd length ends before its last byte',
      });
      const files = corpusFiles('mail-parser/eml').filter((file) => file.endsWith('.json'));
      expect(files.length).toBeGreaterThan(50);
      for (const file of files) {
        const isCrlf = file.endsWith('.crlf.json');
        const source = Buffer.from(corpusBytes(file.replace(/(?:\.crlf)?\.json$/, '.eml')));
        const text = source.toString('latin1');
        const message = await parseMessage(
          isCrlf ? Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1') : source,
        );
        const expected = json<RustMessage>(file);
        const header = (name: string): RustValue | undefined =>
          expected.parts[0]?.headers.find((entry) => entry.name === name)?.value;
        const ids = (name: string): readonly string[] => {
          const value = header(name);
          return value?.Text === undefined ? (value?.TextList ?? []) : [value.Text];
        };
        const addresses = (name: string) =>
          listed(header(name)?.Address)
            .map(({ address }) => address)
            .filter(Boolean);
        const own = file.replace('mail-parser/eml/', '');
        mails.compare(`${own} subject`, bare(message.subject), bare(header('subject')?.Text));
        mails.compare(`${own} from`, message.from.address, addresses('from')[0] ?? '');
        mails.compare(`${own} to`, message.to.map(({ address }) => address).filter(Boolean), addresses('to'));
        mails.compare(
          `${own} cc`,
          message.cc.map(({ address }) => address),
          addresses('cc'),
        );
        if (ids('message_id').length > 0)
          mails.compare(`${own} id`, [message.internetMessageId], ids('message_id'));
        mails.compare(`${own} references`, message.references, ids('references'));
        mails.compare(`${own} in-reply-to`, message.inReplyTo, ids('in_reply_to'));
        const date = header('date')?.DateTime;
        if (date !== undefined) mails.compare(`${own} date`, message.sentAt, timeOf(date));
        const texts = expected.text_body.map((index) => {
          const body = expected.parts[index]?.body;
          return body?.Text ?? htmlToText(body?.Html ?? '');
        });
        mails.compare(`${own} text`, bare(message.text), bare(texts.join('')));
        const htmls = expected.html_body.map((index) => expected.parts[index]?.body.Html ?? '');
        mails.compare(
          `${own} html`,
          bare(htmls.join('')) === ''
            ? (message.html ?? '')
            : htmls.every((html) => bare(message.html).includes(bare(html))),
          bare(htmls.join('')) === '' ? '' : true,
        );
        mails.compare(`${own} attachments`, message.attachments.length, expected.attachments.length);
      }
      mails.settle();
    });

    it('of TNEF: the names and the bytes of what is in it (MimeKit)', () => {
      const tnef = new Expectations('TNEF', {
        'christmas names':
          'an embedded message is called by its subject, its attachments follow it, and the placeholder beside it is left out',
        'christmas Untitled':
          'an embedded message is given as its text, which can be read, not as TNEF within TNEF',
      });
      for (const list of corpusFiles('mimekit/tnef').filter((file) => file.endsWith('.list'))) {
        const name = list.replace(/^.*\/|\.list$/g, '');
        const message = readTnef(corpusBytes(list.replace('.list', '.tnef')));
        const expected = corpusText(list)
          .trim()
          .split(/\r?\n/)
          .filter((entry) => !/^body\.|^$/.test(entry));
        const extracted = corpusFiles(`mimekit/tnef/${name}`);
        const names = message?.attachments.map(({ fileName }) => fileName).toSorted() ?? [];
        // The list of this one is from before its names could be read; the files beside it have them.
        const isNameless = name === 'missing-filenames';
        const own = extracted
          .map((file) => file.replace(/^.*\//, ''))
          .filter((file) => !file.startsWith('message.'));
        tnef.compare(`${name} names`, names, isNameless ? own.toSorted() : expected.toSorted());
        const contents = new Set(message?.attachments.map(({ content }) => comparable(content)));
        for (const file of extracted) {
          const ownName = file.replace(/^.*\//, '');
          if (ownName === 'message.html')
            tnef.compare(
              `${name} ${ownName}`,
              bare(message?.html),
              bare(decodeText(corpusBytes(file), 'iso-8859-1')),
            );
          else if (ownName === 'message.rtf')
            tnef.compare(`${name} ${ownName}`, bare(message?.text) !== '', true);
          else tnef.compare(`${name} ${ownName}`, contents.has(comparable(corpusBytes(file))), true);
        }
      }
      tnef.settle();
    });

    it('of the structure of a mailbox (MimeKit)', () => {
      interface Entity {
        readonly mimeType: string;
        readonly children?: readonly Entity[];
        readonly message?: { readonly body: Entity };
      }
      const structures = new Expectations('structure');
      const tree = (entity: Entity): unknown => [
        entity.mimeType.toLowerCase(),
        ...(entity.children ?? []).map(tree),
        ...(entity.message === undefined ? [] : [tree(entity.message.body)]),
      ];
      const own = (part: Part): unknown => [
        part.type,
        ...part.children.map(own),
        ...(part.type === 'message/rfc822' ? [own(readStructure(part.body))] : []),
      ];
      const source = Buffer.from(corpusBytes('mimekit/mbox/content-length.mbox.txt'));
      const entries = json<{ beginOffset: number; endOffset: number; body: Entity }[]>(
        'mimekit/mbox/content-length.unix-offsets.json',
      );
      for (const [index, { beginOffset, endOffset, body }] of entries.entries())
        structures.compare(
          `message ${index}`,
          own(readStructure(source.subarray(beginOffset, endOffset))),
          tree(body),
        );
      structures.settle();
    });

    it('of format=flowed (Roundcube)', () => {
      const lines = new Expectations('flowed');
      const unfolded = unflow(corpusText('roundcube/src/format-flowed.txt'), false).split('\n');
      for (const [index, line] of corpusText('roundcube/src/format-flowed-unfolded.txt')
        .split(/\r?\n/)
        .entries())
        lines.compare(`line ${index}`, unfolded[index]?.trimEnd(), line.trimEnd());
      lines.settle();
    });

    it('of envelopes (Dovecot)', async () => {
      const envelopes = new Expectations('envelopes');
      const { cases } = json<{ cases: { case: string; steps: { untagged: string[] }[] }[] }>(
        'imaptest.expected.json',
      );
      const answers = cases.find((entry) => entry.case === 'fetch-envelope')?.steps[0]?.untagged ?? [];
      const mails = mboxMails('imaptest/tests/fetch-envelope.mbox');
      for (const [index, { source }] of mails.entries()) {
        const message = await parseMessage(source);
        const [, subject, from] =
          /ENVELOPE \("[^"]*" (NIL|"[^"]*") (\(\([^)]*\)\)|NIL)/.exec(answers[index] ?? '') ?? [];
        envelopes.compare(
          `${index} subject`,
          message.subject,
          subject === 'NIL' ? '' : subject?.slice(1, -1),
        );
        const [, name, local, domain] = /^\(\((NIL|"[^"]*") \S+ "([^"]*)" "([^"]*)"/.exec(from ?? '') ?? [];
        envelopes.compare(`${index} from`, message.from, {
          name: name === 'NIL' ? '' : name?.slice(1, -1),
          address: `${local}@${domain}`,
        });
      }
      envelopes.settle();
    });

    it('needs every argument that it makes', () => {
      expect([...unused]).toEqual([]);
    });
  },
);

function timeOf(date: RustDate): number {
  const local = Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second);
  return local - (date.tz_before_gmt ? -1 : 1) * (date.tz_hour * 60 + date.tz_minute) * 60_000;
}

/** The extracted files have other line ends than what they were extracted from. */
function comparable(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1').replace(/\r\n/g, '\n');
}
