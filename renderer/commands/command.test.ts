import { describe, expect, it } from 'vitest';
import { isPressed, shortcutText } from './command.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('isPressed', () => {
  it('tells Ctrl+R from Ctrl+Shift+R', () => {
    const reply = { key: 'r', mod: true };
    expect(isPressed(reply, press('r', { ctrlKey: true }), false)).toBe(true);
    expect(isPressed(reply, press('R', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(isPressed({ ...reply, shift: true }, press('R', { ctrlKey: true, shiftKey: true }), false)).toBe(
      true,
    );
  });

  it('wants Cmd on a Mac, and not Ctrl', () => {
    expect(isPressed({ key: 'n', mod: true }, press('n', { metaKey: true }), true)).toBe(true);
    expect(isPressed({ key: 'n', mod: true }, press('n', { ctrlKey: true }), true)).toBe(false);
  });

  it('takes a slash wherever the keyboard has it', () => {
    expect(isPressed({ key: '/' }, press('/', { shiftKey: true }), false)).toBe(true);
  });

  it('leaves plain letters alone while Ctrl or Alt is held', () => {
    expect(isPressed({ key: 'r' }, press('r', { ctrlKey: true }), false)).toBe(false);
    expect(isPressed({ key: 'r' }, press('r', { altKey: true }), false)).toBe(false);
  });
});

describe('shortcutText', () => {
  it('writes keys as the system does', () => {
    expect(shortcutText({ key: 'r', mod: true, shift: true }, false)).toBe('Ctrl+Shift+R');
    expect(shortcutText({ key: 'r', mod: true, shift: true }, true)).toBe('⇧⌘R');
  });
});
