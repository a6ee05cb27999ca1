import { ok } from '../../../shared/result.ts';
import type { ImapSession } from './types.ts';

/** Marks a mail that a laptop sends to itself to see whether continuity works; docs/provider.md says what a provider does with it. */
export const drillHeader = 'X-Relevo-Drill';

export const isDrill = (header: Uint8Array): boolean =>
  new RegExp(`^${drillHeader}:`, 'im').test(Buffer.from(header).toString('latin1'));

/**
 * The same session for those who copy: mail of drills, this laptop's or another's, is not there. Each UID is asked about
 * once for each session.
 */
export function withoutDrills(session: ImapSession): ImapSession {
  /** By folder, since UIDs are each folder's own. */
  const known = new Map<string, Map<number, boolean>>();
  let inFolder = new Map<number, boolean>();

  const isShown = (uid: number): boolean => inFolder.get(uid) !== true;
  /** Without an answer everything is shown: whoever reads next meets the same failure. */
  const ask = async (uids: readonly number[]): Promise<void> => {
    const unknown = uids.filter((uid) => !inFolder.has(uid));
    if (unknown.length === 0) return;
    const headers = await session.headers(unknown, 'drill');
    if (!headers.ok) return;
    for (const { uid, header } of headers.value) inFolder.set(uid, isDrill(header));
  };

  return {
    ...session,
    get isUsable() {
      return session.isUsable;
    },
    open: async (path) => {
      const opened = await session.open(path);
      if (!opened.ok) return opened;
      const key = `${opened.value.uidValidity} ${path}`;
      inFolder = known.get(key) ?? new Map();
      known.set(key, inFolder);
      return opened;
    },
    uidsSince: async (since, from) => {
      const found = await session.uidsSince(since, from);
      if (!found.ok) return found;
      await ask(found.value);
      return ok(found.value.filter(isShown));
    },
    places: async (from, to) => {
      const found = await session.places(from, to);
      if (!found.ok) return found;
      await ask(found.value.map(({ uid }) => uid));
      return ok(found.value.filter(({ uid }) => isShown(uid)));
    },
    flags: async (range) => {
      const found = await session.flags(range);
      return found.ok ? ok(found.value.filter(({ uid }) => isShown(uid))) : found;
    },
    changes: async (since) => {
      const found = await session.changes(since);
      if (!found.ok) return found;
      return ok({ ...found.value, changed: found.value.changed.filter(({ uid }) => isShown(uid)) });
    },
  };
}
