import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Laptop, openLaptop, ownIdentity, realClock } from '../testing/laptop.ts';
import { createAddressCompletion } from './address-completion.ts';

let laptop: Laptop;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
});
afterEach(() => laptop.remove());

it('suggests whom the mails of the copy name, and what came since it was asked first', async () => {
  const completion = createAddressCompletion({
    account: laptop.account,
    db: laptop.db,
    identities: ownIdentity(laptop.account),
    clock: realClock,
  });
  const mail = (id: string, from: string, to: string) =>
    laptop.receives(
      `From: ${from}\r\nTo: ${to}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${id}@x.example>\r\nSubject: A\r\n\r\nHello\r\n`,
    );
  await mail('1', 'Bob Fuchs <bob@x.example>', 'anna@corp.example, Carla Ruß <carla@x.example>');
  expect(await completion.suggest('fuchs')).toEqual([{ name: 'Bob Fuchs', address: 'bob@x.example' }]);
  expect(await completion.suggest('russ')).toEqual([{ name: 'Carla Ruß', address: 'carla@x.example' }]);
  await mail('2', 'Dora Fuchs <dora@x.example>', 'anna@corp.example');
  expect(await completion.suggest('fuchs d')).toEqual([{ name: 'Dora Fuchs', address: 'dora@x.example' }]);
});
