import { describe, expect, it } from 'vitest';
import { shortcutSets } from '../../shared/model/window-preferences.ts';
import { shortcutText } from './command.ts';
import { shortcutsOf } from './shortcut-sets.ts';
import { everyCommand } from './testing/every-command.ts';

/** One key that does the one or the other, of which only one is meant at a time. */
const takeTurns = [
  ['conversation.markRead', 'conversation.markUnread'],
  ['conversation.junk', 'conversation.notJunk'],
];

describe.each(shortcutSets)('the keys of %s', (set) => {
  it('mean one thing each', () => {
    const taken = new Map<string, string>();
    const clashes: string[] = [];
    for (const { id } of everyCommand(set)) {
      for (const shortcut of shortcutsOf(set, id)) {
        const keys = shortcutText(shortcut, false);
        const other = taken.get(keys);
        const mayShare = takeTurns.some((pair) => pair.includes(id) && pair.includes(other ?? ''));
        if (other !== undefined && !mayShare) clashes.push(`${keys}: ${other}, ${id}`);
        taken.set(keys, id);
      }
    }
    expect(clashes).toEqual([]);
  });

  it('answer, forward, delete and look for', () => {
    for (const id of ['message.reply', 'message.forward', 'conversation.delete', 'search.focus'])
      expect(shortcutsOf(set, id)).not.toEqual([]);
  });

  it('are written as they are pressed', () => {
    const shown = everyCommand(set).flatMap(({ shortcuts, shortcutText: text }) =>
      shortcuts.length === 0 ? [] : [text],
    );
    expect(shown).not.toContain('');
  });
});
