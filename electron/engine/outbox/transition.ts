import type { EpochMs, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import type { Database } from '../cache/database.ts';
import { refreshConversation } from '../cache/messages.ts';
import { noteFlagChange } from '../cache/queries/conversation-store.ts';
import { deleteDraftOf } from '../cache/queries/draft-store.ts';
import { journalSent } from '../cache/queries/journal-store.ts';
import {
  type Evidence,
  findOutgoing,
  noteEvidence,
  noteTaken,
  type OutgoingRecord,
  recipientOutcomes,
  setFiled,
  setOutgoingState,
} from '../cache/queries/outbox-store.ts';
import { conversationOf } from '../cache/queries/placement-store.ts';
import { nextOutgoingState, type OutgoingEvent } from './core/outgoing-machine.ts';

/**
 * Carries an event of an outgoing message into the database, with all that it entails: what continuity took is
 * journaled with the very transition that says so, and the draft behind it goes when the message has left for good.
 * To be called in a transaction. Yields the state before and after; null when there is no such message.
 */
export function happen(
  db: Database,
  id: OutgoingId,
  event: OutgoingEvent,
  now: EpochMs,
): { readonly before: OutgoingState; readonly after: OutgoingState } | null {
  const outgoing = findOutgoing(db, id);
  if (outgoing === null) return null;
  const { state: before, accountId, messageId } = outgoing;
  const after = outcomeFor(outgoing, nextOutgoingState(before, event));
  if (after !== before) setOutgoingState(db, id, after, now);
  const isTaken = event.kind === 'takenForSome' || (after === 'accepted' && before !== 'accepted');
  if (isTaken) {
    const route = event.kind === 'foundInSent' ? event.route : outgoing.route;
    if (route === 'continuity') journalSent(db, { accountId, messageId, now });
    noteTaken(db, id, now);
  }
  if (after === 'accepted') {
    const evidence = evidenceOf(event);
    if (evidence !== null && before !== 'accepted') noteEvidence(db, id, evidence);
    if (event.kind === 'foundInSent') setFiled(db, id, now);
  }
  if (after !== before) settleDraft(db, id, outgoing, after, now);
  return { before, after };
}

/** What some have cannot be taken back any more, nor refused as a whole: it is accepted, for them. */
function outcomeFor({ takenAt }: OutgoingRecord, after: OutgoingState): OutgoingState {
  return takenAt !== null && (after === 'discarded' || after === 'rejected') ? 'accepted' : after;
}

function evidenceOf({ kind }: OutgoingEvent): Evidence | null {
  if (kind === 'foundInSent') return 'sent';
  if (kind === 'answered') return 'reply';
  if (kind === 'logged') return 'log';
  return kind === 'bounced' ? 'bounce' : null;
}

function settleDraft(
  db: Database,
  id: OutgoingId,
  { messageId, answers }: OutgoingRecord,
  after: OutgoingState,
  now: EpochMs,
): void {
  const isRefusedForSome =
    after === 'accepted' && recipientOutcomes(db, id).some(({ outcome }) => outcome === 'refused');
  if ((after === 'accepted' && !isRefusedForSome) || after === 'discarded') deleteDraftOf(db, id);
  if (after !== 'discarded') return;
  if (answers !== null) noteFlagChange(db, answers, '\\Answered', false, now);
  const conversationId = conversationOf(db, messageId);
  if (conversationId !== null) refreshConversation(db, conversationId);
}
