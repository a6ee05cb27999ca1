import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flow, unflow } from './flowed.ts';

/** As a text is told again: no blanks at the end of a line, marks of quotation without blanks between them. */
const plain = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const quoted = /^>(?: ?>)*/.exec(line)?.[0] ?? '';
      const content = line.slice(quoted.length).replace(quoted === '' ? /^$/ : /^ /, '');
      const kept = content === '-- ' ? content : content.replace(/ +$/, '');
      return quoted === '' ? kept : `${quoted.replaceAll(' ', '')} ${kept}`;
    })
    .join('\n');

const anyText = fc
  .array(
    fc.constantFrom(
      '>',
      ' ',
      '  ',
      '> ',
      '\n',
      '\n\n',
      '-- ',
      'From ',
      'word',
      'ü',
      'x'.repeat(90),
      'a b c '.repeat(20),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

describe('flow', () => {
  it('says the same text, whoever reads it as flowed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unflow(flow(text), false)).toBe(plain(text));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the depth of a quotation in every line of it, and lines within 78', () => {
    const flowed = flow(`>> ${'They wrote a lot. '.repeat(20)}\n> And I answered.\nYes.`);
    const lines = flowed.split('\n');
    expect(lines.at(-2)).toBe('> And I answered.');
    for (const line of lines.slice(0, -2)) expect(line).toMatch(/^>> .{1,75}$/);
    expect(lines.slice(0, -3).every((line) => line.endsWith(' '))).toBe(true);
  });

  it('stuffs what would be taken for something else (RFC 3676 section 4.4)', () => {
    expect(flow(' indented\nFrom here\n-- \nAnna')).toBe('  indented\n From here\n-- \nAnna');
  });
});
