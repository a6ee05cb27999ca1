import {
  type QueryClient,
  type UseQueryResult,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import type { ConversationPage } from '../../shared/contract/conversations.ts';
import type { Topic } from '../../shared/contract/events.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { InputOf } from '../../shared/contract/method.ts';
import type { AppError } from '../../shared/errors.ts';
import type { AccountId, ConversationId, EpochMs, MessageId, OutageId } from '../../shared/model/ids.ts';
import type { LedgerFilter, LedgerPage } from '../../shared/model/ledger.ts';
import type { Readiness } from '../../shared/model/readiness.ts';
import type { Result } from '../../shared/result.ts';
import { relevo } from './relevo.ts';

/** Every query key begins with the topic that makes it stale. */
export function followChanges(queries: QueryClient): void {
  relevo.subscribe((event) => {
    if (event.kind === 'changed') void queries.invalidateQueries({ queryKey: [event.topic] });
  });
}

/** How many conversations are asked for at once. */
export const pageSize = 200;

/** The bridge never rejects; react-query wants errors thrown. */
export async function unwrap<T>(answer: Promise<Result<T, AppError>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw result.error;
  return result.value;
}

export function useTopic<T>(
  topic: Topic,
  key: readonly unknown[],
  ask: () => Promise<Result<T, AppError>>,
  isEnabled = true,
): UseQueryResult<T, AppError> {
  return useQuery<T, AppError>({
    queryKey: [topic, ...key],
    queryFn: () => unwrap(ask()),
    enabled: isEnabled,
    placeholderData: (previous) => previous,
  });
}

export const useAppStatus = () => useTopic('app', ['status'], () => relevo.app.status({}));

export const useFailover = () => useTopic('failover', ['status'], () => relevo.failover.status({}));

export const useSyncStatus = () => useTopic('sync', ['status'], () => relevo.accounts.syncStatus({}));

/** A list of conversations that is asked for page by page. */
export type ConversationPages = Omit<InputOf<Contract['conversations']['list']>, 'offset' | 'limit'>;

export const conversationPage = (listed: ConversationPages, page: number) => ({
  queryKey: ['conversations' satisfies Topic, 'list', listed, page],
  queryFn: () => unwrap(relevo.conversations.list({ ...listed, offset: page * pageSize, limit: pageSize })),
});

/** The newest conversations of a list, and how many there are in all. */
export const useNewestConversations = (listed: ConversationPages) =>
  useQuery<ConversationPage, AppError>(conversationPage(listed, 0));

/** Those of the wanted pages that are there, by number. `listed` is the same object while it is the same list. */
export function useConversationPages(
  listed: ConversationPages,
  pages: readonly number[],
): ReadonlyMap<number, ConversationPage> {
  return useQueries({
    queries: pages.map((page) => conversationPage(listed, page)),
    combine: useCallback(
      (answers: readonly UseQueryResult<ConversationPage>[]) => byNumber(pages, answers),
      [pages],
    ),
  });
}

const byNumber = <T>(
  pages: readonly number[],
  answers: readonly UseQueryResult<T>[],
): ReadonlyMap<number, T> =>
  new Map(
    pages.flatMap((page, index): (readonly [number, T])[] => {
      const data = answers[index]?.data;
      return data === undefined ? [] : [[page, data]];
    }),
  );

export function useConversation(conversationId: ConversationId | null) {
  return useQuery({
    queryKey: ['conversations' satisfies Topic, 'open', conversationId],
    queryFn: () => unwrap(relevo.conversations.open({ conversationId: conversationId as ConversationId })),
    enabled: conversationId !== null,
  });
}

export const useFetchProgress = () =>
  useTopic('attachments', ['progress'], () => relevo.attachments.progress({}));

export const usePins = (accountId: AccountId) =>
  useTopic('pins', ['list', accountId], () => relevo.pins.list({ accountId }));

export const useFolders = (accountId: AccountId) =>
  useTopic('conversations', ['folders', accountId], () => relevo.conversations.folders({ accountId }));

export const useDecisions = (accountId: AccountId) =>
  useTopic('conversations', ['decisions', accountId], () => relevo.conversations.decisions({ accountId }));

export const useSearch = (accountId: AccountId, text: string) =>
  useTopic(
    'conversations',
    ['search', accountId, text],
    () => relevo.search.query({ accountId, text, limit: 100 }),
    text !== '',
  );

/** `of` null: nothing is asked for. */
export const useSearchSuggestions = (
  accountId: AccountId,
  wanted: {
    readonly of: 'recent' | 'people' | 'folders' | null;
    readonly text: string;
    readonly remembered: number;
  },
) =>
  useTopic(
    'conversations',
    ['suggest', accountId, wanted],
    () => relevo.search.suggest({ accountId, of: wanted.of ?? 'recent', text: wanted.text }),
    wanted.of !== null,
  );

export const useDrafts = (accountId: AccountId) =>
  useTopic('drafts', ['list', accountId], () => relevo.drafts.list({ accountId }));

export const useDraftsElsewhere = (accountId: AccountId) =>
  useTopic('conversations', ['draftsElsewhere', accountId], () => relevo.drafts.elsewhere({ accountId }));

/** Null: its calendar part is not here, or cannot be read. What it means depends on all other mails. */
export const useMeeting = (messageId: MessageId) =>
  useTopic('conversations', ['meeting', messageId], () => relevo.calendar.card({ messageId }));

export const useAgenda = (accountId: AccountId, from: EpochMs, until: EpochMs) =>
  useTopic('conversations', ['agenda', accountId, from, until], () =>
    relevo.calendar.agenda({ accountId, from, until }),
  );

export const useOutbox = (accountId: AccountId) =>
  useTopic('outbox', ['list', accountId], () => relevo.outbox.list({ accountId }));

export const useOutages = (accountId: AccountId) =>
  useTopic('ledger', ['outages', accountId], () => relevo.ledger.outages({ accountId }));

export interface LedgerQuestion {
  readonly outageId: OutageId;
  readonly filter: LedgerFilter;
  readonly counterpart: string;
}

const ledgerPage = (question: LedgerQuestion, page: number) => ({
  queryKey: ['ledger' satisfies Topic, 'entries', question, page],
  queryFn: () => unwrap(relevo.ledger.entries({ ...question, offset: page * pageSize, limit: pageSize })),
});

/** The first entries of an outage, and how many there are. */
export const useLedgerStart = (question: LedgerQuestion) =>
  useQuery<LedgerPage, AppError>({
    ...ledgerPage(question, 0),
    placeholderData: (previous) => previous,
  });

/** Those of the wanted pages that are there, by number. */
export function useLedgerPages(
  question: LedgerQuestion,
  pages: readonly number[],
): ReadonlyMap<number, LedgerPage> {
  return useQueries({
    queries: pages.map((page) => ledgerPage(question, page)),
    combine: useCallback(
      (answers: readonly UseQueryResult<LedgerPage>[]) => byNumber(pages, answers),
      [pages],
    ),
  });
}

export const useLedgerProof = (accountId: AccountId) =>
  useTopic('ledger', ['proof', accountId], () => relevo.ledger.proof({ accountId }));

export const useSignIn = () => useTopic('signIn', ['status'], () => relevo.signIn.status({}));

export const useIdentities = (accountId: AccountId) =>
  useTopic('identities', ['list', accountId], () => relevo.identities.list({ accountId }));

const readinessReport = ['readiness' satisfies Topic, 'report'] as const;

export const useReadiness = () => useTopic('readiness', ['report'], () => relevo.readiness.report({}));

/** Rehearses an outage for an account; the report that comes of it takes the place of the earlier one. */
export function useRehearsal() {
  const queries = useQueryClient();
  return async (accountId: AccountId) => {
    const answer = await relevo.readiness.rehearse({ accountId });
    if (answer.ok)
      queries.setQueryData<readonly Readiness[]>(readinessReport, (reports) =>
        reports?.map((report) => (report.accountId === accountId ? answer.value : report)),
      );
    return answer;
  };
}

export const useKeyProtection = () => useTopic('keyStore', ['status'], () => relevo.keyStore.status({}));

export const useOnlyHere = () => useTopic('keyStore', ['onlyHere'], () => relevo.keyStore.onlyHere({}));

export const useEffectivePolicy = () => useTopic('policy', ['effective'], () => relevo.policy.effective({}));
