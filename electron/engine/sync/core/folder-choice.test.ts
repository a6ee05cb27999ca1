import { expect, it } from 'vitest';
import type { FolderRole } from '../../mail/types.ts';
import { foldersToSync } from './folder-choice.ts';

const folder = (path: string, role: FolderRole = 'other', holdsMail = true) => ({ path, role, holdsMail });
const listed = [
  folder('Archive', 'archive'),
  folder('Calendar', 'other', false),
  folder('Clients'),
  folder('Clients/Meyer'),
  folder('Deleted Items', 'trash'),
  folder('Drafts', 'drafts'),
  folder('INBOX', 'inbox'),
  folder('Junk Email', 'junk'),
  folder('Sent Items', 'sent'),
];
const paths = (...input: Parameters<typeof foldersToSync>) => foldersToSync(...input).map(({ path }) => path);

it('copies everything that holds mail, what people need first', () => {
  expect(paths(listed, [])).toEqual([
    'INBOX',
    'Sent Items',
    'Drafts',
    'Archive',
    'Clients',
    'Clients/Meyer',
    'Deleted Items',
    'Junk Email',
  ]);
});

it('leaves out what the policy names, and what is below it, but never the Inbox', () => {
  expect(paths(listed, ['clients', 'Junk Email', 'inbox', 'Nowhere'])).toEqual([
    'INBOX',
    'Sent Items',
    'Drafts',
    'Archive',
    'Deleted Items',
  ]);
});

it.each(['/', '.', '\\', '|', '^'])('knows what is below a folder where the delimiter is %s', (delimiter) => {
  const named = (...parts: readonly string[]) => ({ ...folder(parts.join(delimiter)), delimiter });
  const folders = [
    named('Clients', 'Meyer & Co'),
    named('Clients', 'Meyer & Co', '2026'),
    named('Clients', 'Meyer & Coen'),
    named('Clients 2'),
  ];
  const left = [`Clients${delimiter}Meyer & Coen`, 'Clients 2'];
  expect(paths(folders, ['clients/Meyer & co'])).toEqual(left);
  expect(paths(folders, [`clients${delimiter}Meyer & co`])).toEqual(left);
});
