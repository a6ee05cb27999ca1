import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse.ts';
import { corpusBytes, corpusFiles, hasCorpus } from './testing/corpus.ts';

const parse = (lines: readonly string[]) => parseMessage(Buffer.from(lines.join('\r\n')));
const multipart = (type: string, ...parts: readonly (readonly string[])[]) => [
  `Content-Type: ${type}; boundary=b`,
  '',
  ...parts.flatMap((part) => ['--b', ...part]),
  '--b--',
];
const returned = [
  'Content-Type: message/rfc822',
  '',
  'Message-ID: <sent@corp.example>',
  'Subject: Offer',
  '',
  'Hello',
];

describe('reports', () => {
  it('of delivery name the message, whom it did not reach, and why', async () => {
    const { report } = await parse(
      multipart(
        'multipart/report; report-type=delivery-status',
        ['', 'It came back.'],
        [
          'Content-Type: message/delivery-status',
          '',
          'Reporting-MTA: dns; mx.x.example',
          '',
          'Final-Recipient: rfc822; <bob@x.example>',
          'Action: failed',
          'Status: 5.1.1',
          'Diagnostic-Code: smtp; 550 no such',
          ' user',
        ],
        returned,
      ),
    );
    expect(report).toEqual({
      kind: 'failed',
      originalMessageId: 'sent@corp.example',
      recipients: [{ address: 'bob@x.example', status: '5.1.1', reason: '550 no such user' }],
    });
  });

  it.each([
    ['delayed', 'Action: delayed', 'delayed'],
    ['relayed', 'Action: relayed', 'delivered'],
    ['delivered', 'Action: DELIVERED (and read)', 'delivered'],
    ['without an action', 'Status: 4.4.1', 'delayed'],
    ['with nothing', 'X: y', 'failed'],
  ])('of a message that is %s', async (_what, line, kind) => {
    const status = [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: x',
      '',
      'Final-Recipient: rfc822;b@x',
      line,
    ];
    expect((await parse(multipart('multipart/report', status))).report?.kind).toBe(kind);
  });

  it.each([
    ['displayed', 'read'],
    ['deleted', 'deleted'],
    ['dispatched', 'delivered'],
  ])('of reading say that it was %s', async (done, kind) => {
    const notification = [
      'Content-Type: message/disposition-notification',
      '',
      'Final-Recipient: rfc822;bob@x.example',
      'Original-Message-ID: <sent@corp.example>',
      `Disposition: manual-action/MDN-sent-manually; ${done}`,
    ];
    const { report } = await parse(multipart('multipart/report', ['', 'Read.'], notification));
    expect(report).toMatchObject({
      kind,
      originalMessageId: 'sent@corp.example',
      recipients: [{ address: 'bob@x.example' }],
    });
  });

  it('of mail systems without a format are known by their sender, their subject and what they quote', async () => {
    const { report } = await parse([
      'From: MAILER-DAEMON@mx.x.example (Mail Delivery System)',
      'Subject: Undelivered Mail Returned to Sender',
      'X-Failed-Recipients: bob@x.example',
      '',
      'bob@x.example: 5.1.1 no such user',
      '--- Below this line is a copy of the message.',
      'Message-ID: <sent@corp.example>',
    ]);
    expect(report).toEqual({
      kind: 'failed',
      originalMessageId: 'sent@corp.example',
      recipients: [{ address: 'bob@x.example', status: '5.1.1', reason: '' }],
    });
  });

  it('are not seen in what people write about bounces', async () => {
    const mail = ['From: bob@x.example', 'Subject: Undelivered Mail', '', 'Message-ID: <sent@corp.example>'];
    expect((await parse(mail)).report).toBeNull();
  });

  it.skipIf(!hasCorpus)('are recognised in the corpus (skipped where there is none)', async () => {
    const files = corpusFiles('').filter((file) =>
      /_ndn\.eml$|report_disposition|multipart_report_emails\/|mimekit\/messages\/(?:delivery-status|disposition|feedback)/.test(
        file,
      ),
    );
    expect(files.length).toBeGreaterThan(10);
    const named: string[] = [];
    for (const file of files) {
      const { report } = await parseMessage(corpusBytes(file));
      expect(report, file).not.toBeNull();
      if (report?.originalMessageId !== null) named.push(file);
    }
    process.stdout.write(`reports: ${files.length} recognised, ${named.length} of them name their message\n`);
  });
});

describe('protection', () => {
  it.each([
    ['smimeSigned', 'multipart/signed; protocol="application/pkcs7-signature"; boundary=b'],
    ['pgpSigned', 'multipart/signed; protocol="application/pgp-signature"; boundary=b'],
    ['pgpEncrypted', 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b'],
    ['smimeEncrypted', 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m'],
    ['smimeEncrypted', 'application/x-pkcs7-mime; name=smime.p7m'],
    ['smimeSigned', 'application/pkcs7-mime; smime-type=signed-data; name=smime.p7m'],
    [null, 'text/plain'],
  ])('is %s of %s', async (protection, type) => {
    expect((await parse([`Content-Type: ${type}`, '', '--b', '', 'x', '--b--'])).protection).toBe(protection);
  });

  it('is found in the text, and where a server has taken the multipart apart', async () => {
    expect((await parse(['', '-----BEGIN PGP MESSAGE-----', 'x'])).protection).toBe('pgpEncrypted');
    expect((await parse(['', '-----BEGIN PGP SIGNED MESSAGE-----', 'x'])).protection).toBe('pgpSigned');
    expect((await parse(['', '> -----BEGIN PGP MESSAGE-----', 'x'])).protection).toBeNull();
    const mixed = multipart(
      'multipart/mixed',
      ['', ''],
      ['Content-Type: application/pgp-encrypted', '', 'Version: 1'],
    );
    expect((await parse(mixed)).protection).toBe('pgpEncrypted');
  });
});
