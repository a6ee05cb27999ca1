import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, type Line, LineReader, textOf } from './wire.ts';

function readAll(bytes: Buffer, cuts: readonly number[] = []): { lines: Line[]; invitations: number } {
  const lines: Line[] = [];
  let invitations = 0;
  const reader = new LineReader(
    (line) => lines.push(line),
    () => {
      invitations += 1;
    },
  );
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, place] of places.entries())
    if (index > 0) reader.read(bytes.subarray(places[index - 1], place));
  return { lines, invitations };
}

describe('the lines of IMAP', () => {
  it('holds a literal together with the text around it', () => {
    const { lines } = readAll(Buffer.from('* 1 FETCH (BODY[] {5}\r\na\r\n)b UID 7)\r\na OK\r\n'));
    expect(lines.map(textOf)).toEqual(['* 1 FETCH (BODY[] {5}\r\n UID 7)', 'a OK']);
    expect(lines[0]?.pieces[1]).toEqual(Buffer.from('a\r\n)b'));
  });

  it('asks for the literals that wait to be asked for, and for no others', () => {
    expect(readAll(Buffer.from('a LOGIN {1}\r\nx {1+}\r\ny\r\n')).invitations).toBe(1);
  });

  it('gives back every byte, however the stream was cut', () => {
    const text = fc.stringMatching(/^[ -z|~]*$/);
    const line = fc.record({ before: text, literal: fc.uint8Array({ maxLength: 30 }), after: text });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
        const bytes = Buffer.concat(
          parts.map(({ before, literal, after }) =>
            Buffer.concat([
              Buffer.from(`${before}{${literal.length}}\r\n`),
              Buffer.from(literal),
              Buffer.from(`${after}\r\n`),
            ]),
          ),
        );
        const { lines } = readAll(bytes, cuts);
        expect(lines).toHaveLength(parts.length);
        expect(Buffer.concat(lines.map(bytesOf))).toEqual(bytes);
      }),
    );
  });
});
