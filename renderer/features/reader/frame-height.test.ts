import { describe, expect, it } from 'vitest';
import { frameHeight } from './frame-height.ts';

describe('frameHeight', () => {
  it('grows with the text and its pictures, within bounds', () => {
    expect(frameHeight('', 0)).toBe(140);
    expect(frameHeight('x\n'.repeat(12), 0)).toBeGreaterThan(frameHeight('x\n'.repeat(8), 0));
    expect(frameHeight('x'.repeat(800), 0)).toBeGreaterThan(frameHeight('x'.repeat(400), 0));
    expect(frameHeight('x\n'.repeat(8), 1)).toBeGreaterThan(frameHeight('x\n'.repeat(8), 0));
    expect(frameHeight('x\n'.repeat(9999), 99)).toBe(620);
  });
});
