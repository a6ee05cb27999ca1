import { type AddressObject, simpleParser } from 'mailparser';
import PostalMime, { type Address as PostalAddress } from 'postal-mime';
import { describe, expect, it, vi } from 'vitest';
import { parseMessage } from './parse.ts';
import { encodingOf, type Part, partsOf, readStructure } from './structure.ts';
import { corpusMails, hasCorpus } from './testing/corpus.ts';

/*
 * What postal-mime and mailparser make of every mail of the corpus, beside what we make of it. Where it is not the same,
 * a reason below must say why ours is right; a difference without a reason fails.
 */
interface Reading {
  readonly subject: string;
  readonly from: string;
  readonly name: string;
  readonly to: string;
  readonly cc: string;
  readonly id: string;
  readonly date: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: string;
}
type Field = keyof Reading;

interface Difference {
  readonly field: Field;
  readonly ours: string;
  readonly theirs: string;
  readonly their: Reading;
  readonly own: Reading;
  /** Types of the parts of the mail. */
  readonly types: readonly string[];
  readonly source: string;
}

interface Reason {
  readonly why: string;
  readonly holds: (difference: Difference) => boolean;
}

const damage = (text: string): number =>
  (text.match(/[\ufffd\u0080-\u009f\ud800-\udfff]|[\u00c2\u00c3][\u0080-\u00bf]/g) ?? []).length;
