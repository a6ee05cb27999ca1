import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainWords, richWords, type TextNode } from './plain-words.ts';

const words = (text: string, ...marks: TextNode['marks'] & object): TextNode => ({
  type: 'text',
  text,
  ...(marks.length === 0 ? {} : { marks }),
});
const paragraph = (...content: TextNode[]): TextNode => ({ type: 'paragraph', content });
const list = (type: string, ...items: TextNode[][]): TextNode => ({
  type,
  content: items.map((content) => ({ type: 'listItem', content })),
});

describe('plainWords', () => {
  it('writes lists, quotations, tables and rules as people write them in mail', () => {
    const document: TextNode = {
      type: 'doc',
      content: [
        paragraph(words('Dear Bob'), { type: 'hardBreak' }, words('two things:')),
        list(
          'orderedList',
          [paragraph(words('price'))],
          [paragraph(words('date')), list('bulletList', [paragraph(words('May'))])],
        ),
        {
          type: 'blockquote',
          content: [paragraph(words('when?')), { type: 'blockquote', content: [paragraph(words('now'))] }],
        },
        { type: 'horizontalRule' },
        {
          type: 'table',
          content: [
            {
              type: 'tableRow',
              content: [
                { type: 'tableHeader', content: [paragraph(words('A'))] },
                { type: 'tableCell', content: [paragraph(words('1'))] },
              ],
            },
          ],
        },
      ],
    };
    expect(plainWords(document)).toBe(
      'Dear Bob\ntwo things:\n1. price\n2. date\n   - May\n> when?\n>> now\n----------\nA | 1',
    );
  });

  it('says where a link leads, unless its text does, and what a picture shows', () => {
    const link = (text: string, href: string) => words(text, { type: 'link', attrs: { href } });
    const document = paragraph(
      link('here', 'https://corp.example/a'),
      words(', '),
      link('corp.example', 'https://corp.example/'),
      words(' '),
      { type: 'image', attrs: { alt: 'Plan', contentId: 'x' } },
    );
    expect(plainWords(document)).toBe('here <https://corp.example/a>, corp.example [Plan]');
  });

  it('gives back any plain text that was made rich', () => {
    const line = fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.stringMatching(/^[a-z0-9 .-]{0,20}$/))
      .map(([depth, rest]) => (depth === 0 ? rest : `${'>'.repeat(depth)} ${rest.trim()}`.trimEnd()));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const text = lines.join('\n');
        expect(plainWords(richWords(text))).toBe(text);
      }),
    );
  });
});
