import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';

const parse = (lines: readonly string[]) => parseMessage(Buffer.from(lines.join('\r\n'), 'latin1'));
const multipart = (type: string, boundary: string, ...parts: readonly (readonly string[])[]) => [
  `Content-Type: multipart/${type}; boundary="${boundary}"`,
  '',
  ...parts.flatMap((part) => [`--${boundary}`, ...part]),
  `--${boundary}--`,
  '',
];
const plain = (text: string) => ['Content-Type: text/plain', '', text];
const html = (text: string) => ['Content-Type: text/html', '', text];
const picture = (...header: readonly string[]) => ['Content-Type: image/png', ...header, '', 'PNG'];
const words = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('what a message shows', () => {
  it('is one of the alternatives for each kind of reader', async () => {
    const related = multipart('related', 'r', html('<img src="cid:a@x">rich'), picture('Content-ID: <a@x>'));
    const message = await parse(multipart('alternative', 'b', plain('plain'), related));
    expect(words(message.text)).toBe('plain');
    expect(message.html).toContain('rich');
    expect(message.attachments).toMatchObject([{ contentId: 'a@x', isInline: true }]);
  });

  it('is everything that follows each other, in both kinds', async () => {
    const message = await parse(
      multipart('mixed', 'b', plain('one <1>'), html('<b>two</b>'), plain('three')),
    );
    expect(words(message.text)).toBe('one <1> two three');
    expect(words(message.html ?? '')).toMatch(/one &lt;1&gt;.*<b>two<\/b>.*three/);
  });

  it('lists a picture that the HTML does not show, whatever its disposition says', async () => {
    const inline = picture('Content-Disposition: inline; filename=a.png', 'Content-ID: <a@x>');
    const message = await parse(multipart('mixed', 'b', html('no picture'), inline));
    expect(message.attachments).toMatchObject([{ fileName: 'a.png', isInline: false }]);
  });

  it('binds pictures by Content-Location', async () => {
    const message = await parse(
      multipart(
        'related',
        'b',
        html(
          '<img src="http://x.example/a.png"><p style="background: url(b.png)">http://x.example/a.png</p>',
        ),
        picture('Content-Location: http://x.example/a.png'),
        picture('Content-Location: b.png', 'Content-ID: <b@x>'),
        picture('Content-Location: c.png'),
      ),
    );
    const [a, b, c] = message.attachments;
    expect([a?.isInline, b?.isInline, c?.isInline]).toEqual([true, true, false]);
    expect(words(message.html ?? '')).toBe(
      `<img src="cid:${a?.contentId}"><p style="background: url(cid:b@x)">http://x.example/a.png</p>`,
    );
  });

  it('leaves a message in a message whole, under its subject', async () => {
    const inner = ['Content-Type: message/rfc822', '', 'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe/2?=', '', 'inner'];
    const message = await parse(multipart('mixed', 'b', plain('outer'), inner));
    expect(words(message.text)).toBe('outer');
    expect(message.attachments).toMatchObject([{ fileName: 'Grüße_2.eml', contentType: 'message/rfc822' }]);
    const [attached] = message.attachments;
    expect((await parseMessage(attached?.content ?? new Uint8Array())).text.trim()).toBe('inner');
  });

  it('takes uuencoded files out of the text, and leaves alone what is none', async () => {
    const message = await parse([
      '',
      'Here:',
      'begin 644 ../cat.txt',
      '#0V%T',
      '`',
      'end',
      'begin 644 of a story',
      'Bye',
    ]);
    expect(words(message.text)).toBe('Here: begin 644 of a story Bye');
    expect(
      message.attachments.map(({ fileName, content }) => [fileName, Buffer.from(content).toString()]),
    ).toEqual([['cat.txt', 'Cat']]);
  });

  it('gives an invitation with what it asks for', async () => {
    const calendar = [
      'Content-Type: text/calendar; method=request; charset=iso-8859-1',
      '',
      'SUMMARY:Gr\xfc\xdfe',
    ];
    const message = await parse(multipart('alternative', 'b', plain('Come'), calendar));
    expect(message).toMatchObject({ calendarMethod: 'REQUEST', attachments: [{ fileName: 'invite.ics' }] });
    expect(
      Buffer.from(message.attachments[0]?.content ?? [])
        .toString('utf8')
        .trim(),
    ).toBe('SUMMARY:Grüße');
  });

  it.each([
    [
      'another boundary',
      ['Content-Type: multipart/mixed; boundary=wrong', '', '--right', ...plain('shown'), '--right--'],
    ],
    ['no boundary', ['Content-Type: multipart/mixed', '', '--b', ...plain('shown'), '--b--']],
    ['a boundary that never comes', ['Content-Type: multipart/mixed; boundary=b', '', 'shown']],
    [
      'the header of a part without a delimiter',
      ['Content-Type: multipart/mixed; boundary=b', '', ...plain('shown')],
    ],
    ['no end', ['Content-Type: multipart/mixed; boundary=b', '', '--b', ...plain('shown')]],
    ['a part without a header', ['Content-Type: multipart/mixed; boundary=b', '', '--b', 'shown', '--b--']],
    ['a boundary with blanks and brackets', multipart('mixed', 'a (b) c', plain('shown'))],
    ['no empty line after the header', ['Subject: x', 'shown without a colon']],
    ['a line of a mailbox first', ['From bob@x.example Mon Nov 23 10:00:00 2026', 'Subject: x', '', 'shown']],
    ['a type that is none', ['Content-Type: text', '', 'shown']],
    ['an encoding that is none', ['Content-Transfer-Encoding: 9bit', '', 'shown']],
    ['an encoding with more behind it', ['Content-Transfer-Encoding: base64; x', '', 'c2hvd24=']],
    [
      'an encoding that it is not in',
      ['Content-Transfer-Encoding: base64', '', 'It is shown, "as is": (so).'],
    ],
    ['base64 of several pieces', ['Content-Transfer-Encoding: base64', '', 'c2g=', 'b3du', '-- ', 'a list']],
  ])('is shown when it has %s', async (_what, lines) => {
    const message = await parse(lines);
    expect(words(message.text)).toMatch(/shown/);
    expect(message.text).not.toContain('Content-Type');
  });

  it('reads lines that end as on an old Macintosh', async () => {
    const message = await parseMessage(Buffer.from('Subject: x\r\rone\rtwo'));
    expect(message).toMatchObject({ subject: 'x', text: 'one\ntwo' });
  });

  it('joins the lines of a paragraph, within its depth, and nothing else', async () => {
    const type = (parameters: string) => [`Content-Type: text/plain; format=flowed${parameters}`, ''];
    const lines = ['one ', 'two', '> a ', '> b', '>> c ', '  stuffed', '-- ', 'Bob'];
    expect((await parse([...type(''), ...lines])).text).toBe('one two\n> a b\n>> c \n stuffed\n-- \nBob');
    expect((await parse([...type('; delsp=yes'), 'one ', 'two'])).text).toBe('onetwo');
  });

  it('keeps the name of an attachment safe', async () => {
    const evil = [
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename="../a\\"b.pdf .exe"',
      '',
      'x',
    ];
    const message = await parse(multipart('mixed', 'b', evil));
    expect(message.attachments[0]?.fileName).toBe('a_b.pdf.exe');
  });
});
