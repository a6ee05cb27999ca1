import { type FetchMessageObject, ImapFlow } from 'imapflow';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { imapTransport } from '../net/imap-transport.ts';
import type { Network } from '../net/network.ts';
import type { Logger } from '../ports.ts';
import { classifyBye, classifyError } from './classify-error.ts';
import { type BackOff, leftAlone } from './connections.ts';
import { drillHeader } from './drill-mail.ts';
import { assignRoles } from './folder-roles.ts';
import { isGiven } from './given.ts';
import { messageIdsOf } from './message-id-header.ts';
import { fetchParts, toldPart } from './message-parts.ts';
import { isStub } from './stub.ts';
import type {
  CredentialSource,
  Credentials,
  ImapSession,
  RemoteHeader,
  RemoteMessage,
  RemotePlace,
} from './types.ts';
import { uidSets } from './uid-set.ts';

/** How long things may take, in milliseconds. */
export interface ImapLimits {
  /** DNS, TCP and TLS together. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Connecting and signing in together. */
  readonly openMs: number;
  /** A call that waits for the server fails after this long without a byte from it. */
  readonly silenceMs: number;
  /** Any call but a download. */
  readonly callMs: number;
  /** How often the server is asked for a sign of life while waiting for news. */
  readonly idleMs: number;
}

const defaultLimits: ImapLimits = {
  connectMs: 5_000,
  greetingMs: 5_000,
  openMs: 15_000,
  silenceMs: 10_000,
  callMs: 60_000,
  idleMs: 60_000,
};

/** What is large is given as long as a line of this many bytes a second needs. */
const slowestLine = 20_000;
/** A download is given this long for each message besides. */
const msPerMessage = 30_000;
/** Larger than what any Exchange accepts (150 MB). */
const largestMessage = 256 * 1024 * 1024;
/** How many messages are looked at in one go when looking from the newest backwards: at first, and at most. */
const lookBackBlock = { first: 250, most: 4000 };
const logoutMs = 500;
/** A server that refuses IDLE or ends it at once is not asked again before. */
const shortestIdleMs = 1000;
/** Exchange ends a connection after 30 minutes without a command. */
const longestQuietMs = 30 * 60_000;
const dayMs = 86_400_000;
const idHeaders = ['Message-ID', 'X-Microsoft-Original-Message-ID'];
const tyingHeaders = [...idHeaders, 'In-Reply-To', 'References', 'Thread-Index', 'From', 'To', 'Cc'];
const stableHeaders = [...idHeaders, 'From', 'Sender', 'Date', 'Subject', 'To', 'Cc', 'X-Relevo-Copy'];
const askedHeaders = { tying: tyingHeaders, stable: stableHeaders, drill: [drillHeader] };

export interface ImapSessionSetup {
  readonly network: Network;
  readonly route: Route;
  readonly server: ServerSettings;
  readonly credentials: CredentialSource;
  readonly log: Logger;
  /** What the server has asked for; without it, only the call that is told so hears of it. */
  readonly backOff?: BackOff;
  /** Told of bytes that have come, at least twice a second while a call waits: in the middle of a large message too. */
  readonly heard?: (bytes: number) => void;
  readonly limits?: Partial<ImapLimits>;
}

/**
 * Connects and signs in: TLS with a verified certificate from the first byte or by STARTTLS, never in clear. An access
 * token that the server refuses is renewed once. Whoever gave the credentials is told that they were refused.
 */
export async function openImapSession(setup: ImapSessionSetup): Promise<Result<ImapSession, AppError>> {
  const limits = { ...defaultLimits, ...setup.limits };
  const credentials = await setup.credentials();
  if (!credentials.ok) return credentials;
  const opened = await connect(setup, limits, credentials.value);
  if (!isRefused(opened)) return opened;
  const renewed = await setup.credentials(credentials.value);
  if (credentials.value.kind === 'password') return opened;
  if (!renewed.ok) return renewed;
  const again = await connect(setup, limits, renewed.value);
  if (isRefused(again)) await setup.credentials(renewed.value);
  return again;
}

const isRefused = (opened: Result<ImapSession, AppError>): boolean =>
  !opened.ok && opened.error.code === 'auth.refused';

