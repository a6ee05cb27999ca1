import { expect, it } from 'vitest';
import { correspondentKey, correspondentKeys } from './correspondents.ts';

const person = (address: string) => ({ name: '', address });
const isOwn = (address: string) => address === 'alice@corp.example';

it('names everybody of a message once, in any case, but not the person', () => {
  const keys = correspondentKeys(
    {
      from: person('Meyer@Client.example'),
      to: [person('alice@corp.example'), person('meyer@client.example')],
      cc: [person('eva@far.example'), person('')],
    },
    isOwn,
  );
  expect(new Set(keys)).toEqual(
    new Set([correspondentKey('meyer@client.example'), correspondentKey('EVA@far.example')]),
  );
});

it('takes a mail to very many for no correspondence with the last of them', () => {
  const many = Array.from({ length: 400 }, (_, index) => person(`p${index}@far.example`));
  const keys = correspondentKeys({ from: person('eva@far.example'), to: many, cc: [] }, isOwn);
  expect(keys).toContain(correspondentKey('p0@far.example'));
  expect(keys).not.toContain(correspondentKey('p399@far.example'));
});
