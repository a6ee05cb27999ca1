import type { Line } from './wire.ts';

/** What a client asked for. */
export interface Command {
  readonly tag: string;
  /** Upper case; of "UID FETCH" the second word. */
  readonly name: string;
  readonly isUid: boolean;
  readonly line: Line;
}

/** What a quirk may do on a connection, and what it may remember of it. */
export interface Conversation {
  /** Commands of the client so far, this one included. */
  readonly commands: number;
  /** The folder that is open, as the client named it; null: none. */
  readonly folder: string | null;
  /** The newest command that has no answer yet; null: none. */
  readonly pending: Command | null;
  /** Of one quirk, for this connection. */
  readonly memory: Map<string, number>;
  say(text: string): void;
  /** Ends the connection once what was said has got through. */
  hangUp(): void;
  /** Is called when the connection has ended, on either side. */
  onEnd(ended: () => void): void;
}

/**
 * One way in which Exchange differs from the RFC or from Dovecot.
 * `command` may answer in the server's place (yields 'answered'), or change what the server is asked.
 * `response` may change a line of the server, or hold it back (yields null). Both leave alone what does not concern them.
 */
export interface Quirk {
  readonly name: string;
  /** Where it was seen, or where it is documented. */
  readonly source: string;
  command?(command: Command, conversation: Conversation): Line | 'answered';
  response?(response: Line, conversation: Conversation): Line | null;
}

/** Counts something for this connection; the first is 1. */
export function count({ memory }: Conversation, what: string): number {
  const next = (memory.get(what) ?? 0) + 1;
  memory.set(what, next);
  return next;
}

/** Answers in the server's place. */
export const answer = ({ tag }: Command, conversation: Conversation, text: string): 'answered' => {
  conversation.say(`${tag} ${text}`);
  return 'answered';
};