async function connect(
  { network, route, server, log, backOff, heard }: ImapSessionSetup,
  limits: ImapLimits,
  credentials: Credentials,
): Promise<Result<ImapSession, AppError>> {
  const startedAt = performance.now();
  const connected = await network.open({ ...server, purpose: route }, { totalMs: limits.connectMs });
  if (!connected.ok) {
    log.warn('not connected', { code: connected.error.code });
    return connected;
  }
  // imapflow swallows what some commands meet (NOOP, STORE, SEARCH); its log is the only place that says what.
  let swallowed: unknown = null;
  const note = (entry: unknown): void => {
    if (typeof entry !== 'object' || entry === null || !('err' in entry)) return;
    swallowed = entry.err;
    const waitMs = askedToWait(entry.err);
    if (waitMs === 0) return;
    backOff?.told(waitMs);
    // imapflow hears nothing while it waits: for long, that looks like a server that is gone.
    if (waitMs > limits.silenceMs / 2) end(leftAlone(waitMs));
  };
  const ignore = (): void => {};
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    doSTARTTLS: server.security === 'starttls',
    transport: imapTransport(connected.value),
    auth:
      credentials.kind === 'password'
        ? { user: credentials.user, pass: credentials.password }
        : { user: credentials.user, accessToken: credentials.accessToken },
    // An Exchange that advertises IMAP4rev2 fails at SEARCH once it is enabled.
    disableIMAP4rev2: true,
    disableAutoIdle: true,
    disableCompression: true,
    // Used only where it is offered.
    qresync: true,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    // Watched here instead: imapflow ends connections that nobody uses for a while.
    socketTimeout: longestQuietMs,
    maxLiteralSize: largestMessage,
    maxLineLength: 32 * 1024 * 1024,
    maxResponseSize: 2 * largestMessage,
    clientInfo: { name: 'Relevo' },
    logger: { trace: ignore, debug: ignore, info: ignore, warn: note, error: note, fatal: note },
  });
  preferXoauth2(client);

  let ended: AppError | null = null;
  let tellClosed: (reason: AppError) => void = () => {};
  const closed = new Promise<AppError>((resolve) => {
    tellClosed = resolve;
  });
  const end = (reason: AppError): void => {
    if (ended !== null) return;
    ended = reason;
    tellClosed(reason);
    client.close();
  };
  client.on('error', (error) => end(classifyError(error)));
  client.on('close', () =>
    end(client.byeReason === undefined ? appError('network.closed', 'soon') : classifyBye(client.byeReason)),
  );

  /** Whoever speaks something else before TLS has begun stands in between. */
  const strange = (error: AppError): AppError =>
    server.security === 'starttls' && !client.secureConnection
      ? appError('network.tlsStripped', 'afterUserAction')
      : error;

  /** Silence after something that was no IMAP is not the silence of a dead server. */
  const silence = (): AppError => {
    const met = swallowed === null ? null : classifyError(swallowed);
    return met?.code === 'server.protocol' ? strange(met) : appError('network.timeout', 'soon');
  };

  /** Ends the connection when `run` takes longer than `totalMs`, or no byte comes for `silenceMs`. */
  const within = async <T>(
    budget: { readonly totalMs: number; readonly silenceMs: number },
    run: (progress: () => void) => Promise<T>,
    arrived: (bytes: number) => void = () => {},
  ): Promise<Result<T, AppError>> => {
    if (ended !== null) return err(ended);
    const before = client.stats().received;
    let received = before;
    const tickMs = Math.min(500, Math.max(10, Math.min(budget.silenceMs, budget.totalMs) / 8));
    // Only while this process runs: a laptop that stood still has not listened, and the server may have spoken.
    let ranMs = 0;
    let lookedAt = performance.now();
    let heardMs = 0;
    const progress = (): void => {
      heardMs = ranMs;
    };
    const watch = setInterval(() => {
      ranMs += Math.min(performance.now() - lookedAt, 2 * tickMs);
      lookedAt = performance.now();
      const now = client.stats().received;
      if (now !== received) {
        progress();
        heard?.(now - received);
        arrived(now - before);
      }
      received = now;
      if (ranMs > budget.totalMs || ranMs - heardMs > budget.silenceMs) end(silence());
    }, tickMs);
    swallowed = null;
    try {
      const outcome = await Promise.race([run(progress).then(ok), closed.then(err)]);
      return outcome.ok && !client.usable ? err(ended ?? appError('network.closed', 'soon')) : outcome;
    } catch (error) {
      if (error instanceof ReceiverError) throw error.cause;
      if (ended !== null) return err(ended);
      const isStranger = codeOf(error) === 'GREETING_TIMEOUT' && client.stats().received > 0;
      return err(
        isStranger
          ? strange(appError('server.protocol', 'later', { reason: 'greeting' }))
          : classifyError(error),
      );
    } finally {
      clearInterval(watch);
    }
  };

  const refuseMs = (): number => backOff?.remainingMs() ?? 0;

  // IMAP has one open folder; whoever needs another one has to have the connection to itself.
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(run: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> => {
    const unlessAskedNotTo = async (): Promise<Result<T, AppError>> =>
      refuseMs() > 0 && ended === null ? err(leftAlone(refuseMs())) : run();
    const mine = last.then(unlessAskedNotTo, unlessAskedNotTo);
    last = mine.catch(() => {});
    return mine;
  };
  const call = <T>(run: () => Promise<T>, totalMs = limits.callMs): Promise<Result<T, AppError>> =>
    exclusively(() => within({ totalMs, silenceMs: Math.min(limits.silenceMs, totalMs) }, run));

  const downloadBudget = (messages: number, bytes: number) => ({
    totalMs: limits.callMs + messages * msPerMessage + (bytes / slowestLine) * 1000,
    silenceMs: limits.silenceMs,
  });

  const remainingMs = Math.max(1, limits.openMs - (performance.now() - startedAt));
  const signedIn = await within({ totalMs: remainingMs, silenceMs: remainingMs }, () => client.connect());
  if (!signedIn.ok) {
    client.close();
    connected.value.failed('greeting', signedIn.error.code);
    log.warn('not connected', { code: signedIn.error.code });
    return signedIn;
  }
  log.info('connected');

  let hasNews = false;
  let wake: () => void = () => {};
  // The IDLE of the last wait, which may still be ending.
  let idling: Promise<void> = Promise.resolve();
  const news = (): void => {
    hasNews = true;
    wake();
  };
  client.on('exists', news);
  client.on('expunge', news);
  client.on('flags', news);

  const refusal = (): unknown => swallowed ?? new Error('refused without a reason');
  const openPath = (): string | null => (client.mailbox === false ? null : client.mailbox.path);

  const open = async (path: string) => {
    const mailbox = await client.mailboxOpen(path);
    const uidValidity = Number(mailbox.uidValidity);
    if (!Number.isSafeInteger(uidValidity) || uidValidity <= 0) throw protocolError('no UIDVALIDITY');
    const { highestModseq, noModseq } = mailbox;
    // Some servers tell of it without offering it, once somebody has used it.
    const hasModSeq = client.enabled.has('QRESYNC') && highestModseq !== undefined && noModseq !== true;
    return {
      uidValidity,
      uidNext: mailbox.uidNext ?? 1,
      messageCount: mailbox.exists ?? 0,
      ...(hasModSeq ? { modSeq: highestModseq } : {}),
    };
  };

  const inFolder = async <T>(path: string, run: () => Promise<T>): Promise<T> => {
    const before = openPath();
    await open(path);
    try {
      return await run();
    } finally {
      if (before !== null && before !== path && client.usable) await open(before);
    }
  };

  const count = (): number => (client.mailbox === false ? 0 : (client.mailbox.exists ?? 0));

  /** Goes from the newest message backwards, block by block, until `visit` says that it has seen enough. */
  const lookBack = async (
    query: { readonly headers?: string[] },
    visit: (block: readonly FetchMessageObject[]) => boolean,
  ): Promise<void> => {
    let { first: size } = lookBackBlock;
    for (let to = count(); to > 0; ) {
      const from = Math.max(1, to - size + 1);
      const rows = await client.fetchAll(`${from}:${to}`, { uid: true, internalDate: true, ...query });
      if (visit(rows.filter(({ uid }) => uid > 0))) return;
      to = from - 1;
      size = Math.min(2 * size, lookBackBlock.most);
    }
  };

  const newest = (block: readonly FetchMessageObject[]): EpochMs =>
    block.reduce((latest, row) => Math.max(latest, dateOf(row)), 0);

  /**
   * Messages that SEARCH claims for the time since `since` and that looking back has not met: those that lie below many
   * older ones which were moved in lately. A day earlier, since SEARCH counts in days of the server's time zone.
   */
  const claimedBesides = async (since: EpochMs, met: ReadonlySet<number>): Promise<readonly string[]> => {
    const claimed = (await client.search({ since: new Date(since - dayMs) }, { uid: true })) || [];
    return uidSets(claimed.filter((uid) => !met.has(uid)));
  };

  /** `isEnough`: whether those that were found, ascending, are enough. */
  const findInOpenFolder = async (
    id: string,
    since: EpochMs,
    isEnough: (found: readonly number[]) => boolean,
  ): Promise<readonly number[]> => {
    const met = new Set<number>();
    let found: readonly number[] = [];
    const look = (block: readonly FetchMessageObject[]): boolean => {
      const hits = block.filter(({ headers }) => isGiven(headers) && messageIdsOf(headers).includes(id));
      for (const { uid } of block) met.add(uid);
      found = [...new Set([...found, ...hits.map(({ uid }) => uid)])].sort((a, b) => a - b);
      return isEnough(found) || newest(block) < since;
    };
    await lookBack({ headers: idHeaders }, look);
    if (isEnough(found)) return found;
    for (const set of await claimedBesides(since, met)) {
      look(await client.fetchAll(set, { uid: true, internalDate: true, headers: idHeaders }, { uid: true }));
      if (isEnough(found)) break;
    }
    return found;
  };
  const any = (found: readonly number[]): boolean => found.length > 0;

  const store = async (uid: number, flag: string, isSet: boolean): Promise<void> => {
    const isDone = isSet
      ? await client.messageFlagsAdd(String(uid), [flag], { uid: true })
      : await client.messageFlagsRemove(String(uid), [flag], { uid: true });
    if (!isDone) throw refusal();
  };

  const session: ImapSession = {
    get isUsable() {
      return ended === null && client.usable;
    },
    closed,

    noop: async (deadlineMs) => {
      const answered = await call(async () => {
        await client.noop();
        if (swallowed !== null) throw swallowed;
        return null;
      }, deadlineMs);
      const isSignOfLife = answered.ok || (ended === null && answered.error.code !== 'server.unavailable');
      return isSignOfLife ? ok(null) : answered;
    },

    folders: () =>
      call(async () =>
        assignRoles(
          (await client.list()).map(({ path, delimiter, flags }) => ({
            path,
            delimiter: delimiter ?? '',
            flags,
          })),
        ),
      ),

    open: (path) =>
      call(() => {
        hasNews = false;
        return open(path);
      }),

    flags: (range) =>
      call(async () => {
        if (count() === 0) return [];
        const lowest = Number.parseInt(range, 10) || 1;
        const rows = await client.fetchAll(range, { uid: true, flags: true }, { uid: true });
        // "900:*" yields the last message even if its UID is smaller (RFC 9051 section 9, seq-range).
        return rows
          .filter(({ uid, flags }) => uid >= lowest && flags !== undefined)
          .map(({ uid, flags }) => ({ uid, flags: [...(flags ?? [])].sort() }));
      }),

    changes: (since) =>
      call(async () => {
        const vanished = new Set<number>();
        const note = ({ uid }: { readonly uid?: number }): void => {
          if (uid !== undefined) vanished.add(uid);
        };
        client.on('expunge', note);
        try {
          const query = { uid: true, flags: true };
          const rows = await client.fetchAll('1:*', query, { uid: true, changedSince: since });
          const changed = rows
            .filter(({ uid, flags }) => uid > 0 && flags !== undefined)
            .map(({ uid, flags }) => ({ uid, flags: [...(flags ?? [])].sort() }));
          return { changed, vanished: [...vanished] };
        } finally {
          client.off('expunge', note);
        }
      }),

    uidsSince: (since, from) =>
      call(async () => {
        if (from !== undefined) {
          if (count() === 0) return [];
          const rows = await client.fetchAll(`${from}:*`, { uid: true, internalDate: true }, { uid: true });
          // As with flags, the last one is among them whatever its UID.
          const came = rows.filter((row) => row.uid >= from && dateOf(row) >= since);
          return came.map(({ uid }) => uid).sort((a, b) => a - b);
        }
        const [found, met] = [new Set<number>(), new Set<number>()];
        const look = (block: readonly FetchMessageObject[]): boolean => {
          for (const row of block) {
            met.add(row.uid);
            if (row.uid > 0 && dateOf(row) >= since) found.add(row.uid);
          }
          return newest(block) < since;
        };
        await lookBack({}, look);
        for (const set of await claimedBesides(since, met))
          look(await client.fetchAll(set, { uid: true, internalDate: true }, { uid: true }));
        return [...found].sort((a, b) => a - b);
      }),

    places: (from, to) =>
      call(async () => {
        if (count() === 0) return [];
        const rows = await client.fetchAll(`${from}:${to}`, { uid: true, flags: true, internalDate: true });
        return rows.filter(({ uid, flags }) => uid > 0 && flags !== undefined).map(placeOf);
      }),

    headers: (uids, which = 'tying') =>
      call(async () => {
        const asked = new Set(uids);
        const found: RemoteHeader[] = [];
        const query = {
          uid: true,
          flags: true,
          internalDate: true,
          headers: askedHeaders[which],
        };
        for (const set of uidSets(uids)) {
          if (count() === 0) break;
          for (const row of await client.fetchAll(set, query, { uid: true }))
            if (asked.has(row.uid) && isGiven(row.headers))
              found.push({ ...placeOf(row), header: row.headers });
        }
        return found;
      }),

    fetch: (uids, receive, size) =>
      exclusively(async () => {
        const wanted = new Set(uids);
        const budget = downloadBudget(uids.length, size?.bytes ?? 0);
        let receiving: Promise<void> = Promise.resolve();
        const download = async (progress: () => void): Promise<null> => {
          for (const set of uidSets(uids)) {
            if (count() === 0) break;
            const query = { uid: true, flags: true, internalDate: true, source: true };
            for await (const row of client.fetch(set, query, { uid: true })) {
              const message = wanted.has(row.uid) ? messageOf(row) : null;
              if (message === null) continue;
              receiving = receive(message).catch((cause: unknown) => {
                throw new ReceiverError(cause);
              });
              await receiving;
              progress();
            }
          }
          return null;
        };
        const outcome = await within(budget, download, size?.arrived);
        // A connection that ends does not end what its last message started.
        await receiving.catch(() => {});
        return outcome;
      }),

    sizes: (uids) =>
      call(async () => {
        const sizes = new Map<number, number>();
        for (const set of uidSets(uids)) {
          if (count() === 0) break;
          for (const row of await client.fetchAll(set, { uid: true, size: true }, { uid: true }))
            if (row.size !== undefined) sizes.set(row.uid, row.size);
        }
        return sizes;
      }),

    structure: (uid) =>
      call(async () => {
        const row = await client.fetchOne(String(uid), { uid: true, bodyStructure: true }, { uid: true });
        return !row || row.bodyStructure === undefined ? null : toldPart(row.bodyStructure);
      }),

    parts: (uid, wanted, bytes) =>
      exclusively(() =>
        within(downloadBudget(1, bytes), async () => {
          const fetched = await fetchParts(client, uid, wanted);
          return fetched === null ? null : { ...placeOf(fetched.row), ...fetched.parts };
        }),
      ),

    beginning: (uid, length) =>
      exclusively(() =>
        within(downloadBudget(1, length), async () => {
          const query = { uid: true, flags: true, internalDate: true, source: { maxLength: length } };
          const row = await client.fetchOne(String(uid), query, { uid: true });
          return row ? messageOf(row) : null;
        }),
      ),

    find: (path, internetMessageId, since) =>
      call(() =>
        inFolder(path, async () => (await findInOpenFolder(internetMessageId, since, any))[0] ?? null),
      ),

    findAll: (path, internetMessageId, since) =>
      call(() => inFolder(path, () => findInOpenFolder(internetMessageId, since, () => false))),

    append: (path, source, flags, internalDate) =>
      exclusively(() => {
        const uploadMs = limits.callMs + (source.length / slowestLine) * 1000;
        return within({ totalMs: uploadMs, silenceMs: uploadMs }, async () => {
          const appended = await client.append(path, source, [...flags], new Date(internalDate));
          if (appended === false) throw refusal();
          const id = messageIdsOf(source)[0];
          // The newest is ours, if others bear its Message-ID too.
          const look = async () =>
            id === undefined ? null : ((await findInOpenFolder(id, internalDate, any)).at(-1) ?? null);
          const uid = appended.uid ?? (await inFolder(path, look));
          // Exchange shows other clients this flag only if it was stored, not if it was appended.
          if (uid !== null && flags.includes('\\Flagged'))
            await inFolder(path, () => store(uid, '\\Flagged', true)).catch((error: unknown) => {
              // The message is there all the same.
              log.warn('appended without its flag', { code: classifyError(error).code });
            });
          return { uid };
        });
      }),

    remove: (path, uid) =>
      call(() =>
        inFolder(path, async () => {
          // A plain EXPUNGE would take along what others have marked.
          if (!client.capabilities.has('UIDPLUS')) throw refusal();
          if (!(await client.messageDelete(String(uid), { uid: true }))) throw refusal();
          return null;
        }),
      ),

    move: (path, uids, to) =>
      call(() => {
        const run = async () => {
          // Its end would be a plain EXPUNGE.
          if (!client.capabilities.has('MOVE') && !client.capabilities.has('UIDPLUS')) throw refusal();
          const moved = new Map<number, number>();
          for (const set of uidSets(uids)) {
            const answer = await client.messageMove(set, to, { uid: true });
            if (!answer) throw refusal();
            for (const [before, after] of answer.uidMap ?? []) moved.set(before, after);
          }
          return moved;
        };
        return openPath() === path ? run() : inFolder(path, run);
      }),

    setFlag: (path, uid, flag, isSet) =>
      call(async () => {
        const run = () => store(uid, flag, isSet);
        await (openPath() === path ? run() : inFolder(path, run));
        return null;
      }),

    waitForNews: async (signal) => {
      let isOver = false;
      let finish: () => void = () => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      wake = finish;
      signal.addEventListener('abort', finish, { once: true });
      if (signal.aborted || hasNews) finish();
      const before = idling;
      idling = (async () => {
        await before;
        while (!isOver && client.usable && openPath() !== null) {
          if (refuseMs() > 0) {
            await Promise.race([finished, pause(refuseMs())]);
            continue;
          }
          const idle = client.idle().catch(() => {});
          const endedByServer = Promise.all([idle, pause(shortestIdleMs)]);
          await Promise.race([finished, pause(limits.idleMs), endedByServer]);
          // Ends IDLE; brings news too where there is none.
          if (!isOver) await session.noop(limits.silenceMs);
        }
      })();
      await Promise.race([finished, closed, idling]);
      isOver = true;
      signal.removeEventListener('abort', finish);
      if (ended !== null || openPath() === null) return 'closed';
      // Any command ends IDLE; its answer need not be waited for, the next call queues behind it.
      if (client.idling) void client.noop().catch(() => {});
      if (!hasNews) return 'stopped';
      hasNews = false;
      return 'news';
    },

    close: async () => {
      if (ended === null) await Promise.race([client.logout().catch(() => {}), pause(logoutMs)]);
      end(appError('network.closed', 'soon'));
    },
  };
  return ok(session);
}

