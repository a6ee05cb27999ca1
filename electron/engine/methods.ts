import type { ContractMethods } from '../../shared/contract/index.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import type { PlacementKind } from '../../shared/model/conversation.ts';
import type { AccountId, ConversationId } from '../../shared/model/ids.ts';
import type { SignInStatus } from '../../shared/model/sign-in.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { AccountEngine } from './account-engine.ts';
import type { Database } from './cache/database.ts';
import { messageOfAttachment } from './cache/queries/attachment-store.ts';
import {
  accountOfConversation,
  listConversations,
  markSeen,
  openConversation,
  showApart,
} from './cache/queries/conversation-store.ts';
import { accountOfDraft } from './cache/queries/draft-store.ts';
import { ledgerPage, listOutages } from './cache/queries/ledger-store.ts';
import { accountOfMessage } from './cache/queries/meeting-store.ts';
import { accountOfOutgoing } from './cache/queries/outbox-store.ts';
import { addPin, listPins, removePin } from './cache/queries/pin-store.ts';
import { forgetDecisions, listDecisions, mailFolders } from './cache/queries/placement-store.ts';
import { rememberSearch } from './cache/queries/search-store.ts';
import { senderFacts } from './cache/queries/sender-store.ts';
import type { EnrolmentService } from './enrolment/enrolment-service.ts';
import type { LedgerService } from './ledger/ledger-service.ts';
import type { Announce, Clock } from './ports.ts';
import type { ReadinessService } from './readiness/readiness-service.ts';
import { searchMessages, suggestSearches } from './search/search.ts';
import type { Actions } from './sync/operations/actions.ts';

interface MethodPorts {
  readonly db: Database;
  /** Those that run now; more may come while the app runs. */
  readonly engines: ReadonlyMap<AccountId, AccountEngine>;
  readonly enrolment: EnrolmentService;
  readonly readiness: ReadinessService;
  readonly ledger: Pick<LedgerService, 'proof'>;
  readonly clock: Clock;
  readonly announce: Announce;
}

