import type { MailboxAccess } from './mailbox.ts';

/**
 * mbsync's configuration to copy all of a mailbox into the Maildir `mail`, which has to be there. The server's authority is
 * expected in `base`/authority.pem.
 */
export function mbsyncChannel(
  { port, user, password }: Pick<MailboxAccess, 'port' | 'user' | 'password'>,
  base: string,
  mail: string,
): string {
  return `IMAPAccount server
Host localhost
Port ${port}
User ${user}
Pass ${password}
SSLType IMAPS
CertificateFile ${base}/authority.pem
AuthMechs LOGIN

IMAPStore far
Account server

MaildirStore near
Path ${mail}/
Inbox ${mail}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
Sync Pull New Flags
SyncState *
`;
}