/** Exchange documents XOAUTH2; of both, imapflow would take OAUTHBEARER. */
function preferXoauth2(client: ImapFlow): void {
  let { capabilities } = client;
  Object.defineProperty(client, 'capabilities', {
    get: () => capabilities,
    set: (offered: typeof capabilities) => {
      if (offered.has('AUTH=XOAUTH2')) offered.delete('AUTH=OAUTHBEARER');
      capabilities = offered;
    },
  });
}

/** What the receiver of a download threw: no failure of the connection, and its own business. */
class ReceiverError extends Error {
  constructor(cause: unknown) {
    super('The receiver failed', { cause });
  }
}

function messageOf(row: FetchMessageObject): RemoteMessage | null {
  const { source } = row;
  if (!isGiven(source) || source.length === 0) return null;
  if (isStub(source)) return null;
  return { ...placeOf(row), source };
}

function placeOf(row: FetchMessageObject): RemotePlace {
  return { uid: row.uid, flags: [...(row.flags ?? [])].sort(), internalDate: dateOf(row) };
}

function dateOf({ internalDate }: FetchMessageObject): EpochMs {
  const time = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(time) ? 0 : time;
}

/** For how many milliseconds the server wants to be left alone ("Suggested Backoff Time"); 0: that is not what it says. */
function askedToWait(error: unknown): number {
  const isAsking = codeOf(error) === 'ETHROTTLE' && error instanceof Error && 'throttleReset' in error;
  return isAsking && typeof error.throttleReset === 'number' ? error.throttleReset : 0;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function protocolError(message: string): Error {
  return Object.assign(new Error(message), { code: 'InvalidResponse' });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
