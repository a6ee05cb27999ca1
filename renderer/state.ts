import type { MailboxView } from '../shared/model/conversation.ts';
import type { ConversationId, DraftId } from '../shared/model/ids.ts';

export type View = MailboxView | 'drafts' | 'outbox' | 'ledger';

/** What the person looks at. Nothing of it is mail; losing it costs a click. */
export interface WindowState {
  readonly view: View;
  readonly searchText: string;
  readonly conversationId: ConversationId | null;
  /** The draft being written; null: nothing is. */
  readonly draftId: DraftId | null;
}

export const isMailbox = (view: View): view is MailboxView =>
  view !== 'drafts' && view !== 'outbox' && view !== 'ledger';

export type WindowAction =
  | { readonly kind: 'viewed'; readonly view: View }
  | { readonly kind: 'searched'; readonly text: string }
  | { readonly kind: 'opened'; readonly conversationId: ConversationId }
  | {
      readonly kind: 'beganWriting';
      readonly draftId: DraftId;
      readonly conversationId: ConversationId | null;
    }
  | { readonly kind: 'endedWriting' };

export const initialState: WindowState = {
  view: 'inbox',
  searchText: '',
  conversationId: null,
  draftId: null,
};

export function reduce(state: WindowState, action: WindowAction): WindowState {
  switch (action.kind) {
    case 'viewed':
      return { view: action.view, searchText: '', conversationId: null, draftId: null };
    case 'searched':
      return { ...state, searchText: action.text };
    case 'opened':
      return action.conversationId === state.conversationId
        ? state
        : { ...state, conversationId: action.conversationId, draftId: null };
    case 'beganWriting':
      return {
        ...state,
        view: isMailbox(state.view) ? state.view : 'all',
        draftId: action.draftId,
        conversationId: action.conversationId,
      };
    case 'endedWriting':
      return { ...state, draftId: null };
  }
}
