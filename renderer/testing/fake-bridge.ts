import type { BridgeEvent, Topic } from '../../shared/contract/events.ts';
import type { BridgeApi } from '../../shared/contract/index.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import type { LedgerEntry, LedgerFilter, LedgerPage } from '../../shared/model/ledger.ts';
import type { Draft } from '../../shared/model/outgoing.ts';
import type { Pin } from '../../shared/model/pin.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { settingsBridge } from './fake-settings.ts';
import { type Scene, scenes } from './scenes.ts';

/** What the window asked for, in order, for tests to look at. */
export interface Asked {
  readonly method: string;
  readonly input: unknown;
}

declare global {
  interface Window {
    readonly asked: Asked[];
    /** Pushes an event as main would. */
    readonly push: (event: BridgeEvent) => void;
  }
}

/** Takes the place of the preload in a page without Electron: answers from a scene, named by the page's hash. */
export function installFakeBridge(name: string): void {
  const scene = scenes(Date.now())[name];
  if (scene === undefined) throw new Error(`no scene ${name}`);
  const asked: Asked[] = [];
  const listeners = new Set<(event: BridgeEvent) => void>();
  const push = (event: BridgeEvent) => {
    for (const listener of listeners) listener(event);
  };
  Object.assign(window, { asked, push, relevo: bridgeOf(scene, asked, listeners, push) });
}

function ledgerPage(
  entries: readonly LedgerEntry[],
  query: {
    readonly filter: LedgerFilter;
    readonly counterpart: string;
    readonly offset: number;
    readonly limit: number;
  },
): LedgerPage {
  const found = entries.filter(({ counterpart }) => counterpart.includes(query.counterpart.toLowerCase()));
  const of: Readonly<Record<LedgerFilter, readonly LedgerEntry[]>> = {
    all: found.filter(({ change }) => change === null),
    exceptions: found.filter(({ outcome }) => outcome === 'pending' || outcome === 'failed'),
    received: found.filter(({ direction, change }) => direction === 'received' && change === null),
    sent: found.filter(({ direction, change }) => direction === 'sent' && change === null),
    changed: found.filter(({ change }) => change !== null),
  };
  return {
    items: of[query.filter].slice(query.offset, query.offset + query.limit),
    totals: {
      all: of.all.length,
      exceptions: of.exceptions.length,
      received: of.received.length,
      sent: of.sent.length,
      changed: of.changed.length,
    },
  };
}

const done = { actionId: '33333333-3333-4333-8333-333333333333' };

