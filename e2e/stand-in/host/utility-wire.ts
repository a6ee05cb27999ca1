import type { PortFrame } from './message-ports.ts';

interface Message {
  readonly kind: 'message';
  readonly data: unknown;
  /** Numbers of the ports that come along. */
  readonly ports: readonly number[];
}

/** What main and a utility process say to each other. */
export type ToUtility = Message | PortFrame;
export type FromUtility = Omit<Message, 'ports'> | PortFrame;
