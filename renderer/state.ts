import type { MailboxView } from '../shared/model/conversation.ts';
import type { ConversationId, MessageId } from '../shared/model/ids.ts';
import type { Draft } from '../shared/model/outgoing.ts';

export const views = [
  'inbox',
  'sent',
  'all',
  'putAway',
  'drafts',
  'agenda',
  'outbox',
  'ledger',
  'settings',
] as const;
export type View = (typeof views)[number];

export const settingsSections = ['mailboxes', 'senders', 'readiness', 'keys', 'policy'] as const;
export type SettingsSection = (typeof settingsSections)[number];

export interface Writing {
  /** As it stood when the composer opened; what has been typed since is the composer's. */
  readonly draft: Draft;
  /** Made by the click that opened the composer: left untouched, it leaves nothing behind. */
  readonly isFresh: boolean;
}

/** What the person looks at. Nothing of it is mail; losing it costs a click. */
export interface WindowState {
  readonly view: View;
  /** The full name of a folder of Exchange, shown in place of the view. */
  readonly folder: string | null;
  readonly section: SettingsSection;
  readonly searchText: string;
  readonly conversationId: ConversationId | null;
  /** The message of it that a search led to; null: the newest. */
  readonly messageId: MessageId | null;
  readonly writing: Writing | null;
}

export type WindowAction =
  | { readonly kind: 'viewed'; readonly view: View }
  | { readonly kind: 'viewedFolder'; readonly folder: string }
  | { readonly kind: 'openedSettings'; readonly section: SettingsSection }
  | { readonly kind: 'searched'; readonly text: string }
  | {
      readonly kind: 'opened';
      readonly conversationId: ConversationId;
      readonly messageId: MessageId | null;
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'beganWriting'; readonly writing: Writing }
  | { readonly kind: 'endedWriting' };

export const initialState: WindowState = {
  view: 'inbox',
  folder: null,
  section: 'mailboxes',
  searchText: '',
  conversationId: null,
  messageId: null,
  writing: null,
};

export function reduce(state: WindowState, action: WindowAction): WindowState {
  switch (action.kind) {
    case 'viewed':
      return { ...initialState, view: action.view };
    case 'viewedFolder':
      return { ...initialState, view: 'all', folder: action.folder };
    case 'openedSettings':
      return { ...initialState, view: 'settings', section: action.section };
    case 'searched':
      // Drafts, outbox, ledger and settings are not searched: looking for something leads to the mail.
      return { ...state, view: mailboxOf(state.view), searchText: action.text };
    case 'opened':
      return {
        ...state,
        view: mailboxOf(state.view),
        conversationId: action.conversationId,
        messageId: action.messageId,
        writing: action.conversationId === state.conversationId ? state.writing : null,
      };
    case 'closed':
      return { ...state, conversationId: null, messageId: null, writing: null };
    case 'beganWriting':
      return {
        ...state,
        view: mailboxOf(state.view),
        conversationId: action.writing.draft.conversationId,
        messageId: null,
        writing: action.writing,
      };
    case 'endedWriting':
      return { ...state, writing: null };
  }
}

/** The list that stands beside what is read or written. */
export function mailboxOf(view: View): MailboxView {
  return view === 'inbox' || view === 'sent' || view === 'putAway' ? view : 'all';
}
