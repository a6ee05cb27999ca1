import { describe, expect, it } from 'vitest';
import { readPlainText, textPieces } from './plain-text.ts';

describe('readPlainText', () => {
  it('folds away the older mail at the end, with the line that introduces it', () => {
    expect(readPlainText('Yes.\n\n2026-11-24, Jonas <j@x.example>:\n> Shall we?\n> > Before\n')).toEqual({
      said: [{ depth: 0, text: 'Yes.' }],
      quoted: [
        { depth: 0, text: '2026-11-24, Jonas <j@x.example>:' },
        { depth: 1, text: 'Shall we?' },
        { depth: 2, text: 'Before' },
      ],
    });
  });

  it('leaves quotations between the answers where they are, by depth', () => {
    expect(readPlainText('> One?\nYes.\n>> Before\n> Two?\nNo.')).toEqual({
      said: [
        { depth: 1, text: 'One?' },
        { depth: 0, text: 'Yes.' },
        { depth: 2, text: 'Before' },
        { depth: 1, text: 'Two?' },
        { depth: 0, text: 'No.' },
      ],
      quoted: [],
    });
  });

  it('shows a mail that is nothing but a quotation', () => {
    expect(readPlainText('> All of it')).toEqual({ said: [{ depth: 1, text: 'All of it' }], quoted: [] });
  });

  it('takes any line end, and an empty mail', () => {
    expect(readPlainText('a\r\nb\rc').said).toEqual([{ depth: 0, text: 'a\nb\nc' }]);
    expect(readPlainText('')).toEqual({ said: [], quoted: [] });
  });
});

describe('textPieces', () => {
  it('finds addresses and leaves the punctuation behind them to the sentence', () => {
    expect(textPieces('See https://corp.example/a?b=1. Or (mailto:a@x.example)!')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', url: 'https://corp.example/a?b=1' },
      { kind: 'text', text: '. Or (' },
      { kind: 'link', url: 'mailto:a@x.example' },
      { kind: 'text', text: ')!' },
    ]);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'no link'])('finds none in %j', (text) => {
    expect(textPieces(text)).toEqual([{ kind: 'text', text }]);
  });
});
