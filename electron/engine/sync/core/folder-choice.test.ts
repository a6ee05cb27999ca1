import { expect, it } from 'vitest';
import type { FolderRole } from '../../mail/types.ts';
import { foldersToSync } from './folder-choice.ts';

const folder = (path: string, role: FolderRole = 'other', holdsMail = true) => ({ path, role, holdsMail });
const listed = [
  folder('Archive', 'archive'),
  folder('Calendar', 'other', false),
  folder('Clients'),
  folder('INBOX', 'inbox'),
  folder('Sent Items', 'sent'),
];

it('begins with the Inbox and Sent, and goes on with what the policy names', () => {
  const chosen = foldersToSync(listed, 'primary', ['archive', 'Calendar', 'Nowhere', 'Sent Items']);
  expect(chosen.map(({ path }) => path)).toEqual(['INBOX', 'Sent Items', 'Archive']);
});

it('copies the Inbox and Sent only from continuity', () => {
  expect(foldersToSync(listed, 'continuity', ['Archive']).map(({ path }) => path)).toEqual([
    'INBOX',
    'Sent Items',
  ]);
});
