import { describe, expect, it } from 'vitest';
import type { MessageNature } from '../../../shared/model/message-nature.ts';
import { deliveryReason, noteInsteadOfWords, notesOf } from './notes.ts';

const nature = (change: Partial<MessageNature>): MessageNature => ({
  protection: null,
  report: null,
  calendarMethod: null,
  ...change,
});
const report = { kind: 'failed', originalId: null, recipients: [] } as const;

describe('what is said about a message', () => {
  it('is all that there is, the most telling first', () => {
    expect(notesOf(nature({}))).toEqual([]);
    expect(notesOf({ report, protection: 'pgpSigned', calendarMethod: 'REQUEST' })).toEqual([
      'failed',
      'pgpSigned',
    ]);
  });

  it('stands for words that a person did not write, or that cannot be read', () => {
    expect(noteInsteadOfWords(null)).toBeNull();
    expect(noteInsteadOfWords(nature({ calendarMethod: 'REQUEST' }))).toBeNull();
    expect(noteInsteadOfWords(nature({ protection: 'smimeSigned' }))).toBeNull();
    expect(noteInsteadOfWords(nature({ protection: 'smimeEncrypted' }))).toBe('smimeEncrypted');
    expect(noteInsteadOfWords(nature({ report, protection: 'smimeSigned' }))).toBe('failed');
  });
});

describe('why a message was not delivered', () => {
  it.each([
    ['5.1.1', 'noSuchAddress'],
    ['5.1.10', 'noSuchAddress'],
    ['5.1.2', 'noSuchServer'],
    ['5.4.4', 'noSuchServer'],
    ['5.1.8', 'refused'],
    ['5.2.1', 'closed'],
    ['4.2.2', 'full'],
    ['5.3.4', 'tooLarge'],
    ['4.4.1', 'unreachable'],
    ['5.7.26', 'refused'],
    ['5.6.3', 'content'],
    ['5.3.5', 'system'],
    // Exchange says so of addresses that it does not know; elsewhere no host answered.
    ['5.4.1', null],
    ['5.0.0', null],
    ['', null],
  ])('is read from the code: %s', (status, reason) =>
    expect(deliveryReason({ address: '', status, reason: '' })).toBe(reason),
  );

  it('is read from the code before the words where the other says nothing', () => {
    const recipient = { address: '', status: '5.0.0', reason: '552-5.2.2 The mailbox is full' };
    expect(deliveryReason(recipient)).toBe('full');
    expect(deliveryReason({ ...recipient, reason: 'Our version 5.2.2 refuses' })).toBeNull();
  });
});
