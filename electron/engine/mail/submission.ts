import { Readable } from 'node:stream';
import SmtpConnection, { type SMTPEnvelope } from 'nodemailer/lib/smtp-connection';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Network, Opened } from '../net/network.ts';
import { classifyError, replyCodes } from './classify-error.ts';
import type { Credentials, RecipientRefusal, SubmissionOutcome, SubmissionRequest, Submit } from './types.ts';

/** How long each part may take, in milliseconds. */
export interface SubmissionLimits {
  /** DNS, TCP, TLS, greeting and EHLO together. */
  readonly connectMs: number;
  /** The answer to any one command before the message, and to each part of it. */
  readonly commandMs: number;
  /** The answer to the final dot: RFC 5321 section 4.5.3.2.6 allows ten minutes. */
  readonly answerMs: number;
}

const defaultLimits: SubmissionLimits = { connectMs: 10_000, commandMs: 30_000, answerMs: 10 * 60_000 };

/** The message goes out in parts of this size, so that the one being sent is known. */
const partSize = 64 * 1024;

/**
 * Submits one message over one connection, through TLS only.
 *
 * A refused recipient does not keep the message from the others: the outcome says who was refused. Until the final dot
 * has been handed to the connection, losing it proves that the server has not taken the message (RFC 5321 section
 * 4.1.1.4); from then on it proves nothing. The dot leaves only when everything before it has, and after a moment in
 * which a connection that broke over it would have said so.
 */
export function createSubmit(network: Network, changed: Partial<SubmissionLimits> = {}): Submit {
  const limits = { ...defaultLimits, ...changed };
  return async (request) => {
    const credentials = await request.credentials();
    if (!credentials.ok) return deferred(credentials.error);
    const attempt = async (shown: Credentials): Promise<SubmissionOutcome> => {
      const target = { ...request.server, purpose: request.route };
      const opened = await network.open(target, { totalMs: limits.connectMs });
      return opened.ok ? converse(request, opened.value, shown, limits) : deferred(opened.error);
    };
    const outcome = await attempt(credentials.value);
    if (outcome.kind !== 'deferred' || outcome.error.code !== 'auth.refused') return outcome;
    const renewed = await request.credentials(credentials.value);
    if (credentials.value.kind === 'password') return outcome;
    return renewed.ok ? attempt(renewed.value) : deferred(renewed.error);
  };
}

/** Signs in as for a submission, and leaves again: nothing is sent. */
export async function trySubmission(
  network: Network,
  request: Pick<SubmissionRequest, 'server' | 'route' | 'credentials'>,
): Promise<Result<null, AppError>> {
  const { server, route } = request;
  const credentials = await request.credentials();
  if (!credentials.ok) return credentials;
  const opened = await network.open({ ...server, purpose: route }, { totalMs: defaultLimits.connectMs });
  if (!opened.ok) return opened;
  const outcome = await signInAndLeave(
    connectionOver(opened.value, server, defaultLimits),
    credentials.value,
  );
  if (!outcome.ok && outcome.error.code === 'auth.refused') await request.credentials(credentials.value);
  return outcome;
}

function signInAndLeave(
  connection: SmtpConnection,
  credentials: Credentials,
): Promise<Result<null, AppError>> {
  return new Promise((resolve) => {
    const end = (outcome: Result<null, AppError>): void => {
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.ok) connection.quit();
      else connection.close();
    };
    const failed = (error: SmtpError): void => end(err(classifySubmission(error)));
    const timer = setTimeout(
      () => end(err(appError('network.timeout', 'soon'))),
      defaultLimits.connectMs + defaultLimits.commandMs,
    );
    connection.on('error', failed);
    connection.on('end', () => end(err(appError('network.closed', 'soon'))));
    connection.connect((error) => {
      if (error) return failed(error);
      signIn(connection, credentials, (refusal) => (refusal ? failed(refusal) : end(ok(null))));
    });
  });
}

