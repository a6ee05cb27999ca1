import { describe, expect, it } from 'vitest';
import { textBlocks, textPieces } from './plain-text.ts';

describe('textBlocks', () => {
  it('separates what was said from what was quoted, by depth', () => {
    expect(textBlocks('Yes.\n\n> Shall we?\n> > Before\n>> More\nEnd')).toEqual([
      { depth: 0, text: 'Yes.\n' },
      { depth: 1, text: 'Shall we?' },
      { depth: 2, text: 'Before\nMore' },
      { depth: 0, text: 'End' },
    ]);
  });
});

describe('textPieces', () => {
  it('finds addresses and leaves the punctuation behind them to the sentence', () => {
    expect(textPieces('See https://corp.example/a?b=1. Or (http://x.example)!')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', url: 'https://corp.example/a?b=1' },
      { kind: 'text', text: '. Or (' },
      { kind: 'link', url: 'http://x.example' },
      { kind: 'text', text: ')!' },
    ]);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'no link'])('finds none in %j', (text) => {
    expect(textPieces(text)).toEqual([{ kind: 'text', text }]);
  });
});