/** Every method of the contract that the engine serves. */
export function createMethods({
  db,
  engines,
  enrolment,
  readiness,
  ledger,
  clock,
  announce,
}: MethodPorts): ContractMethods<'engine'> {
  const each = <T>(ask: (engine: AccountEngine) => T): readonly T[] => [...engines.values()].map(ask);

  /** Runs `ask` on the engine of an account; `notFound` when there is none. */
  const on = <T>(
    accountId: AccountId | null,
    ask: (engine: AccountEngine) => Result<T, AppError> | Promise<Result<T, AppError>>,
  ) => {
    const engine = accountId === null ? undefined : engines.get(accountId);
    return engine === undefined ? err(appError('notFound', 'never')) : ask(engine);
  };

  /** After a flag was changed here: the lists show it, and sync tells the servers. */
  const flagsChanged = (accountId: AccountId | null, isChanged: boolean): Result<null, AppError> => {
    if (isChanged) {
      announce('conversations');
      if (accountId !== null) engines.get(accountId)?.sync.poke();
    }
    return ok(null);
  };

  const act = <T>(
    conversationId: ConversationId,
    ask: (actions: Actions) => Result<T, AppError>,
  ): Result<T, AppError> | Promise<Result<T, AppError>> =>
    on(accountOfConversation(db, conversationId), ({ actions }) => ask(actions));
  const place = (conversationId: ConversationId, kind: PlacementKind, folder: string | null = null) =>
    act(conversationId, (actions) => actions.place(conversationId, kind, folder));

  return {
    'accounts.list': () => ok(each(({ account }) => account)),
    'accounts.syncStatus': () => ok(each(({ sync }) => sync.status())),

    'conversations.list': (query) => ok(listConversations(db, query)),
    'conversations.open': ({ conversationId }) => {
      const accountId = accountOfConversation(db, conversationId);
      if (accountId !== null) engines.get(accountId)?.sync.onDemand.wants(conversationId);
      return openConversation(db, conversationId);
    },
    'conversations.markSeen': ({ conversationId }) =>
      flagsChanged(accountOfConversation(db, conversationId), markSeen(db, conversationId, clock.now())),
    'conversations.setFlagged': ({ conversationId, isFlagged }) =>
      act(conversationId, (actions) => ok(actions.flag(conversationId, isFlagged ? 'flag' : 'unflag'))),
    'conversations.markRead': ({ conversationId }) =>
      act(conversationId, (actions) => ok(actions.flag(conversationId, 'read'))),
    'conversations.markUnread': ({ conversationId }) =>
      act(conversationId, (actions) => ok(actions.flag(conversationId, 'unread'))),
    'conversations.archive': ({ conversationId }) => place(conversationId, 'archive'),
    'conversations.delete': ({ conversationId }) => place(conversationId, 'delete'),
    'conversations.deleteForGood': ({ conversationId }) => place(conversationId, 'destroy'),
    'conversations.junk': ({ conversationId }) => place(conversationId, 'junk'),
    'conversations.notJunk': ({ conversationId }) => place(conversationId, 'notJunk'),
    'conversations.move': ({ conversationId, folder }) => place(conversationId, 'move', folder),
    'conversations.undo': ({ actionId }) => {
      const undone = each(({ actions }) => actions.undo(actionId));
      return undone.find(({ ok: isDone }) => isDone) ?? err(appError('notFound', 'never'));
    },
    'conversations.folders': ({ accountId }) => ok(mailFolders(db, accountId)),
    'conversations.decisions': ({ accountId }) => ok(listDecisions(db, accountId)),
    'conversations.decisionsTold': ({ accountId, upTo }) => {
      forgetDecisions(db, accountId, upTo);
      return ok(null);
    },

    'attachments.fetch': ({ attachmentId }) =>
      on(messageOfAttachment(db, attachmentId)?.accountId ?? null, ({ sync }) =>
        sync.onDemand.attachment(attachmentId),
      ),
    'attachments.progress': () => ok(each(({ sync }) => sync.onDemand.progress()).flat()),

    'calendar.card': ({ messageId }) =>
      on(accountOfMessage(db, messageId), ({ calendar }) => calendar.card(messageId)),
    'calendar.answer': ({ messageId, answer }) =>
      on(accountOfMessage(db, messageId), ({ calendar }) => calendar.answer(messageId, answer)),
    'calendar.agenda': ({ accountId, ...span }) =>
      on(accountId, async ({ calendar }) => ok(await calendar.agenda(span))),

    'pins.list': ({ accountId }) => ok(listPins(db, accountId)),
    'pins.add': ({ accountId, target }) =>
      on(accountId, ({ sync }) => {
        if (!addPin(db, accountId, target)) return err(appError('notFound', 'never'));
        announce('pins');
        announce('conversations');
        sync.poke();
        return ok(null);
      }),
    'pins.remove': ({ accountId, target }) => {
      if (!removePin(db, accountId, target)) return err(appError('notFound', 'never'));
      announce('pins');
      announce('conversations');
      return ok(null);
    },

    'search.query': (query) => ok(searchMessages(db, query, clock.now())),
    'search.suggest': (wanted) => ok(suggestSearches(db, wanted)),
    'search.remember': ({ accountId, text }) => {
      rememberSearch(db, accountId, { text, now: clock.now(), most: 20 });
      return ok(null);
    },

    'drafts.list': ({ accountId }) => on(accountId, ({ drafts }) => ok(drafts.list())),
    'drafts.create': ({ accountId, kind, parentId }) =>
      on(accountId, ({ drafts }) => drafts.begin(kind, parentId)),
    'drafts.elsewhere': ({ accountId }) => on(accountId, ({ draftsElsewhere }) => ok(draftsElsewhere.list())),
    'drafts.continue': ({ accountId, messageId }) =>
      on(accountId, ({ draftsElsewhere }) => draftsElsewhere.continue(messageId)),
    'drafts.save': ({ draftId, ...text }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.save(draftId, text)),
    'drafts.discard': ({ draftId }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.discard(draftId)),
    'drafts.send': ({ draftId, leavesAt }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.send(draftId, leavesAt)),
    'drafts.attach': ({ draftId, ...file }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.attach(draftId, file)),
    'drafts.detach': ({ draftId, attachmentId }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.detach(draftId, attachmentId)),
    'drafts.readAttachment': ({ draftId, attachmentId }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.readAttachment(draftId, attachmentId)),
    'drafts.quotation': ({ draftId }) =>
      on(accountOfDraft(db, draftId), ({ drafts }) => drafts.quotation(draftId)),

    'outbox.list': ({ accountId }) => on(accountId, ({ outbox }) => ok(outbox.list())),
    'outbox.decide': ({ outgoingId, decision }) =>
      on(accountOfOutgoing(db, outgoingId), ({ outbox }) => outbox.decide(outgoingId, decision)),
    'outbox.takeBack': ({ outgoingId }) =>
      on(accountOfOutgoing(db, outgoingId), ({ drafts }) => drafts.takeBack(outgoingId)),

    'addresses.suggest': ({ accountId, text }) =>
      on(accountId, async ({ addresses }) => ok(await addresses.suggest(text))),

    'identities.list': ({ accountId }) => on(accountId, ({ identities }) => ok(identities.list())),
    'identities.setSignature': ({ accountId, address, signature }) =>
      on(accountId, ({ identities }) => identities.setSignature(address, signature)),
    'identities.addAlias': ({ accountId, address, displayName }) =>
      on(accountId, ({ identities }) => identities.addAlias(address, displayName)),
    'identities.removeAlias': ({ accountId, address }) =>
      on(accountId, ({ identities }) => identities.removeAlias(address)),
    'readiness.report': async () => ok(await readiness.report()),
    'readiness.rehearse': ({ accountId }) => readiness.rehearse(accountId),
    'signIn.status': () =>
      ok(
        oncePerPlace(
          each(({ signIns }) => [signIns.exchange.status(), signIns.continuity.status()])
            .flat()
            .map(enrolment.shown),
        ),
      ),
    'signIn.begin': ({ accountId, provider, way }) =>
      on(accountId, ({ signIns }) => signIns[provider].begin(way)),
    'signIn.cancel': ({ accountId, provider }) => on(accountId, ({ signIns }) => signIns[provider].cancel()),
    'signIn.password': ({ accountId, provider, password }) =>
      on(accountId, ({ signIns }) => signIns[provider].password(password)),
    'signIn.enrol': ({ code }) => enrolment.enrol(code),

    'failover.status': () => ok(each(({ failover }) => failover.status())),
    'failover.sendUrgently': ({ outgoingId }) =>
      on(accountOfOutgoing(db, outgoingId), (engine) => engine.sendUrgently(outgoingId)),
    'failover.choose': ({ accountId, route }) => on(accountId, ({ failover }) => failover.choose(route)),

    'ledger.outages': ({ accountId }) => ok(listOutages(db, accountId)),
    'ledger.entries': (query) => ok(ledgerPage(db, query)),
    'ledger.proof': async ({ accountId }) => ok(await ledger.proof(accountId)),

    'messages.sender': ({ messageId }) => {
      const facts = senderFacts(db, messageId);
      return facts === null ? err(appError('notFound', 'never')) : ok(facts);
    },
    'messages.showApart': ({ messageId, isApart }) => {
      if (!showApart(db, messageId, isApart)) return err(appError('notFound', 'never'));
      announce('conversations');
      return ok(null);
    },
  };
}

/** A shared mailbox has no sign-in of its own where another account's opens it. */
function oncePerPlace(all: readonly SignInStatus[]): readonly SignInStatus[] {
  return [...new Map(all.map((one) => [`${one.accountId} ${one.provider}`, one])).values()];
}
