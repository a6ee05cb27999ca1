import firstSchema from './0001-first-schema.sql';
import identitiesAndOwners from './0002-identities-and-owners.sql';
import enrolment from './0003-enrolment.sql';
import signIn from './0004-sign-in.sql';
import wholeConversations from './0005-whole-conversations.sql';
import messageNature from './0006-message-nature.sql';
import placements from './0007-placements.sql';
import attachmentsAndPins from './0008-attachments-and-pins.sql';
import identity from './0009-identity.sql';
import bulletins from './0010-bulletins.sql';
import sending from './0012-sending.sql';
import ledger from './0013-ledger.sql';
import failoverChoice from './0014-failover-choice.sql';
import proof from './0015-proof.sql';
import oneCopy from './0016-one-copy.sql';
import draftCopies from './0017-draft-copies.sql';
import evidence from './0018-evidence.sql';
import forwarding from './0019-forwarding.sql';
import formerConversations from './0020-former-conversations.sql';
import drills from './0021-drills.sql';
import richDrafts from './0022-rich-drafts.sql';
import search from './0023-search.sql';

/** Append only: a migration that has shipped never changes. Its place is the `user_version` it leads to, less one. */
export const migrations: readonly string[] = [
  firstSchema,
  identitiesAndOwners,
  enrolment,
  signIn,
  wholeConversations,
  messageNature,
  placements,
  attachmentsAndPins,
  identity,
  bulletins,
  sending,
  ledger,
  failoverChoice,
  draftCopies,
  proof,
  oneCopy,
  evidence,
  forwarding,
  formerConversations,
  drills,
  richDrafts,
  search,
];
