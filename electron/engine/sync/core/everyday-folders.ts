import type { RemoteFolder } from '../../mail/types.ts';

/** Folders that one everyday pass asks at most; each costs two commands where nothing is new. */
const mostFolders = 40;

/**
 * Which of `folders` this pass asks, in their order: all of them, or, where there are many, Inbox, Sent and Drafts, what was
 * never synchronized, and of the others those that have waited longest. `visit`: a number that grows with every visit of
 * any folder; null: not since the start.
 */
export function everydayFolders(
  folders: readonly RemoteFolder[],
  {
    isNew,
    visit,
  }: { readonly isNew: (path: string) => boolean; readonly visit: (path: string) => number | null },
): readonly RemoteFolder[] {
  if (folders.length <= mostFolders) return folders;
  const isAlways = ({ path, role }: RemoteFolder): boolean =>
    role === 'inbox' || role === 'sent' || role === 'drafts' || isNew(path);
  const always = folders.filter(isAlways);
  const waiting = folders
    .filter((folder) => !isAlways(folder))
    .map((folder, index) => ({ folder, index, waitsSince: visit(folder.path) ?? -1 }))
    .sort((a, b) => a.waitsSince - b.waitsSince || a.index - b.index)
    .slice(0, Math.max(1, mostFolders - always.length));
  const chosen = new Set([...always, ...waiting.map(({ folder }) => folder)]);
  return folders.filter((folder) => chosen.has(folder));
}
