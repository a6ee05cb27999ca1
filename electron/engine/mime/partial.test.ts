import { expect, it } from 'vitest';
import type { ToldPart } from '../mail/types.ts';
import { parseMessage, readMessage } from './parse.ts';
import { assemble, readCut } from './partial.ts';

const bytes = (text: string) => Buffer.from(text.replace(/\n/g, '\r\n'));
const header = `From: Eva <eva@far.example>
To: alice@corp.example
Subject: =?utf-8?Q?Pl=C3=A4ne?=
Message-ID: <plans@far.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

`;
const text = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n';
const small = 'Content-Type: application/pdf; name=small.pdf\nContent-Transfer-Encoding: base64\n\n';
const large =
  "Content-Type: application/zip\nContent-Disposition: attachment; filename*=utf-8''Pl%C3%A4ne.zip\nContent-Transfer-Encoding: base64\n\n";
const content = Buffer.from('small').toString('base64');

const part = (section: string, type: string, size: number): ToldPart => ({
  section,
  type,
  size,
  isAttached: false,
  children: [],
});
const told: ToldPart = {
  ...part('', 'multipart/mixed', 0),
  children: [
    part('1', 'text/plain', 20),
    part('2', 'application/pdf', 5),
    part('3', 'application/zip', 40_000_000),
  ],
};

it('reads a message of parts as it would read the whole, but for what was left out', async () => {
  const fetched = new Map([
    ['1', { header: bytes(text), body: bytes('Die Pl=C3=A4ne.') }],
    ['2', { header: bytes(small), body: bytes(content) }],
    ['3', { header: bytes(large), body: null }],
  ]);
  const message = readMessage(assemble(told, bytes(header), (section) => fetched.get(section) ?? null));
  const whole = await parseMessage(
    bytes(`${header}--b\n${text}Die Pl=C3=A4ne.\n--b\n${small}${content}\n--b\n${large}AAAA\n--b--\n`),
  );
  const [first, second] = message.attachments;
  expect({ ...message, attachments: [first] }).toEqual({ ...whole, attachments: [whole.attachments[0]] });
  expect(second).toMatchObject({
    fileName: 'Pläne.zip',
    contentType: 'application/zip',
    absentSize: 40_000_000,
  });
  expect(second?.content).toHaveLength(0);
});

it('shows the entry of a part that the server gave nothing of', () => {
  const message = readMessage(assemble(told, bytes(header), () => null));
  expect(message.subject).toBe('Pläne');
  expect(message.attachments.map(({ contentType, absentSize }) => [contentType, absentSize])).toEqual([
    ['text/plain', 20],
    ['application/pdf', 5],
    ['application/zip', 40_000_000],
  ]);
});

it('takes the part in which the beginning of a message ends for one that is not here', () => {
  const cut = readCut(
    bytes(`${header}--b\n${text}Hello\n--b\n${small}${content}\n--b\n${large}AAAA`),
    9_000_000,
  );
  if (cut === null) throw new Error('cut within a text');
  const message = readMessage(cut);
  expect(message.text.trim()).toBe('Hello');
  expect(message.attachments.map(({ fileName, absentSize }) => [fileName, absentSize])).toEqual([
    ['small.pdf', undefined],
    ['Pläne.zip', 9_000_004],
  ]);
});

it('cuts no text', () => {
  expect(readCut(bytes(`${header}--b\n${text}A long text`), 9_000_000)).toBeNull();
  expect(readCut(bytes('Subject: x\n\nA long text'), 9_000_000)).toBeNull();
});
