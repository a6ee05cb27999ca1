import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mboxOf } from './mbox.ts';

const receivedAt = Date.UTC(2026, 10, 4, 9, 5, 7);
const message = (source: string, from = 'anna@corp.example') => ({
  from,
  receivedAt,
  source: Buffer.from(source, 'latin1'),
});
const written = (...sources: string[]) =>
  Buffer.from(mboxOf(sources.map((source) => message(source)))).toString('latin1');

/** As a reader of the variant "mboxrd" takes it apart. */
function readMbox(mbox: string): readonly string[] {
  return mbox
    .split(/^From .*\n/m)
    .slice(1)
    .map((one) => one.replace(/\n$/, '').replace(/^>(>*From )/gm, '$1'));
}

describe('an mbox file', () => {
  it('begins each message with a line of its own, its date as asctime writes it', () => {
    expect(written('Subject: x\r\n\r\nbody\r\n')).toBe(
      'From anna@corp.example Wed Nov  4 09:05:07 2026\nSubject: x\n\nbody\n\n',
    );
  });

  it('quotes what looks like the beginning of a message, however often it was quoted', () => {
    expect(written('\r\nFrom here\r\n>From there\r\nfrom\r\n')).toContain(
      '\n>From here\n>>From there\nfrom\n',
    );
  });

  it('names nobody whose address could break its line', () => {
    const mbox = Buffer.from(mboxOf([message('a\r\n', 'a b\nFrom x')])).toString('latin1');
    expect(mbox.split('\n')[0]).toBe('From MAILER-DAEMON Wed Nov  4 09:05:07 2026');
  });

  it('gives back every message as it was', () => {
    const line = fc.oneof(
      fc.constantFrom('From ', '>From x', '>>From ', '', 'Subject: a', '.', 'Grüße'),
      fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
    );
    const source = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => `${lines.join('\r\n')}\r\n`);
    fc.assert(
      fc.property(fc.array(source, { maxLength: 4 }), (sources) => {
        expect(readMbox(written(...sources))).toEqual(sources.map((one) => one.replaceAll('\r\n', '\n')));
      }),
    );
  });
});
