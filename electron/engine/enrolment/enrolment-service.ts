import { type AppError, appError } from '../../../shared/errors.ts';
import type { IdentityEntry } from '../../../shared/model/identity.ts';
import type { AccountId, EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { DeliveryReport } from '../../../shared/model/outgoing.ts';
import type { DrillOutcome } from '../../../shared/model/readiness.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';
import type { EnrolmentProvider } from '../../../shared/policy/enrolment-provider.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { upsertAccount } from '../cache/accounts.ts';
import type { Database } from '../cache/database.ts';
import {
  type Enrolment,
  findEnrolment,
  listEnrolments,
  noteChecked,
  noteRevoked,
  noteRotated,
  saveEnrolment,
} from '../cache/queries/enrolment-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { CredentialSource } from '../mail/types.ts';
import type { Fetch } from '../net/https-fetch.ts';
import type { Announce, Clock, Logger, Random, Secrets } from '../ports.ts';
import { createWorker } from '../worker.ts';
import type { EnrolledAccount } from './core/accounts.ts';
import { readTicket } from './core/ticket.ts';
import { createPendingEnrolments } from './pending.ts';
import {
  createProviderClient,
  type DeliveriesAnswer,
  type DeviceCredential,
  type EnrolmentAnswer,
  type IdentitiesAnswer,
  type ProviderClient,
  type Redemption,
} from './provider-client.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What was begun, or could not be asked, is tried again after pauses that double up to this. */
const longestPauseMs = hourMs;
const firstPauseMs = 10_000;
/** After a refused sign-in the provider is asked about this device, once in this time. */
const askAboutRefusalMs = 5 * 60_000;

export interface EnrolmentSetup {
  readonly db: Database;
  /** The provider that the policy names; null: a link has to. */
  readonly provider: EnrolmentProvider | null;
  /** The policy's accounts need no Exchange settings of the provider. */
  readonly isInPolicy: (address: string) => boolean;
  /** For whoever may have to shut it out. */
  readonly device: Redemption['device'];
  /** HTTPS as the emergency route goes. */
  readonly fetch: Fetch;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
  /** An account was enrolled, shut out, or let in again: run it afresh, by its present settings. */
  readonly runAgain: (accountId: AccountId) => Promise<void>;
  /** Hears as whom the person may write, as the provider's directory has it. */
  readonly identities: (accountId: AccountId, entries: readonly IdentityEntry[]) => void;
}

export interface EnrolmentService {
  /** Takes up what was begun or brought, and asks the provider about this device once a day. */
  start(): void;
  stop(): Promise<void>;
  /** See `signIn.enrol` of the contract. The secret is sealed here before the code counts as used. */
  enrol(text: string): Promise<Result<{ readonly address: string }, AppError>>;
  /** Whose mailboxes the enrolments opened. */
  accounts(): readonly EnrolledAccount[];
  /** `auth.deviceRevoked` once the provider has shut this device out; null otherwise, and for accounts not enrolled. */
  refusalOf(accountId: AccountId): AppError | null;
  /**
   * The same credentials, but none for a device that was shut out. When continuity has refused them, it finds out whether
   * that is why.
   */
  guard(accountId: AccountId, source: CredentialSource): CredentialSource;
  /** How continuity's sign-in is shown where it is an enrolment; any other stays as it is. */
  shown(status: SignInStatus): SignInStatus;
  /** Asks whether the credential is good, and replaces it when the provider wants that. */
  check(accountId: AccountId): Promise<Result<null, AppError>>;
  /** Replaces the credential now. The old one stays good until the new one was used, which happens at once. */
  rotate(accountId: AccountId): Promise<Result<null, AppError>>;
  /** As whom the person may write, from the provider's directory; `notFound` for an account not enrolled. */
  identities(accountId: AccountId): Promise<Result<IdentitiesAnswer['identities'], AppError>>;
  /** What the provider's delivery log says of a message; `notFound` for an account not enrolled. */
  deliveryLog(accountId: AccountId, messageId: InternetMessageId): Promise<Result<DeliveryReport, AppError>>;
  /** The provider's signature on the head of a ledger; `notFound` for an account not enrolled. */
  countersign(accountId: AccountId, head: string): Promise<Result<string, AppError>>;
  /** Where the API of the policy's provider is, or of the one that a mailbox is enrolled at; null: there is none. */
  providerUrl(): string | null;
  /** Tells the provider how a drill went; `notFound` for an account not enrolled. */
  reportDrill(accountId: AccountId, drill: DrillOutcome): Promise<Result<null, AppError>>;
}

export function createEnrolmentService(setup: EnrolmentSetup): EnrolmentService {
  const { db, secrets, clock, random, log, announce } = setup;
  const pending = createPendingEnrolments(secrets, random);
  const clients = new Map<string, ProviderClient>();
  const askedAboutRefusal = new Map<AccountId, EpochMs>();
  /** Between three and five quarters, one for each laptop, so that a company's laptops do not all come at once. */
  const jitter = 0.75 + (random.bytes(1)[0] ?? 0) / 512;
  let failures = 0;
  const stopping = new AbortController();
  const fetch: Fetch = (url, init) => setup.fetch(url, { ...init, signal: stopping.signal });

  const clientOf = (provider: EnrolmentProvider): ProviderClient => {
    const key = JSON.stringify([provider.url, ...provider.signingKeys]);
    const known = clients.get(key) ?? createProviderClient(provider, { ...setup, fetch });
    clients.set(key, known);
    return known;
  };

  /** Two conversations about one credential at a time would replace it twice. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = last.then(run, run);
    last = mine.catch(() => {});
    return mine;
  };

  /** What nobody waits for. */
  const aside = (run: () => Promise<unknown>): void => {
    void inTurn(run).catch((error) => log.warn('not stored', { code: classifyStorageError(error).code }));
  };

  // --- redeeming ---

  const redeem = async (text: string): Promise<Result<{ readonly address: string }, AppError>> => {
    const ticket = readTicket(text, setup.provider);
    if (!ticket.ok) return ticket;
    const { provider, code } = ticket.value;
    const redemption = await pending.begin(text, code);
    if (!redemption.ok) return redemption;
    const answer = await clientOf(provider).redeem({
      code,
      redemption: redemption.value,
      device: setup.device,
    });
    if (!answer.ok) {
      log.warn('not enrolled', { code: answer.error.code });
      return answer;
    }
    const { account, credential } = answer.value;
    const obstacle = obstacleTo(account, provider);
    if (obstacle !== null) return err(obstacle);
    const sealed = await secrets.put({ address: account.address, provider: 'continuity' }, credential.secret);
    if (!sealed.ok) return sealed;
    const accountId = keep(provider, answer.value);
    log.info('enrolled', { accountId });
    const ended = await pending.end(text);
    if (!ended.ok) log.warn('redeemed code not removed', { code: ended.error.code });
    askedAboutRefusal.delete(accountId);
    await standsOtherwise(accountId);
    aside(() => withCredential(accountId, readDirectory));
    return ok({ address: account.address });
  };

  const obstacleTo = (
    { address, exchange }: EnrolmentAnswer['account'],
    provider: EnrolmentProvider,
  ): AppError | null => {
    const before = listEnrolments(db).find((one) => one.address.toLowerCase() === address.toLowerCase());
    // Whoever talks a person into pasting a link must not get a mailbox away from its provider.
    if (before !== undefined && before.revokedAt === null && before.providerUrl !== provider.url)
      return appError('enrolment.refused', 'never', { reason: 'otherProvider' });
    // What the policy manages is enrolled where the policy says.
    if (setup.isInPolicy(address) && setup.provider === null)
      return appError('enrolment.refused', 'never', { reason: 'otherProvider' });
    if (exchange === undefined && !setup.isInPolicy(address))
      return appError('enrolment.refused', 'afterUserAction', { reason: 'noExchange' });
    return null;
  };

  const keep = (provider: EnrolmentProvider, answer: EnrolmentAnswer): AccountId => {
    const { address, displayName, continuity, exchange = null } = answer.account;
    const settings: EnrolledAccount = {
      address,
      displayName,
      continuity,
      exchange,
      user: answer.credential.user,
    };
    return db
      .transaction(() => {
        const accountId = upsertAccount(db, { address, displayName });
        const { url: providerUrl } = provider;
        const signingKeys = answer.signingKeys ?? provider.signingKeys;
        saveEnrolment(
          db,
          { accountId, providerUrl, signingKeys, deviceId: answer.deviceId, settings },
          clock.now(),
        );
        return accountId;
      })
      .immediate();
  };

  /** A definite no ends it; a provider out of reach keeps the code for later. */
  const enrol = async (text: string): Promise<Result<{ readonly address: string }, AppError>> => {
    const enrolled = await redeem(text);
    if (!enrolled.ok && isFinal(enrolled.error)) await pending.end(text);
    if (!enrolled.ok && enrolled.error.retry === 'later') worker.wake();
    return enrolled;
  };

  // --- the credential ---

  const withCredential = async <T>(
    accountId: AccountId,
    run: (
      client: ProviderClient,
      credential: DeviceCredential,
      enrolment: Enrolment,
    ) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    const enrolment = findEnrolment(db, accountId);
    if (enrolment === null) return err(appError('notFound', 'never'));
    const secret = await secrets.get({ address: enrolment.address, provider: 'continuity' });
    if (!secret.ok) return secret;
    const client = clientOf({ url: enrolment.providerUrl, signingKeys: keysOf(enrolment) });
    const result = await run(client, { deviceId: enrolment.deviceId, secret: secret.value }, enrolment);
    if (!result.ok && result.error.code === 'auth.deviceRevoked') await revoked(enrolment);
    return result;
  };

  /** Without an answer, what was read before stays. */
  const readDirectory = async (
    client: ProviderClient,
    credential: DeviceCredential,
    { accountId }: Enrolment,
  ): Promise<Result<null, AppError>> => {
    const answer = await client.identities(credential);
    if (!answer.ok) return answer;
    const entries = answer.value.identities.map(({ maySend, ...identity }) => ({
      ...identity,
      continuity: maySend,
    }));
    setup.identities(accountId, entries);
    return ok(null);
  };

  /** The policy's word on its own provider counts, and what that provider has announced since. */
  const keysOf = ({ providerUrl, signingKeys }: Enrolment): readonly string[] =>
    setup.provider?.url === providerUrl
      ? [...new Set([...setup.provider.signingKeys, ...signingKeys])]
      : signingKeys;

  const revoked = async ({ accountId, revokedAt }: Enrolment): Promise<void> => {
    if (revokedAt !== null) return;
    log.warn('device revoked', { accountId });
    noteRevoked(db, accountId, clock.now());
    await standsOtherwise(accountId);
  };

  const standsOtherwise = async (accountId: AccountId): Promise<void> => {
    await setup.runAgain(accountId);
    announce('signIn');
    announce('readiness');
  };

  const check = (accountId: AccountId): Promise<Result<null, AppError>> =>
    withCredential(accountId, async (client, credential, enrolment) => {
      const answer = await client.device(credential);
      if (!answer.ok) return answer;
      noteChecked(db, accountId, clock.now(), answer.value.signingKeys ?? null);
      announce('readiness');
      if (enrolment.revokedAt !== null) await standsOtherwise(accountId);
      const read = await readDirectory(client, credential, enrolment);
      if (!read.ok) log.warn('directory not read', { code: read.error.code });
      return answer.value.isRotationDue ? replace(accountId, client, credential) : ok(null);
    });

  const rotate = (accountId: AccountId): Promise<Result<null, AppError>> =>
    withCredential(accountId, (client, credential) => replace(accountId, client, credential));

  const replace = async (
    accountId: AccountId,
    client: ProviderClient,
    old: DeviceCredential,
  ): Promise<Result<null, AppError>> => {
    const answer = await client.rotate(old);
    if (!answer.ok) return answer;
    const { secret } = answer.value.credential;
    const address = findEnrolment(db, accountId)?.address ?? '';
    const sealed = await secrets.put({ address, provider: 'continuity' }, secret);
    // The old one is good for as long as the new one was never used.
    if (!sealed.ok) return sealed;
    noteRotated(db, accountId, clock.now());
    log.info('credential replaced', { accountId });
    const used = await client.device({ ...old, secret });
    if (used.ok) noteChecked(db, accountId, clock.now(), used.value.signingKeys ?? null);
    return ok(null);
  };

  const refusalOf = (accountId: AccountId): AppError | null =>
    (findEnrolment(db, accountId)?.revokedAt ?? null) === null
      ? null
      : appError('auth.deviceRevoked', 'afterUserAction');

  /** Not for a device that was shut out: that asks once a day whether it still is, and nothing else. */
  const asAdmitted: typeof withCredential = async (accountId, run) => {
    const refusal = refusalOf(accountId);
    return refusal === null ? withCredential(accountId, run) : err(refusal);
  };

  const askAboutRefusal = (accountId: AccountId): void => {
    const now = clock.now();
    if (now - (askedAboutRefusal.get(accountId) ?? -askAboutRefusalMs) < askAboutRefusalMs) return;
    if (findEnrolment(db, accountId) === null) return;
    askedAboutRefusal.set(accountId, now);
    aside(() => check(accountId));
  };

  // --- by itself ---

  const worker = createWorker(clock, async () => {
    try {
      return await goOn();
    } catch (error) {
      log.warn('not stored', { code: classifyStorageError(error).code });
      return longestPauseMs;
    }
  });

  const goOn = async (): Promise<number | null> => {
    const begun = await pending.list();
    let isHeldUp = !begun.ok && begun.error.retry === 'later';
    for (const { text } of begun.ok ? begun.value : []) {
      const enrolled = await inTurn(() => redeem(text));
      if (enrolled.ok) continue;
      if (enrolled.error.retry === 'later') isHeldUp = true;
      else if (isFinal(enrolled.error)) await pending.end(text);
    }
    let nextAt = Number.POSITIVE_INFINITY;
    for (const { accountId, checkedAt, revokedAt } of listEnrolments(db)) {
      const dueAt = Math.max(checkedAt, revokedAt ?? 0) + dayMs * jitter;
      if (clock.now() < dueAt) nextAt = Math.min(nextAt, dueAt);
      else {
        const checked = await inTurn(() => check(accountId));
        const isAnswered = checked.ok || checked.error.code === 'auth.deviceRevoked';
        if (isAnswered) nextAt = Math.min(nextAt, clock.now() + dayMs * jitter);
        else isHeldUp = true;
      }
    }
    failures = isHeldUp ? failures + 1 : 0;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)) * jitter;
    const untilDue = Math.min(nextAt - clock.now(), dayMs);
    if (isHeldUp) return Math.min(pauseMs, untilDue);
    return Number.isFinite(nextAt) ? untilDue : null;
  };

  return {
    start: () => worker.wake(),
    stop: async () => {
      stopping.abort();
      await Promise.all([worker.stop(), last]);
    },
    enrol: (text) => inTurn(() => enrol(text.trim())),
    accounts: () => listEnrolments(db).map(({ settings }) => settings as EnrolledAccount),
    refusalOf,
    shown: (status) => {
      const enrolment = status.provider === 'continuity' ? findEnrolment(db, status.accountId) : null;
      if (enrolment === null) return status;
      const { checkedAt, revokedAt } = enrolment;
      return {
        ...status,
        method: 'enrolment',
        state: revokedAt === null ? status.state : { kind: 'needed', reason: 'revoked' },
        acceptedAt: Math.max(status.acceptedAt ?? 0, checkedAt),
      };
    },
    guard: (accountId, source) => async (refused) => {
      // A connection that begins while the engine ends finds no database any more.
      if (stopping.signal.aborted) return err(appError('network.closed', 'soon'));
      const refusal = refusalOf(accountId);
      if (refusal !== null) return err(refusal);
      const credentials = await source(refused);
      if (refused !== undefined || (!credentials.ok && credentials.error.code === 'auth.refused'))
        askAboutRefusal(accountId);
      return credentials;
    },
    check: (accountId) => inTurn(() => check(accountId)),
    rotate: (accountId) => inTurn(() => rotate(accountId)),
    identities: (accountId) =>
      withCredential(accountId, async (client, credential) => {
        const answer = await client.identities(credential);
        return answer.ok ? ok(answer.value.identities) : answer;
      }),
    deliveryLog: (accountId, messageId) =>
      asAdmitted(accountId, async (client, credential) => {
        const answer = await client.deliveries(credential, messageId);
        return answer.ok ? ok(reportOf(answer.value)) : answer;
      }),
    countersign: (accountId, head) =>
      asAdmitted(accountId, (client, credential) => client.countersign(credential, head)),
    providerUrl: () => setup.provider?.url ?? listEnrolments(db)[0]?.providerUrl ?? null,
    reportDrill: (accountId, { matter, from, until, outcome, error }) =>
      asAdmitted(accountId, (client, credential) =>
        client.reportDrill(credential, {
          matter,
          window: { from: Math.round(from / 1000), until: Math.round(until / 1000) },
          outcome,
          ...(error === null ? {} : { error: error.code }),
        }),
      ),
  };
}

function reportOf({ outcome, takenAt, recipients = [] }: DeliveriesAnswer): DeliveryReport {
  return {
    outcome,
    takenAt: takenAt === undefined ? null : takenAt * 1000,
    recipients: recipients.map(({ response = null, ...recipient }) => ({ ...recipient, response })),
  };
}

/** Whether the same code can never be redeemed here. One whose account lacks an Exchange waits for the policy. */
function isFinal({ code, retry, context }: AppError): boolean {
  return code.startsWith('enrolment.') && retry !== 'later' && context?.reason !== 'noExchange';
}
