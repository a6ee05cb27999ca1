import { describe, expect, it } from 'vitest';
import type { LedgerLine } from './chain.ts';
import { csvOf, mergeLedgers } from './fleet.ts';

const line = (seq: number, message: string, more: Partial<LedgerLine> = {}): LedgerLine => ({
  v: 1,
  seq,
  previous: seq === 1 ? null : `hash of ${seq - 1}`,
  account: 'anna@corp.example',
  at: '2026-11-24T12:00:00.000Z',
  outage: 1,
  entry: message.charCodeAt(0),
  message,
  direction: 'received',
  counterpart: 'bert@partner.example',
  sentAt: '2026-11-24T11:00:00.000Z',
  event: 'recorded',
  route: 'continuity',
  answer: null,
  folder: null,
  uid: null,
  reason: null,
  ...more,
});
const ledger = (device: string, lines: readonly LedgerLine[]) => ({
  account: 'anna@corp.example',
  device,
  signedAt: '2026-11-24T12:00:00.000Z',
  lines,
});
const back = { event: 'appended', route: 'primary', folder: 'INBOX', uid: 7 } as const;

describe('the ledgers of a fleet', () => {
  it('counts a message of two laptops once, as back if either saw it in Exchange', () => {
    const two = [ledger('A', [line(1, 'x'), line(2, 'y')]), ledger('B', [line(1, 'x'), line(2, 'x', back)])];
    for (const order of [two, two.toReversed()]) {
      expect(mergeLedgers(order)).toMatchObject({ messages: { length: 2 }, back: 1, contradictions: [] });
    }
  });

  it('counts two messages of one laptop that bear one Message-ID as two', () => {
    const twins = [line(1, 'x'), line(2, 'x', { entry: 9 }), line(3, 'x', back)];
    expect(mergeLedgers([ledger('A', twins), ledger('B', twins)])).toMatchObject({
      messages: { length: 2 },
      back: 1,
    });
  });

  it('takes the later of two files of one laptop, and says when they contradict each other', () => {
    const [earlier, later] = [ledger('A', [line(1, 'x')]), ledger('A', [line(1, 'x'), line(2, 'x', back)])];
    expect(mergeLedgers([later, earlier])).toMatchObject({
      messages: { length: 1 },
      back: 1,
      contradictions: [],
    });
    const other = ledger('A', [line(1, 'z')]);
    expect(mergeLedgers([later, other]).contradictions).toEqual([
      { account: 'anna@corp.example', device: 'A' },
    ]);
  });

  it('lists what was changed beside the messages, and counts it as none', () => {
    const changed = line(2, 'z', { entry: null, event: 'changed', change: 'archive', folder: 'Archive' });
    const read = line(3, 'x', { event: 'changed', change: 'read', folder: 'INBOX' });
    const {
      messages,
      changes,
      back: found,
    } = mergeLedgers([ledger('A', [line(1, 'x', back), changed, read])]);
    expect({ messages: messages.length, found, changes: changes.length }).toEqual({
      messages: 1,
      found: 1,
      changes: 2,
    });
    expect(csvOf(changes)).toContain(',changed,archive,');
  });

  it('writes cells that no spreadsheet takes for a formula or for two', () => {
    const { messages } = mergeLedgers([ledger('A', [line(1, 'x', { counterpart: '=1+1, "b"' })])]);
    expect(csvOf(messages)).toContain(`,"'=1+1, ""b""",`);
    expect(csvOf(messages).split('\r\n')).toHaveLength(3);
  });
});
