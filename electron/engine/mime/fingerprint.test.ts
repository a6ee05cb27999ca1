import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFingerprints, compareHeaders, fingerprintOf } from './fingerprint.ts';
import { parseMessage } from './parse.ts';

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly subject: string;
  readonly words: readonly string[];
  readonly attachment: string | null;
}

const letter: Letter = {
  from: 'Bob <bob@far.example>',
  to: 'anna@corp.example',
  date: 'Fri, 20 Nov 2026 08:29:00 +0000',
  subject: 'Offer',
  words: ['What', 'do', 'you', 'say?', 'Grüße'],
  attachment: null,
};

/** How a server may write one and the same letter. */
interface Manner {
  readonly boundary: string;
  readonly encoding: 'base64' | 'quoted-printable' | '8bit';
  readonly lineWords: number;
  readonly received: string;
}
const plainly: Manner = { boundary: 'b', encoding: '8bit', lineWords: 100, received: 'x' };

const quoted = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const encoded = (text: string, encoding: Manner['encoding']): string => {
  if (encoding === 'base64') return Buffer.from(text).toString('base64');
  return encoding === '8bit' ? text : quoted(text).replace(/(?:=..){20}/g, '$&=\r\n');
};

async function written(what: Letter, how: Manner = plainly) {
  const lines: string[] = [];
  for (let at = 0; at < what.words.length; at += how.lineWords)
    lines.push(what.words.slice(at, at + how.lineWords).join(' '));
  const attachment =
    what.attachment === null
      ? []
      : [
          `--${how.boundary}`,
          'Content-Type: application/octet-stream; name="a.bin"',
          'Content-Disposition: attachment; filename="a.bin"',
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from(what.attachment).toString('base64'),
        ];
  const source = [
    `Received: from ${how.received}`,
    `From: ${what.from}`,
    `To: ${what.to}`,
    `Date: ${what.date}`,
    `Subject: ${what.subject}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${how.boundary}"`,
    '',
    `--${how.boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${how.encoding}`,
    '',
    encoded(lines.join('\r\n'), how.encoding),
    ...attachment,
    `--${how.boundary}--`,
    '',
  ].join('\r\n');
  return fingerprintOf(await parseMessage(Buffer.from(source)));
}

const manners = fc.record<Manner>({
  boundary: fc.stringMatching(/^[a-z]{8,20}$/),
  encoding: fc.constantFrom('base64', 'quoted-printable', '8bit'),
  lineWords: fc.integer({ min: 1, max: 12 }),
  received: fc.stringMatching(/^[a-z]{1,30}$/),
});
const letters = fc.record<Letter>({
  from: fc.constantFrom('bob@far.example', 'Bob <BOB@far.example>', 'scanner@corp.example'),
  to: fc.constantFrom('anna@corp.example', 'Anna <anna@corp.example>, carl@corp.example'),
  date: fc.constantFrom(letter.date, 'Fri, 20 Nov 2026 08:29:01 +0000'),
  subject: fc.constantFrom('Offer', 'Invoice 1', 'Invoice 2'),
  words: fc.array(fc.stringMatching(/^[a-zäöüß0-9]{1,8}$/), { maxLength: 30 }),
  attachment: fc.option(fc.stringMatching(/^[a-z]{1,40}$/)),
});

describe('the fingerprint of a message', () => {
  it('is the same however a server writes it', async () => {
    await fc.assert(
      fc.asyncProperty(letters, manners, manners, async (what, one, other) => {
        expect(compareFingerprints(await written(what, one), await written(what, other))).toBe('equal');
      }),
    );
  });

  it.each<[string, Partial<Letter>]>([
    ['sender', { from: 'eve@far.example' }],
    ['second', { date: 'Fri, 20 Nov 2026 08:29:01 +0000' }],
    ['subject', { subject: 'Offers' }],
    ['recipient', { to: 'carl@corp.example' }],
    ['word', { words: ['What', 'do', 'you', 'think?', 'Grüße'] }],
    ['number of a word', { words: ['What', 'What', 'do', 'you', 'say?'] }],
    ['attachment', { attachment: 'other' }],
  ])('is another one with another %s', async (_, change) => {
    const before = { ...letter, attachment: 'content' };
    expect(compareFingerprints(await written(before), await written({ ...before, ...change }))).toBe(
      'different',
    );
  });

  it('is another one with any other word, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(letters, fc.nat(), async (what, at) => {
        fc.pre(what.words.length > 0);
        const words = what.words.with(at % what.words.length, 'anotherword');
        expect(compareFingerprints(await written(what), await written({ ...what, words }))).toBe('different');
      }),
    );
  });

  it.each<[string, Partial<Letter>]>([
    ['a banner', { words: ['External', 'mail!', ...letter.words] }],
    ['links that lead through a guard', { words: [...letter.words, 'https://guard.example/?url=far'] }],
    ['a mark of the subject', { subject: '[External] Offer' }],
    ['a recipient who was added', { to: 'anna@corp.example, list@corp.example' }],
    ['an address of the directory', { to: 'anna@corp.example, IMCEAEX-_o=Corp@corp.example' }],
    ['no date', { date: '' }],
  ])('is alike with %s', async (_, change) => {
    expect(compareFingerprints(await written(letter), await written({ ...letter, ...change }))).not.toBe(
      'different',
    );
  });

  it('tells the same from either side', async () => {
    await fc.assert(
      fc.asyncProperty(letters, letters, async (what, other) => {
        const [one, two] = [await written(what), await written(other)];
        expect(compareFingerprints(one, two)).toBe(compareFingerprints(two, one));
        expect(compareHeaders(one, two)).toBe(compareHeaders(two, one));
      }),
    );
  });

  it('does not look into what Exchange makes anew at each fetch', async () => {
    const forwarded = (boundary: string) =>
      parseMessage(
        Buffer.from(
          `From: bob@far.example\r\nSubject: Fwd\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nSee below\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n\r\nHello\r\n--${boundary}--\r\n\r\n--o--\r\n`,
        ),
      );
    const [one, other] = [await forwarded('one'), await forwarded('two')];
    expect(one.attachments[0]?.content).not.toEqual(other.attachments[0]?.content);
    expect(compareFingerprints(fingerprintOf(one), fingerprintOf(other))).toBe('equal');
  });
});
