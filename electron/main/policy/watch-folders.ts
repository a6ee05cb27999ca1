import { watch } from 'node:fs';

/** Calls `changed` after a file of such a name changed in one of the folders. One that is not there is not watched. */
export function watchFolders(
  folders: readonly string[],
  isMeant: (name: string) => boolean,
  changed: () => void,
): () => void {
  const watchers = folders.flatMap((folder) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || isMeant(name)) changed();
      });
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