function connectionOver(
  { socket, tlsOptions }: Opened,
  server: SubmissionRequest['server'],
  limits: SubmissionLimits,
): SmtpConnection {
  return new SmtpConnection({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    connection: socket,
    secured: server.security === 'tls',
    tls: tlsOptions,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    // Watched here instead, since how long silence is in order depends on what is waited for.
    socketTimeout: limits.answerMs + limits.commandMs,
    socketCloseTimeout: 1000,
    logger: false,
    customAuth: { [tokenMethod]: signInByToken },
  });
}

function converse(
  request: SubmissionRequest,
  opened: Opened,
  credentials: Credentials,
  limits: SubmissionLimits,
): Promise<SubmissionOutcome> {
  const connection = connectionOver(opened, request.server, limits);

  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isSettled = false;
    const settle = (outcome: SubmissionOutcome): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      message.destroy();
      if (outcome.kind === 'accepted') connection.quit();
      // Bytes of a message that is given up must not leave.
      if (outcome.kind === 'accepted') setTimeout(() => connection.close(), 1000).unref();
      else connection.close();
      resolve(outcome);
    };
    const allow = (ms: number): void => {
      clearTimeout(timer);
      if (!isSettled) timer = setTimeout(() => settle(lost(appError('network.timeout', 'soon'))), ms);
    };
    const message = new Message(request.source, {
      begin: async () => {
        const refusal = refusalBeforeData(connection.lastServerResponse);
        if (refusal === null) await request.beforeData?.();
        else settle(refusal);
      },
      notNoted: () => settle(deferred(appError('storage.failed', 'later'))),
      partSent: () => allow(limits.commandMs),
      beforeDot: async () => {
        await allSent(connection);
        if (!isSettled) await request.beforeDot?.();
      },
      ended: () => allow(limits.answerMs),
    });
    const lost = (error: AppError): SubmissionOutcome =>
      message.hasEnded ? { kind: 'unknown', error } : deferred(error);
    const failed = (error: SmtpError): void => {
      const outcome = { ...outcomeOf(error, message.hasEnded), ...refusedIn(envelope) };
      // Whoever speaks something else before TLS has begun stands in between.
      const isStrange = outcome.kind === 'deferred' && outcome.error.code === 'server.protocol';
      settle(
        isStrange && !connection.secure
          ? deferred(appError('network.tlsStripped', 'afterUserAction'))
          : outcome,
      );
    };

    // nodemailer keeps its notes on the recipients in the envelope it is given.
    const envelope: NotedEnvelope = {
      from: request.envelope.from,
      to: [...request.envelope.to],
      size: request.source.length,
      use8BitMime: request.source.some((byte) => byte > 127),
      // Asked of servers that offer it (RFC 3461): word of a delay as well, and no copy of the text.
      dsn:
        request.wantsNotices === false
          ? { notify: ['NEVER'] }
          : { ret: 'HDRS', notify: ['FAILURE', 'DELAY'] },
    };

    connection.on('error', failed);
    connection.on('end', () => settle(lost(appError('network.closed', 'soon'))));
    allow(limits.connectMs);
    connection.connect((error) => {
      if (error) return failed(error);
      allow(limits.commandMs);
      signIn(connection, credentials, (refusal) => {
        if (refusal) return failed(refusal);
        const offered = offersOf(connection);
        request.met?.({ maxSize: offered.maxSize });
        // The address stands in the header too, so that nobody can have the message without it.
        if (isInternational(request.envelope) && !offered.smtpUtf8)
          return settle({ kind: 'rejected', response: '553 5.6.7', error: refusedFor('smtpUtf8') });
        // MAIL, DATA, and each RCPT.
        allow(limits.commandMs * (2 + request.envelope.to.length));
        connection.send(envelope, message, (failure, info) => {
          if (failure) return failed(failure);
          const response = replyCodes(info?.response);
          if (message.hasEnded) return settle({ kind: 'accepted', response, ...refusedIn(envelope) });
          settle({ kind: 'unknown', error: appError('server.protocol', 'later', { reason: 'earlyAnswer' }) });
        });
      });
    });
  });
}

