import { describe, expect, it } from 'vitest';
import { fromTyped, kindOfValue, toTyped } from './setting-value.ts';

describe('the value of a setting', () => {
  it.each([
    ['true', 'boolean'],
    ['30', 'number'],
    ['"Archive"', 'text'],
    ['["Archive"]', 'json'],
    ['null', 'json'],
    ['not JSON', 'json'],
  ])('%s is changed as %s', (json, kind) => {
    expect(kindOfValue(json)).toBe(kind);
  });

  it.each(['true', '30', '"a \\"quoted\\" word"', '["Archive","Projects/2026"]', 'null', '{"a":[1]}'])(
    'comes back as it was, shown and typed unchanged: %s',
    (json) => {
      expect(fromTyped(kindOfValue(json), toTyped(json))).toBe(json);
    },
  );

  it('is refused where it is not of its kind', () => {
    expect(fromTyped('number', 'thirty')).toBeNull();
    expect(fromTyped('number', 'true')).toBeNull();
    expect(fromTyped('number', '')).toBeNull();
    expect(fromTyped('json', '["Archive"')).toBeNull();
  });

  it('may be any text, numbers among them', () => {
    expect(fromTyped('text', '30')).toBe('"30"');
  });
});
