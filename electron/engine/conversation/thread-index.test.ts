import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusText, hasCorpus } from '../mime/testing/corpus.ts';
import type { Random } from '../ports.ts';
import { childThreadIndex, isThreadIndex, newThreadIndex, threadGuid } from './thread-index.ts';

const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const fixed: Random = {
  bytes: (count) => (count === 1 ? Uint8Array.of(0x10) : new Uint8Array(guid)),
  uuid: () => '00000000-0000-4000-8000-000000000000',
};
const read = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const write = (index: Uint8Array): string => Buffer.from(index).toString('base64');

describe('Thread-Index', () => {
  it('begins with the time and the GUID', () => {
    expect(write(newThreadIndex(Date.UTC(2025, 0, 1, 10), guid))).toBe('AdtcM+tmABEiM0RVZneImaq7zN3u/w==');
  });

  it.each([
    ['classic', 'AdtcM+tmABEiM0RVZneImaq7zN3u/w==', 'AdtcM+tmABEiM0RVZneImaq7zN3u/wACGHEQ'],
    ['modern', 'AQHbXDPrABEiM0RVZneImaq7zN3u/w==', 'AQHbXDPrABEiM0RVZneImaq7zN3u/7MBwDIQ'],
  ])('adds the block that Outlook adds to a %s header', (_variant, parent, child) => {
    expect(write(childThreadIndex(read(parent), Date.UTC(2025, 0, 1, 11), fixed))).toBe(child);
  });

  it('adds the block of a real reply (its unit is 0.84 s)', () => {
    const real = read('AQHWLRNo4NaOjvXU8EODe0ZotrA8B6itzaxf');
    const at = Date.UTC(2020, 4, 18, 12, 57, 39, 800);
    const random: Random = { ...fixed, bytes: () => Uint8Array.of(0x5f) };
    expect(write(childThreadIndex(real.slice(0, 22), at, random))).toBe(write(real));
  });

  it('keeps every byte of the parent, grows by five, and stays in the conversation, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 22, maxLength: 22 }),
        fc.array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        (header, blocks, now) => {
          const parent = new Uint8Array(Buffer.concat([header, ...blocks]));
          const child = childThreadIndex(parent, now, fixed);
          expect(Buffer.from(child.subarray(0, parent.length)).equals(parent)).toBe(true);
          expect(child.length).toBe(parent.length + 5);
          expect(threadGuid(child)).toBe(threadGuid(parent));
        },
      ),
    );
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['half a header', new Uint8Array(21).fill(1)],
    ['something that does not begin with 01', new Uint8Array(27).fill(0x5d)],
  ])('takes %s for no index', (_what, index) => {
    expect(isThreadIndex(index)).toBe(false);
    expect(threadGuid(index)).toBeNull();
  });

  it('leaves out a block that was cut off, and does not grow without end', () => {
    const whole = new Uint8Array(27).fill(1);
    expect(childThreadIndex(whole.slice(0, 25), 0, fixed)).toHaveLength(27);
    expect(childThreadIndex(new Uint8Array(22 + 5 * 500).fill(1), 0, fixed)).toHaveLength(27);
    expect(threadGuid(whole.slice(0, 25))).toBe(threadGuid(whole));
  });

  interface RealIndex {
    readonly threadIndex: string;
    readonly decoded: {
      readonly guidHex?: string;
      readonly children?: readonly {
        readonly hex: string;
        readonly deltaCode: number;
        readonly timeIfRelativeToPrevious: string;
      }[];
    };
  }
  const realIndexes = hasCorpus
    ? (JSON.parse(corpusText('thread-index.expected.json')) as { readonly entries: readonly RealIndex[] })
        .entries
    : [];

  it.skipIf(!hasCorpus)('groups real mail (skipped where there is no corpus)', () => {
    expect(realIndexes.length).toBeGreaterThan(10);
    for (const { threadIndex, decoded } of realIndexes)
      expect(threadGuid(read(threadIndex)), threadIndex).toBe(decoded.guidHex ?? null);
  });

  it.skipIf(!hasCorpus)(
    'adds the very blocks that real replies have (skipped where there is no corpus)',
    () => {
      let compared = 0;
      for (const { threadIndex, decoded } of realIndexes) {
        const index = read(threadIndex);
        for (const [at, child] of (decoded.children ?? []).entries()) {
          // An Exchange child whose clock was read wrongly is off by 18 years: nobody can write that block again.
          if (child.deltaCode !== 0) continue;
          const parent = index.slice(0, 22 + 5 * at);
          // The unit of a block is 26 ms: the middle of it.
          const now = Date.parse(child.timeIfRelativeToPrevious) + 13;
          expect(write(childThreadIndex(parent, now, fixed).subarray(0, -1)), threadIndex).toBe(
            write(index.subarray(0, parent.length + 4)),
          );
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(5);
    },
  );
});
