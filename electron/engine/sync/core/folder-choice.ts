import type { Route } from '../../../../shared/model/route.ts';
import type { RemoteFolder } from '../../mail/types.ts';

/**
 * Which folders are copied, in order: Inbox, Sent, and in Exchange those that the policy names (by their full paths,
 * in any case). Folders without mail are left out.
 */
export function foldersToSync(
  listed: readonly RemoteFolder[],
  route: Route,
  named: readonly string[],
): readonly RemoteFolder[] {
  const withMail = listed.filter(({ holdsMail }) => holdsMail);
  const wanted = new Set(route === 'primary' ? named.map((name) => name.toLowerCase()) : []);
  return [
    ...withMail.filter(({ role }) => role === 'inbox'),
    ...withMail.filter(({ role }) => role === 'sent'),
    ...withMail.filter(
      ({ role, path }) => role !== 'inbox' && role !== 'sent' && wanted.has(path.toLowerCase()),
    ),
  ];
}
