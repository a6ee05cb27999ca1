import { describe, expect, it } from 'vitest';
import { difference } from './read-only.ts';

describe('the comparison of SEARCH with FETCH', () => {
  it('agrees when both name the same messages, in any order', () => {
    expect(difference([3, 1, 2], [1, 2, 3])).toBe('agrees with FETCH (3 messages)');
  });

  it('counts what SEARCH misses and what it invents', () => {
    expect(difference([2, 9, 10], [1, 2])).toBe(
      'differs from FETCH: 1 of 2 not found, 2 found that should not be',
    );
  });

  it('says that SEARCH was refused', () => {
    expect(difference(false, [1])).toBe('refused');
  });
});
