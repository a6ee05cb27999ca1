import { describe, expect, it } from 'vitest';
import type { ConversationId, DraftId, MessageId } from '../shared/model/ids.ts';
import type { Draft } from '../shared/model/outgoing.ts';
import { initialState, reduce, type WindowState } from './state.ts';

const [one, two] = [1 as ConversationId, 2 as ConversationId];
const draft = { id: 'd' as DraftId, conversationId: one } as Draft;
const writing = { draft, isFresh: true };
const reading: WindowState = { ...initialState, conversationId: one, messageId: 5 as MessageId };

describe('reduce', () => {
  it('keeps the composer when its own conversation is opened once more', () => {
    const state = reduce({ ...reading, writing }, { kind: 'opened', conversationId: one, messageId: null });
    expect(state).toEqual({ ...reading, messageId: null, writing });
  });

  it('closes the composer when another conversation is opened', () => {
    const state = reduce({ ...reading, writing }, { kind: 'opened', conversationId: two, messageId: null });
    expect(state.writing).toBeNull();
  });

  it('shows the conversation that is answered beside the composer, and none for a new message', () => {
    expect(reduce(initialState, { kind: 'beganWriting', writing }).conversationId).toBe(one);
    const fresh = { draft: { ...draft, conversationId: null }, isFresh: true };
    expect(reduce(reading, { kind: 'beganWriting', writing: fresh }).conversationId).toBeNull();
  });

  it.each(['drafts', 'outbox', 'ledger'] as const)('leaves %s for the mail to search', (view) => {
    expect(reduce({ ...initialState, view }, { kind: 'searched', text: 'x' })).toEqual({
      ...initialState,
      view: 'all',
      searchText: 'x',
    });
  });

  it('starts a view afresh', () => {
    const state = reduce({ ...reading, searchText: 'x', writing }, { kind: 'viewed', view: 'sent' });
    expect(state).toEqual({ ...initialState, view: 'sent' });
  });
});