interface SmtpError {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: unknown;
  readonly responseCode?: number | undefined;
}

function signIn(
  connection: SmtpConnection,
  credentials: Credentials,
  done: (error?: SmtpError | null) => void,
): void {
  const answered = (error?: SmtpError | null) => done(error);
  if (credentials.kind === 'accessToken')
    connection.login(
      { method: tokenMethod, user: credentials.user, pass: credentials.accessToken },
      answered,
    );
  else connection.login({ user: credentials.user, pass: credentials.password }, answered);
}

/** Under the name XOAUTH2 nodemailer would prefer whatever mechanism the server names first. */
const tokenMethod = 'RELEVO-TOKEN';

/** https://learn.microsoft.com/exchange/client-developer/legacy-protocols, "SASL XOAUTH2". */
async function signInByToken(context: {
  readonly auth: { readonly credentials: { readonly user: string; readonly pass: string } };
  sendCommand(command: string): Promise<{ readonly status: number }>;
}): Promise<void> {
  const { user, pass } = context.auth.credentials;
  const token = Buffer.from(`user=${user}\x01auth=Bearer ${pass}\x01\x01`).toString('base64');
  let { status } = await context.sendCommand(`AUTH XOAUTH2 ${token}`);
  // The reason of a refusal comes as a challenge and has to be answered by an empty line.
  if (status === 334) ({ status } = await context.sendCommand(''));
  if (status !== 235) throw new Error('The access token was refused');
}

/** What nodemailer adds to the envelope while it works on it. */
interface NotedEnvelope extends SMTPEnvelope {
  readonly rejectedErrors?: readonly (SmtpError & { readonly recipient?: string | undefined })[];
}

function refusedIn({ rejectedErrors = [] }: NotedEnvelope): {
  readonly refused?: readonly RecipientRefusal[];
} {
  const refused = rejectedErrors.map(({ recipient = '', responseCode = 0, response }) => ({
    address: recipient,
    isPermanent: responseCode >= 500,
    response: replyCodes(response),
    sentence: sentenceOf(response),
  }));
  return refused.length === 0 ? {} : { refused };
}

/** A server's answer as a person reads it: in one line, without the bytes that are none of a text. */
function sentenceOf(response: unknown): string {
  return (typeof response === 'string' ? response : '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500);
}

/** What EHLO told, as nodemailer keeps it. */
function offersOf(connection: SmtpConnection): {
  readonly maxSize: number | null;
  readonly smtpUtf8: boolean;
} {
  const { _maxAllowedSize = 0, _supportedExtensions = [] } = connection as unknown as {
    readonly _maxAllowedSize?: number;
    readonly _supportedExtensions?: readonly string[];
  };
  return {
    maxSize: _maxAllowedSize === 0 ? null : _maxAllowedSize,
    smtpUtf8: _supportedExtensions.includes('SMTPUTF8'),
  };
}

const isInternational = ({ from, to }: SubmissionRequest['envelope']): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything of ASCII
  [from, ...to].some((address) => !/^[\u0000-\u007f]*$/.test(address));

/** How long a connection that broke over the message has to say so before the final dot follows, in milliseconds. */
const dotPauseMs = 30;

/** Resolves when everything written so far has left this process, and a moment has passed. */
async function allSent({ _socket: socket }: SmtpConnection): Promise<void> {
  if (!socket) return;
  while (!socket.destroyed && socket.writableLength > 0)
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.once('drain', done).once('close', done);
      setTimeout(done, dotPauseMs);
    });
  await new Promise((resolve) => setTimeout(resolve, dotPauseMs));
  // On a computer that had no time for us, what has arrived meanwhile is read first.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Why the message must not leave although the server waits for it. nodemailer goes on after any 2yz or 3yz to DATA, of
 * which only 354 invites the message (RFC 5321 section 4.1.1.4).
 */
