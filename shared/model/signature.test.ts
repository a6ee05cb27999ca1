import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { swapSignature } from './signature.ts';

const quoted = '\n\n2026-11-24 14:05, Bob <bob@x.example>:\n> Shall we?\n> Anna\n';
const forwarded = '\n\n----------\nFrom: Bob <bob@x.example>\nDate: 2026-11-24 14:05\n\nShall we?\nAnna\n';

describe('swapSignature', () => {
  it('puts it under a new text after the line that announces it, and above a quotation without', () => {
    expect(swapSignature('Hello', '', 'Anna')).toBe('Hello\n\n-- \nAnna');
    expect(swapSignature(`Hello${quoted}`, '', 'Anna')).toBe(`Hello\n\nAnna${quoted}`);
    expect(swapSignature(`Hello${forwarded}`, '', 'Anna')).toBe(`Hello\n\nAnna${forwarded}`);
  });

  it('replaces it and leaves what the person wrote below it, and what others wrote', () => {
    const text = `Anna\nHello\n\nAnna\nPS: Anna${forwarded}`;
    expect(swapSignature(text, 'Anna', 'Front Desk\nBerlin')).toBe(
      `Anna\nHello\n\nFront Desk\nBerlin\nPS: Anna${forwarded}`,
    );
  });

  it('takes it out with the line that announces it', () => {
    expect(swapSignature('Hello\n\n-- \nAnna', 'Anna', '')).toBe('Hello');
    expect(swapSignature(`Hello\n\nAnna${quoted}`, 'Anna', '')).toBe(`Hello${quoted}`);
  });

  it('leaves one that the person has changed or taken out', () => {
    expect(swapSignature('Hello\n\n-- \nAnna (on leave)', 'Anna', 'Desk')).toBe(
      'Hello\n\n-- \nAnna (on leave)',
    );
    expect(swapSignature(`Hello${quoted}`, 'Anna', 'Desk')).toBe(`Hello${quoted}`);
  });

  it('still knows the quotation when the person has closed the gap above it', () => {
    expect(swapSignature(`Hello${quoted.slice(1)}`, '', 'Anna')).toBe(`Hello\n\nAnna${quoted.slice(1)}`);
    expect(swapSignature(quoted.slice(2), '', 'Anna')).toBe(`\n\nAnna${quoted.slice(2)}`);
  });

  it('touches nothing else: whatever was written stands there, and swapping back yields it again', () => {
    const line = fc.stringMatching(/^[a-zA-Z .,>:-]{0,12}$/);
    const lines = fc.array(line, { maxLength: 5 }).map((all) => all.join('\n'));
    const signature = fc
      .array(fc.stringMatching(/^[A-Z][a-z ]{0,8}[a-z]$/), { minLength: 1, maxLength: 3 })
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('', quoted, forwarded),
        fc.option(signature, { nil: '' }),
        signature,
        (written, below, one, other) => {
          const text = written + below;
          const signed = one === '' ? text : swapSignature(text, '', one);
          expect(signed.startsWith(written)).toBe(true);
          expect(signed.endsWith(below)).toBe(true);
          const swapped = swapSignature(signed, one, other);
          expect(swapped.startsWith(written)).toBe(true);
          expect(swapped.endsWith(below)).toBe(true);
          expect(swapped).toContain(other);
          expect(swapSignature(swapped, other, one)).toBe(signed);
        },
      ),
    );
  });
});