function bridgeOf(
  scene: Scene,
  asked: Asked[],
  listeners: Set<(event: BridgeEvent) => void>,
  push: (event: BridgeEvent) => void,
): BridgeApi {
  let drafts: readonly Draft[] = scene.drafts;
  let pins: readonly Pin[] = scene.pins;
  let preferences = scene.preferences;
  const never = new Promise<never>(() => undefined);
  const answer = <T>(method: string, input: unknown, make: () => T): Promise<Result<T, AppError>> => {
    asked.push({ method, input });
    if (scene.silent.includes(method)) return never;
    const error = scene.errors[method];
    return Promise.resolve(error === undefined ? ok(make()) : err(appError(error, 'later')));
  };
  const changed = (topic: Topic) => push({ kind: 'changed', topic, revision: asked.length });
  return {
    ...settingsBridge(scene, answer, changed),
    accounts: {
      list: (input) => answer('accounts.list', input, () => scene.status.accounts),
      syncStatus: (input) => answer('accounts.syncStatus', input, () => scene.sync),
    },
    attachments: {
      fetch: (input) => answer('attachments.fetch', input, () => null),
      progress: (input) => answer('attachments.progress', input, () => scene.fetching),
    },
    pins: {
      list: (input) => answer('pins.list', input, () => pins),
      add: async (input) => {
        const { target } = input;
        const name =
          target.kind === 'folder' ? target.path : target.kind === 'correspondent' ? target.address : '';
        const added = await answer('pins.add', input, () => null);
        if (added.ok) pins = [...pins, { target, name }];
        changed('pins');
        return added;
      },
      remove: async (input) => {
        const removed = await answer('pins.remove', input, () => null);
        const gone = JSON.stringify(input.target);
        if (removed.ok) pins = pins.filter(({ target }) => JSON.stringify(target) !== gone);
        changed('pins');
        return removed;
      },
    },
    calendar: {
      card: (input) => answer('calendar.card', input, () => scene.meetings[input.messageId] ?? null),
      answer: (input) =>
        answer('calendar.answer', input, () => ({ outgoingId: scene.outgoingId, heldUntil: null })),
      agenda: (input) => answer('calendar.agenda', input, () => scene.agenda),
    },
    conversations: {
      list: (input) =>
        answer('conversations.list', input, () => {
          const items = scene.conversations.map(({ summary }) => summary);
          return { items: items.slice(input.offset, input.offset + input.limit), total: items.length };
        }),
      open: async (input) => {
        const found = scene.conversations.find(({ summary }) => summary.id === input.conversationId);
        if (found === undefined) return err(appError('notFound', 'never'));
        return answer('conversations.open', input, () => found);
      },
      markSeen: (input) => answer('conversations.markSeen', input, () => null),
      setFlagged: (input) => answer('conversations.setFlagged', input, () => done),
      markRead: (input) => answer('conversations.markRead', input, () => done),
      markUnread: (input) => answer('conversations.markUnread', input, () => done),
      archive: (input) => answer('conversations.archive', input, () => done),
      delete: (input) => answer('conversations.delete', input, () => done),
      deleteForGood: (input) => answer('conversations.deleteForGood', input, () => done),
      junk: (input) => answer('conversations.junk', input, () => done),
      notJunk: (input) => answer('conversations.notJunk', input, () => done),
      move: (input) => answer('conversations.move', input, () => done),
      undo: (input) => answer('conversations.undo', input, () => null),
      folders: (input) => answer('conversations.folders', input, () => scene.folders),
      decisions: (input) => answer('conversations.decisions', input, () => scene.decisions),
      decisionsTold: (input) => answer('conversations.decisionsTold', input, () => null),
      saveAttachment: (input) => answer('conversations.saveAttachment', input, () => ({ isSaved: true })),
    },
    addresses: {
      suggest: (input) =>
        answer('addresses.suggest', input, () =>
          input.text === ''
            ? []
            : ['Bob Fuchs', 'Bea Fuchs'].map((name) => ({
                name,
                address: `${name.replace(' ', '.').toLowerCase()}@x.example`,
              })),
        ),
    },
    drafts: {
      list: (input) => answer('drafts.list', input, () => drafts),
      elsewhere: (input) => answer('drafts.elsewhere', input, () => []),
      continue: async (input) =>
        answer('drafts.continue', input, () => scene.newDraft('new', input.messageId)),
      create: async (input) => {
        const created = await answer('drafts.create', input, () =>
          scene.newDraft(
            input.kind === 'resend' ? 'new' : input.kind === 'forwardAttached' ? 'forward' : input.kind,
            input.parentId,
          ),
        );
        if (created.ok) {
          drafts = [...drafts, created.value];
          changed('drafts');
        }
        return created;
      },
      save: async (input) => {
        const found = drafts.find(({ id }) => id === input.draftId);
        if (found === undefined) return err(appError('notFound', 'never'));
        const { draftId, quotedHtml, html = null, ...text } = input;
        const quotesHtml = quotedHtml === undefined ? found.quotesHtml : quotedHtml !== null;
        const saved = { ...found, ...text, html, quotesHtml, updatedAt: Date.now() };
        const answered = await answer('drafts.save', input, () => saved);
        if (answered.ok) {
          drafts = drafts.map((draft) => (draft.id === draftId ? saved : draft));
          changed('drafts');
        }
        return answered;
      },
      discard: async (input) => {
        const answered = await answer('drafts.discard', input, () => null);
        drafts = drafts.filter(({ id }) => id !== input.draftId);
        changed('drafts');
        return answered;
      },
      attach: async (input) => {
        const found = drafts.find(({ id }) => id === input.draftId);
        if (found === undefined) return err(appError('notFound', 'never'));
        const { fileName, contentType, content, contentId = null } = input;
        const id = crypto.randomUUID() as Draft['attachments'][number]['id'];
        const file = { id, fileName, contentType, size: content.length, contentId };
        return answer('drafts.attach', input, () => ({
          ...found,
          attachments: [...found.attachments, file],
        }));
      },
      detach: async (input) => {
        const found = drafts.find(({ id }) => id === input.draftId);
        if (found === undefined) return err(appError('notFound', 'never'));
        return answer('drafts.detach', input, () => ({ ...found, attachments: [] }));
      },
      readAttachment: (input) =>
        answer('drafts.readAttachment', input, () => ({
          contentType: 'image/png',
          content: new Uint8Array(),
        })),
      quotation: (input) =>
        answer(
          'drafts.quotation',
          input,
          () =>
            '<p>Monday, Bob:</p><blockquote><script>alert(1)</script><p onclick="alert(2)">Clause <b>4</b>.</p><img src="https://track.example/1.png" alt="Logo"></blockquote>',
        ),
      send: async (input) => {
        const answered = await answer('drafts.send', input, () => ({
          outgoingId: scene.outbox[0]?.id ?? scene.outgoingId,
          heldUntil: null,
        }));
        if (answered.ok) {
          drafts = drafts.filter(({ id }) => id !== input.draftId);
          changed('drafts');
        }
        return answered;
      },
    },
    failover: {
      status: (input) => answer('failover.status', input, () => scene.failover),
      sendUrgently: (input) => answer('failover.sendUrgently', input, () => null),
      choose: (input) => answer('failover.choose', input, () => null),
    },
    ledger: {
      outages: (input) => answer('ledger.outages', input, () => scene.outages),
      entries: (input) => answer('ledger.entries', input, () => ledgerPage(scene.entries, input)),
      proof: (input) => answer('ledger.proof', input, () => scene.proof),
      export: (input) => answer('ledger.export', input, () => ({ isSaved: true })),
    },
    messages: {
      export: (input) => answer('messages.export', input, () => ({ isSaved: true })),
      sender: (input) => answer('messages.sender', input, () => scene.sender),
      source: (input) =>
        answer('messages.source', input, () => ({
          text: 'From: María José <mj@puertosur.example>\r\nSubject: Clause 4\r\n\r\nClause 4 has changed.',
          isWhole: true,
        })),
      showApart: (input) => answer('messages.showApart', input, () => null),
    },
    outbox: {
      list: (input) => answer('outbox.list', input, () => scene.outbox),
      decide: (input) => answer('outbox.decide', input, () => null),
      takeBack: (input) => answer('outbox.takeBack', input, () => scene.newDraft('new', null)),
    },
    preferences: {
      read: (input) => answer('preferences.read', input, () => ({ preferences, accent: scene.accent })),
      keep: async (input) => {
        const kept = await answer('preferences.keep', input, () => null);
        preferences = input;
        return kept;
      },
    },
    search: {
      query: (input) =>
        answer('search.query', input, () => ({
          hits: scene.conversations
            .flatMap(({ summary, messages }) => messages.map((message) => ({ summary, message })))
            .filter(({ message }) =>
              `${message.subject} ${message.text}`.toLowerCase().includes(input.text.toLowerCase()),
            )
            .map(({ summary, message }) => ({
              conversation: summary,
              messageId: message.id,
              excerpt: message.text.slice(0, 160).replace(/\s+/g, ' '),
            })),
          count: scene.conversations.length,
          isAtLeast: false,
          words: [input.text.toLowerCase()],
          literal: [],
          isStillIndexing: false,
          coveredSince: scene.coveredSince,
        })),
      suggest: (input) =>
        answer('search.suggest', input, () => ({
          searches: input.of === 'recent' ? ['subject:brochure'] : [],
          people:
            input.of === 'people' ? scene.conversations.flatMap(({ summary }) => summary.participants) : [],
          folders: input.of === 'folders' ? ['INBOX', 'Archive'] : [],
        })),
      remember: (input) => answer('search.remember', input, () => null),
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