function refusalBeforeData(answer: unknown): SubmissionOutcome | null {
  return replyCodes(answer).startsWith('354')
    ? null
    : deferred(appError('server.protocol', 'later', { reason: 'notInvited' }));
}

interface MessageEvents {
  /** Awaited before the first byte. */
  readonly begin: () => Promise<void>;
  readonly notNoted: () => void;
  readonly partSent: () => void;
  /** Awaited after the last byte of the message and before the final dot. */
  readonly beforeDot: () => Promise<void>;
  readonly ended: () => void;
}

/** The message as a stream that nobody reads before the server's answer to DATA, since nodemailer pipes it only then. */
class Message extends Readable {
  /** True once the final dot has been handed over, or is about to be. */
  hasEnded = false;
  readonly #source: Uint8Array;
  readonly #tell: MessageEvents;
  #position = 0;
  #begun: Promise<void> | null = null;

  constructor(source: Uint8Array, tell: MessageEvents) {
    // Nothing is read ahead, so that what has been read has been handed over.
    super({ highWaterMark: 1 });
    this.#source = source;
    this.#tell = tell;
  }

  override _read(): void {
    this.#begun ??= this.#tell.begin();
    this.#begun.then(
      () => this.#sendPart(),
      () => this.#tell.notNoted(),
    );
  }

  #sendPart(): void {
    // An attempt that is given up destroys its message.
    if (this.destroyed) return;
    const part = this.#source.subarray(this.#position, this.#position + partSize);
    this.#position += part.length;
    if (part.length > 0) {
      this.#tell.partSent();
      this.push(part);
      return;
    }
    this.#tell.beforeDot().then(
      () => {
        if (this.destroyed) return;
        this.hasEnded = true;
        this.#tell.ended();
        this.push(null);
      },
      () => this.#tell.notNoted(),
    );
  }
}

function outcomeOf(error: SmtpError, hasEnded: boolean): SubmissionOutcome {
  const appFailure = classifySubmission(error);
  const status = error.responseCode ?? 0;
  const response = replyCodes(error.response);
  // An answer to the message, or to what came before it, is a fact, even if the connection is lost right after.
  const said = error.response === undefined ? {} : { sentence: sentenceOf(error.response) };
  if (status >= 500 && appFailure.code === 'server.refused')
    return { kind: 'rejected', response, error: appFailure, ...said };
  if (status >= 400 && status < 600) return { kind: 'deferred', response, error: appFailure, ...said };
  if (hasEnded) return { kind: 'unknown', error: appFailure };
  return appFailure.code === 'server.refused' && appFailure.retry === 'never'
    ? {
        kind: 'rejected',
        response: localRefusals[String(appFailure.context?.reason)] ?? response,
        error: appFailure,
      }
    : deferred(appFailure);
}

function classifySubmission(error: SmtpError): AppError {
  // Refused by nodemailer on the server's behalf: larger than its SIZE, or an address that is none.
  if (error.code === 'EMESSAGE' && error.response === undefined) return refusedFor('tooLarge');
  if (error.code === 'EENVELOPE' && error.response === undefined) return refusedFor('address');
  if (error.code === 'EAUTH' && error.responseCode === undefined)
    return appError('server.protocol', 'later', { reason: 'signIn' });
  return classifyError(error);
}

/** What the server would have said (RFC 3463, RFC 6531) to what it was not asked. */
const localRefusals: Readonly<Record<string, string>> = { tooLarge: '552 5.3.4', address: '553 5.1.3' };

const refusedFor = (reason: 'tooLarge' | 'address' | 'smtpUtf8'): AppError =>
  appError('server.refused', 'never', { reason });

function deferred(error: AppError): SubmissionOutcome {
  return { kind: 'deferred', response: null, error };
}
