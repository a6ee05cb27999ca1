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
  expect(paths(listed, 'primary', [])).toEqual([
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
  expect(paths(listed, 'primary', ['clients', 'Junk Email', 'inbox', 'Nowhere'])).toEqual([
    'INBOX',
    'Sent Items',
    'Drafts',
    'Archive',
    'Deleted Items',
  ]);
});

it('copies the Inbox and Sent only from continuity', () => {
  expect(paths(listed, 'continuity', [])).toEqual(['INBOX', 'Sent Items']);
});