const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}]+/gu, '');
/** Whether the other one only has more between what we have: the targets of links. */
function isWithin(inner: string, outer: string): boolean {
  let at = 0;
  for (const character of outer) if (character === inner[at]) at += 1;
  return at >= inner.length;
}
const words = (html: string): string =>
  html.replace(/<[^<>]*>/g, '').replace(/&(?:amp|lt|gt|nbsp|quot|#39);/g, '');
const has = (pattern: RegExp) => (difference: Difference) =>
  difference.types.some((type) => pattern.test(type));

const reasons: readonly Reason[] = [
  {
    why: 'ours reads the charset: bytes that are not what their label says, or headers in the charset of the body',
    holds: ({ field, ours, theirs }) =>
      /^(?:subject|name|text|html)$/.test(field) && damage(ours) < damage(theirs),
  },
  {
    why: 'an address is given without comments, blanks and source routes (RFC 5322 4.4)',
    holds: ({ field, theirs }) => /^(?:from|to|cc|name)$/.test(field) && /[()\s]|@[^,]*:|,$/.test(theirs),
  },
  {
    why: 'an address in a header of several names, as "A" <a@x>:<b@y>: the one it was sent from, without the other one',
    holds: ({ field, ours, source }) => field === 'name' && ours === '' && /^From:.*>:</m.test(source),
  },
  {
    why: 'a name is shown without the comment behind the address',
    holds: ({ field, ours, theirs, source }) =>
      field === 'name' && /^From:.*\(/m.test(source) && (ours === '' || theirs.startsWith(ours)),
  },
  {
    why: 'a time before 1980, after 2100 or without a year is none: the time of arrival stands in',
    holds: ({ field, ours }) => field === 'date' && ours === '',
  },
  {
    why: 'a date that the other does not read, and takes for none or for now',
    holds: ({ field, theirs }) =>
      field === 'date' && (theirs === '' || Math.abs(Number(theirs) - Date.now()) < 600_000),
  },
  {
    why: 'the text is made from the HTML where there is none, for search and quotation',
    holds: ({ field, theirs, their }) => field === 'text' && theirs === '' && their.html !== '',
  },
  {
    why: 'the same words; only how links and headings of HTML are written differs',
    holds: ({ field, ours, theirs, own }) =>
      field === 'text' && own.html !== '' && isWithin(letters(ours), letters(theirs)),
  },
  {
    why: 'the same words; only what surrounds text between HTML differs',
    holds: ({ field, ours, theirs }) => field === 'html' && words(ours) === words(theirs),
  },
  {
    why: 'mailparser leaves out of the HTML a text that stands beside it; ours shows both',
    holds: ({ field, ours, theirs }) =>
      field === 'html' && (theirs === '' || words(ours).includes(words(theirs.replaceAll('<br/>', '')))),
  },
  {
    why: 'a message in a message stays one, to be opened; mailparser writes its text into the other',
    holds: (difference) =>
      /^(?:text|html|attachments)$/.test(difference.field) && has(/^message\/(?:rfc822|global)/)(difference),
  },
  {
    why: 'text/enriched is shown as the text it is, rather than listed',
    holds: (difference) =>
      /^(?:text|html|attachments)$/.test(difference.field) &&
      has(/^text\/(?:enriched|richtext)$/)(difference),
  },
  {
    why: 'winmail.dat is opened',
    holds: (difference) =>
      /^(?:text|html|attachments)$/.test(difference.field) && has(/ms-tnef$/)(difference),
  },
  {
    why: 'a file in the text (uuencode) is taken out of it and listed',
    holds: ({ field, source }) => /^(?:text|attachments)$/.test(field) && /^begin [0-7]{3} /m.test(source),
  },
  {
    why: 'a multipart whose delimiters are missing or wrong is shown as well as it can be; the others show nothing',
    holds: ({ field, ours, theirs, types }) =>
      /^(?:text|html)$/.test(field) &&
      ours !== '' &&
      theirs === '' &&
      types.some((type) => type.startsWith('multipart/')),
  },
  {
    why: 'a content type that is none: text is shown, "application" alone is a file',
    holds: ({ field, source }) =>
      /^(?:text|attachments)$/.test(field) && /^content-type:[ \t]*[^\s/;]+[ \t]*(?:;|\r?$)/im.test(source),
  },
  {
    why: 'what a report says to machines is listed with all of its bytes, not written into the text',
    holds: (difference) =>
      /^(?:text|attachments)$/.test(difference.field) &&
      has(/^(?:message\/(?:delivery-status|disposition-notification|feedback-report)|text\/rfc822-headers)$/)(
        difference,
      ),
  },
  {
    why: 'a calendar part is given as UTF-8, with its own line ends',
    holds: (difference) =>
      difference.field === 'attachments' && has(/^(?:text\/calendar|application\/ics)$/)(difference),
  },
  {
    why: 'lines of quoted text are joined within their depth only (RFC 3676 4.5)',
    holds: ({ field, source }) => field === 'text' && /format="?flowed/i.test(source),
  },
  {
    why: 'a part without a header is all text; the others take its first lines for one',
    holds: ({ field, ours, theirs }) => field === 'text' && ours.length > theirs.length && theirs !== '',
  },
  {
    why: 'words are not decoded as base64, neither behind its padding nor where they only claim to be base64',
    holds: (difference) =>
      /^(?:text|attachments)$/.test(difference.field) && has(/^not\/base64$/)(difference),
  },
  {
    why: 'a soft line break of quoted-printable has blanks behind its "=" (RFC 2045 6.7)',
    holds: ({ field, source }) =>
      /^(?:text|html|attachments)$/.test(field) &&
      /quoted-printable/i.test(source) &&
      /=[ \t]+\r?$/m.test(source),
  },
  {
    why: 'a delimiter that ends the source is one; mailparser takes it for data',
    holds: ({ field, source }) => field === 'attachments' && /\n--\S+\s*$/.test(source),
  },
  {
    why: 'a byte order mark before the header is no part of its first field',
    holds: ({ source }) => source.startsWith('\u00ef\u00bb\u00bf'),
  },
  {
    why: 'a disposition that is none hides no text',
    holds: ({ field, ours, theirs, source }) =>
      /^(?:text|attachments)$/.test(field) &&
      (ours === '' || theirs === '') &&
      /^content-disposition:/im.test(source),
  },
  {
    why: 'old Macintosh line ends',
    holds: ({ source }) => !source.includes('\n'),
  },
];

const bare = (text: string | undefined): string => (text ?? '').replace(/[\s\0\u200b]+/gu, '');
const plain = (text: string | undefined): string => (text ?? '').replace(/\s+/gu, ' ').trim();
const lower = (addresses: readonly (string | undefined)[]): string =>
  addresses
    .map((address) => (address ?? '').toLowerCase())
    .filter((address) => address !== '')
    .join(',');
/** Lengths without line ends and blanks: the others write line ends anew in text. */
const contents = (parts: readonly (string | Uint8Array | ArrayBuffer)[]): string =>
  parts
    .map((content) =>
      typeof content === 'string' ? content : Buffer.from(content as Uint8Array).toString('latin1'),
    )
    .map((content) => bare(content))
    .map((content) => `${content.length}:${content.slice(0, 12)}${content.slice(-12)}`)
    .sort()
    .join(' ');

/** The type of a part, and whether it only claims to be base64. */
function typesOf(part: Part): readonly string[] {
  const isBase64 = /base64/i.test(encodingOf(part)) && part.children.length === 0;
  const text = Buffer.from(part.body).toString('latin1');
  const isClaim = isBase64 && /[^A-Za-z0-9+/=\s]|=[=\s]*[^=\s]/.test(text);
  return isClaim ? [part.type, 'not/base64'] : [part.type];
}

async function ours(source: Uint8Array): Promise<Reading> {
  const message = await parseMessage(source);
  return {
    subject: plain(message.subject),
    from: lower([message.from.address]),
    name: plain(message.from.name),
    to: lower(message.to.map(({ address }) => address)),
    cc: lower(message.cc.map(({ address }) => address)),
    id: message.internetMessageId.endsWith('@no-message-id.invalid') ? '' : message.internetMessageId,
    date: String(message.sentAt ?? ''),
    text: bare(message.text),
    html: bare(message.html ?? ''),
    attachments: contents(message.attachments.map(({ content }) => content)),
  };
}

async function postalMime(source: Uint8Array): Promise<Reading> {
  const email = await PostalMime.parse(source, { maxRfc822NestingDepth: 0, forceRfc822Attachments: true });
  const members = (list: readonly PostalAddress[] | undefined) =>
    (list ?? []).flatMap((entry) => entry.group ?? [entry]);
  const from = members([email.from ?? email.sender ?? { name: '', address: '' }])[0];
  return {
    subject: plain(email.subject),
    from: lower([from?.address]),
    name: plain((email.from ?? email.sender)?.name),
    to: lower(members(email.to).map(({ address }) => address)),
    cc: lower(members(email.cc).map(({ address }) => address)),
    id: bare(email.messageId).replace(/^<|>$/g, ''),
    date: Number.isNaN(Date.parse(email.date ?? '')) ? '' : String(Date.parse(email.date ?? '')),
    text: bare(email.text),
    html: bare(email.html),
    attachments: contents(email.attachments.map(({ content }) => content)),
  };
}

async function mailparser(source: Uint8Array): Promise<Reading> {
  // biome-ignore lint/nursery/useAwaitThenable: it gives a promise where it is given no callback
  const mail = await simpleParser(Buffer.from(source), {
    skipImageLinks: true,
    skipTextToHtml: true,
    skipTextLinks: true,
  });
  const members = (field: AddressObject | AddressObject[] | undefined) =>
    [field ?? []].flat().flatMap(({ value }) => value.flatMap((entry) => entry.group ?? [entry]));
  const from = members(mail.from)[0];
  return {
    subject: plain(mail.subject),
    from: lower([from?.address]),
    name: plain(mail.from?.value[0]?.name),
    to: lower(members(mail.to).map(({ address }) => address)),
    cc: lower(members(mail.cc).map(({ address }) => address)),
    id: bare(mail.messageId).replace(/^<|>$/g, ''),
    date: String(mail.date?.getTime() ?? ''),
    text: bare(mail.text),
    html: bare(mail.html === false ? '' : mail.html),
    attachments: contents(mail.attachments.map(({ content }) => content)),
  };
}

describe.skipIf(!hasCorpus)(
  'parseMessage beside postal-mime and mailparser (skipped where there is no corpus)',
  () => {
    it('agrees with both on every mail, or a reason says why ours is right', async () => {
      // A date without a zone is one of UTC here; to the others it is one of wherever they run.
      vi.stubEnv('TZ', 'UTC');
      const mails = corpusMails();
      const table = new Map<string, { count: number; mail: string }>();
      const unexplained: string[] = [];
      let agreed = 0;
      for (const { name, source } of mails) {
        const own = await ours(source);
        const types = [...partsOf(readStructure(source))].flatMap(typesOf);
        const text = Buffer.from(source).toString('latin1');
        for (const [other, read] of [
          ['postal-mime', postalMime],
          ['mailparser', mailparser],
        ] as const) {
          const their = await read(source);
          for (const field of Object.keys(own) as Field[]) {
            if (own[field] === their[field]) {
              agreed += 1;
              continue;
            }
            const difference = {
              field,
              ours: own[field],
              theirs: their[field],
              own,
              their,
              types,
              source: text,
            };
            const reason = reasons.find(({ holds }) => holds(difference));
            if (reason === undefined)
              unexplained.push(
                `${name} ${other} ${field}:\n    ours   ${own[field].slice(0, 200)}\n    theirs ${their[field].slice(0, 200)}`,
              );
            else {
              const row = table.get(reason.why) ?? { count: 0, mail: `${name} (${other}, ${field})` };
              table.set(reason.why, { ...row, count: row.count + 1 });
            }
          }
        }
      }
      const rows = [...table].sort(([, a], [, b]) => b.count - a.count);
      process.stdout.write(
        `${mails.length} mails, ${agreed} readings of a field agree; the others:\n${rows.map(([why, { count, mail }]) => `${String(count).padStart(5)}  ${why}\n         e.g. ${mail}`).join('\n')}\n`,
      );
      expect(unexplained.join('\n')).toBe('');
    });
  },
);
