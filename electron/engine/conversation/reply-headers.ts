import { createHash } from 'node:crypto';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { Random } from '../ports.ts';
import { topicOf } from './subject.ts';
import { childThreadIndex, isThreadIndex, newThreadIndex } from './thread-index.ts';

/** The four headers that keep a message in its conversation, here, in Outlook and everywhere else. */
export interface ThreadHeaders {
  readonly inReplyTo: InternetMessageId | null;
  readonly references: readonly InternetMessageId[];
  readonly threadIndex: Uint8Array;
  readonly threadTopic: string;
}

/** What a reply needs to know of the message it answers. */
export interface ThreadParent {
  readonly internetMessageId: InternetMessageId;
  readonly references: readonly InternetMessageId[];
  readonly threadIndex: Uint8Array | null;
  readonly threadTopic: string | null;
  readonly subject: string;
  readonly sentAt: EpochMs;
}

/** So that a References header stays below what servers accept, the root and the newest ids are kept. */
const maximumReferences = 100;

export function newThread(subject: string, now: EpochMs, random: Random): ThreadHeaders {
  return {
    inReplyTo: null,
    references: [],
    threadIndex: newThreadIndex(now, random.bytes(16)),
    threadTopic: topicOf(subject),
  };
}

/**
 * RFC 5322 section 3.6.4: the parent's References and its Message-ID. Thread-Index is the parent's with one block
 * more, Thread-Topic the parent's as it stands. A parent from outside Exchange has neither: its index is made from the
 * first message of the chain, so that everybody here who answers somewhere in that conversation gives it the same GUID.
 */
export function replyThread(parent: ThreadParent, now: EpochMs, random: Random): ThreadHeaders {
  const chain = [
    ...parent.references.filter((id) => id !== parent.internetMessageId),
    parent.internetMessageId,
  ];
  const references =
    chain.length <= maximumReferences ? chain : [...chain.slice(0, 1), ...chain.slice(1 - maximumReferences)];
  const base =
    parent.threadIndex !== null && isThreadIndex(parent.threadIndex)
      ? parent.threadIndex
      : newThreadIndex(Math.min(parent.sentAt, now), guidOf(chain[0] ?? parent.internetMessageId));
  return {
    inReplyTo: parent.internetMessageId,
    references,
    threadIndex: childThreadIndex(base, now, random),
    threadTopic: parent.threadTopic ?? topicOf(parent.subject),
  };
}

function guidOf(id: InternetMessageId): Uint8Array {
  return new Uint8Array(createHash('sha256').update(id).digest().subarray(0, 16));
}
