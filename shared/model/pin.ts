import type { ConversationId } from './ids.ts';

/** What a person may keep whole on this computer, however old it gets. */
export type PinTarget =
  | { readonly kind: 'conversation'; readonly conversationId: ConversationId }
  /** Its full name, as Exchange has it. */
  | { readonly kind: 'folder'; readonly path: string }
  /** All mail from and to the address, with the conversations it belongs to. */
  | { readonly kind: 'correspondent'; readonly address: string };

export interface Pin {
  readonly target: PinTarget;
  /** A topic, which may be empty, a folder's full name, or an address. */
  readonly name: string;
}
