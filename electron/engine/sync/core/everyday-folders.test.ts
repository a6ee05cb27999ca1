import { describe, expect, it } from 'vitest';
import type { FolderRole, RemoteFolder } from '../../mail/types.ts';
import { everydayFolders } from './everyday-folders.ts';

const folder = (path: string, role: FolderRole = 'other'): RemoteFolder => ({ path, role, holdsMail: true });
const folders = [
  folder('INBOX', 'inbox'),
  folder('Sent', 'sent'),
  ...Array.from({ length: 1998 }, (_, index) => folder(`Project ${index}`)),
];

describe('the folders of an everyday pass', () => {
  it('are all of them where they are few', () => {
    const few = folders.slice(0, 40);
    expect(everydayFolders(few, { isNew: () => false, visit: () => null })).toEqual(few);
  });

  it('are 40 where they are many, Inbox and Sent always, and each of the others comes in its turn', () => {
    const visits = new Map<string, number>();
    let visit = 0;
    let passes = 0;
    while (visits.size < folders.length) {
      passes += 1;
      const chosen = everydayFolders(folders, {
        isNew: () => false,
        visit: (path) => visits.get(path) ?? null,
      });
      expect(chosen).toHaveLength(40);
      expect(chosen.slice(0, 2).map(({ path }) => path)).toEqual(['INBOX', 'Sent']);
      for (const { path } of chosen) visits.set(path, ++visit);
    }
    expect(passes).toBe(Math.ceil(1998 / 38));
  });

  it('leave out none that was never synchronized, and let somebody else come in the meantime', () => {
    const chosen = everydayFolders(folders, {
      isNew: (path) => path.startsWith('Project 1'),
      visit: (path) => (path === 'Project 2' ? null : 5),
    });
    const fresh = folders.filter(({ path }) => path.startsWith('Project 1'));
    expect(chosen.length).toBe(2 + fresh.length + 1);
    expect(chosen).toContainEqual(folder('Project 2'));
  });
});
