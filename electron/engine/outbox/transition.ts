import type { EpochMs, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import type { Database } from '../cache/database.ts';
import { journalSent } from '../cache/queries/journal-store.ts';
import { findOutgoing, setFiled, setOutgoingState } from '../cache/queries/outbox-store.ts';
import { nextOutgoingState, type OutgoingEvent } from './core/outgoing-machine.ts';

/**
 * Carries an event of an outgoing message into the database, with all that it entails: what continuity took is
 * journaled with the very transition that says so. To be called in a transaction. Yields the state before and after;
 * null when there is no such message.
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
  const after = nextOutgoingState(before, event);
  if (after !== before) setOutgoingState(db, id, after);
  if (after === 'accepted') {
    const route = event.kind === 'foundInSent' ? event.route : outgoing.route;
    if (before !== 'accepted' && route === 'continuity') journalSent(db, { accountId, messageId, now });
    if (event.kind === 'foundInSent') setFiled(db, id, now);
  }
  return { before, after };
}
