import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Laptop, openLaptop } from '../../testing/laptop.ts';
import { keysOfKeptConversations } from './survey-store.ts';

let laptop: Laptop;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
});
afterEach(() => laptop.remove());

const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;
const dated = (daysAgo: number): string =>
  `From: eva@far.example\nSubject: Late\nMessage-ID: <late@far.example>\nDate: ${new Date(now - daysAgo * day).toUTCString()}\n\nHello\n`;
const kept = (): readonly string[] => keysOfKeptConversations(laptop.db, laptop.account.id, now - 30 * day);

it('keeps a conversation whole whose message came lately, however long ago it was written', async () => {
  await laptop.receives(dated(90), { internalDate: now });
  expect(kept()).toEqual(['id:late@far.example']);
});

it('does not keep one of which nothing was written or came lately', async () => {
  await laptop.receives(dated(90), { internalDate: now - 89 * day });
  expect(kept()).toEqual([]);
});
