import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { DraftKeeper, type KeeperState } from './draft-keeper.ts';

interface Text {
  readonly text: string;
}

const text = (words: string): Text => ({ text: words });

function keeper(isFresh = false) {
  const saves: { words: string; answer: (result: Result<null, ReturnType<typeof appError>>) => void }[] = [];
  const states: KeeperState[] = [];
  let discarded = 0;
  const kept = new DraftKeeper<Text>(isFresh, {
    save: ({ text: words }) => new Promise((answer) => saves.push({ words, answer })),
    discard: async () => {
      discarded += 1;
      return ok(null);
    },
    onState: (state) => states.push(state),
  });
  return { kept, saves, states, discarded: () => discarded };
}

describe('DraftKeeper', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('saves once when the typing pauses, and the newest text', async () => {
    const { kept, saves } = keeper();
    kept.change(text('a'));
    kept.change(text('ab'));
    await vi.advanceTimersByTimeAsync(400);
    expect(saves.map(({ words }) => words)).toEqual(['ab']);
  });

  it('saves within a second while keys follow each other without a pause', async () => {
    const { kept, saves } = keeper();
    for (let typed = 1; typed <= 30; typed += 1) {
      kept.change(text('x'.repeat(typed)));
      await vi.advanceTimersByTimeAsync(100);
      saves.at(-1)?.answer(ok(null));
      // What a crash would lose now was typed in the last second.
      expect(typed - (saves.at(-1)?.words.length ?? 0)).toBeLessThan(10);
    }
    expect(saves.length).toBeGreaterThanOrEqual(3);
  });

  it('lets no older text overtake a newer one', async () => {
    const { kept, saves } = keeper();
    kept.change(text('old'));
    await vi.advanceTimersByTimeAsync(400);
    kept.change(text('new'));
    const flushed = kept.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(saves.map(({ words }) => words)).toEqual(['old']);
    saves[0]?.answer(ok(null));
    await vi.advanceTimersByTimeAsync(0);
    expect(saves.map(({ words }) => words)).toEqual(['old', 'new']);
    saves[1]?.answer(ok(null));
    expect(await flushed).toBe(true);
  });

  it('keeps what could not be saved, and says so', async () => {
    const { kept, saves, states } = keeper();
    kept.change(text('a'));
    const failed = kept.flush();
    await vi.advanceTimersByTimeAsync(0);
    saves[0]?.answer(err(appError('storage.full', 'afterUserAction')));
    expect(await failed).toBe(false);
    expect(states.at(-1)).toBe('failed');
    void kept.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(saves.map(({ words }) => words)).toEqual(['a', 'a']);
  });

  it('saves what is left unsaved when the composer goes', async () => {
    const { kept, saves } = keeper(true);
    kept.change(text('a'));
    kept.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(saves).toHaveLength(1);
  });

  it('discards what was opened and never touched, but no draft of before', () => {
    const fresh = keeper(true);
    fresh.kept.leave();
    expect(fresh.discarded()).toBe(1);
    const old = keeper(false);
    old.kept.leave();
    expect(old.discarded()).toBe(0);
    const withFile = keeper(true);
    withFile.kept.touch();
    withFile.kept.leave();
    expect(withFile.discarded()).toBe(0);
  });

  it('touches nothing once the message is sent', async () => {
    const { kept, saves, discarded } = keeper(true);
    kept.end();
    kept.leave();
    await vi.advanceTimersByTimeAsync(1000);
    expect([saves.length, discarded()]).toEqual([0, 0]);
  });
});
