import type { FolderRole, RemoteFolder } from '../../mail/types.ts';

/** What people need first. */
const order: readonly FolderRole[] = ['inbox', 'sent', 'drafts', 'archive', 'other', 'trash', 'junk'];

/**
 * Which folders are copied, in order. Of Exchange: all that hold mail, but those that the policy leaves out (by their
 * full paths, in any case, with what is below them). Of continuity all: what an outage brings, wherever another program of
 * the person has put it.
 */
export function foldersToSync(
  listed: readonly RemoteFolder[],
  leftOut: readonly string[],
): readonly RemoteFolder[] {
  const isLeftOut = ({ path, delimiter = '/', role }: RemoteFolder): boolean =>
    role !== 'inbox' &&
    leftOut.some((name) => {
      // Whoever writes the policy writes "/", whatever the server puts between two names.
      const folder = delimiter === '' ? [path] : path.split(delimiter);
      const named = name.split(delimiter !== '' && name.includes(delimiter) ? delimiter : '/');
      return named.every((part, index) => part.toLowerCase() === folder[index]?.toLowerCase());
    });
  return listed
    .filter((folder) => folder.holdsMail && order.includes(folder.role) && !isLeftOut(folder))
    .map((folder, index) => ({ folder, rank: order.indexOf(folder.role), index }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ folder }) => folder);
}
