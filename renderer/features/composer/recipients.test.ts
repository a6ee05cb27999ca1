import { describe, expect, it } from 'vitest';
import { isComplete, lastRecipient, readRecipients, writeRecipients } from './recipients.ts';

describe('recipients', () => {
  it('reads what people type', () => {
    expect(
      readRecipients('bob@x.example; Anna Berg <anna@corp.example>,"Berg, Anna" <a@x.example>\n'),
    ).toEqual([
      { name: '', address: 'bob@x.example' },
      { name: 'Anna Berg', address: 'anna@corp.example' },
      { name: 'Berg, Anna', address: 'a@x.example' },
    ]);
  });

  it('reads again what it has written', () => {
    const people = [
      { name: 'Berg, Anna', address: 'anna@corp.example' },
      { name: '', address: 'bob@x.example' },
      { name: 'Åsa Ö', address: 'asa@x.example' },
    ];
    expect(readRecipients(writeRecipients(people))).toEqual(people);
  });

  it.each([
    ['bob@x.example', true],
    ['bob', false],
    ['bob@', false],
    ['bob@x', false],
    ['a b@x.example', false],
    ['', false],
  ])('takes %j for complete: %s', (address, expected) => {
    expect(isComplete({ name: '', address })).toBe(expected);
  });
});

describe('a group that is pasted', () => {
  it('is its members', () => {
    expect(readRecipients('Team: Anna <anna@corp.example>, bob@corp.example;')).toEqual([
      { name: 'Anna', address: 'anna@corp.example' },
      { name: '', address: 'bob@corp.example' },
    ]);
  });
});

describe('lastRecipient', () => {
  it.each([
    ['bo', '', 'bo'],
    ['Anna <anna@x.example>, bo', 'Anna <anna@x.example>, ', 'bo'],
    ['"Berg, Anna', '', '"Berg, Anna'],
    ['"Berg, Anna" <anna@x.example>; c', '"Berg, Anna" <anna@x.example>; ', 'c'],
    ['a@x.example, ', 'a@x.example, ', ''],
  ])('of %s', (text, before, typed) => {
    expect(lastRecipient(text)).toEqual({ before, typed });
  });
});
