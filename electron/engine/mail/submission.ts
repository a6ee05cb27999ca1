import { Readable } from 'node:stream';
import SmtpConnection, { type SMTPEnvelope } from 'nodemailer/lib/smtp-connection';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Network, Opened } from '../net/network.ts';
import { classifyError, replyCodes } from './classify-error.ts';
import type { Credentials, SubmissionOutcome, SubmissionRequest, Submit } from './types.ts';

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
 * All or nothing: a message with a refused recipient is not given to the others either. Until the last part of the
 * message and the final dot have been handed to the connection, losing it proves that the server has not taken the
 * message (RFC 5321 section 4.1.1.4); from then on it proves nothing.
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
        const refusal = refusalBeforeData(envelope, connection.lastServerResponse);
        if (refusal === null) await request.beforeData();
        else settle(refusal);
      },
      notBegun: () => settle(deferred(appError('storage.failed', 'later'))),
      partSent: () => allow(limits.commandMs),
      ended: () => allow(limits.answerMs),
    });
    const lost = (error: AppError): SubmissionOutcome =>
      message.hasEnded ? { kind: 'unknown', error } : deferred(error);
    const failed = (error: SmtpError): void => {
      const outcome = outcomeOf(error, message.hasEnded);
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
    };

    connection.on('error', failed);
    connection.on('end', () => settle(lost(appError('network.closed', 'soon'))));
    allow(limits.connectMs);
    connection.connect((error) => {
      if (error) return failed(error);
      allow(limits.commandMs);
      signIn(connection, credentials, (refusal) => {
        if (refusal) return failed(refusal);
        // MAIL, DATA, and each RCPT.
        allow(limits.commandMs * (2 + request.envelope.to.length));
        connection.send(envelope, message, (failure, info) => {
          if (failure) return failed(failure);
          const response = replyCodes(info?.response);
          if (message.hasEnded) return settle({ kind: 'accepted', response });
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
  readonly rejectedErrors?: readonly SmtpError[];
}

/**
 * Why the message must not leave although the server waits for it. nodemailer goes on when only some recipients are
 * refused, and after any 2yz or 3yz to DATA, of which only 354 invites the message (RFC 5321 section 4.1.1.4).
 */
function refusalBeforeData(envelope: NotedEnvelope, answer: unknown): SubmissionOutcome | null {
  const { rejectedErrors = [] } = envelope;
  const worst = rejectedErrors.find(({ responseCode = 0 }) => responseCode >= 500) ?? rejectedErrors[0];
  if (worst !== undefined) return outcomeOf(worst, false);
  return replyCodes(answer).startsWith('354')
    ? null
    : deferred(appError('server.protocol', 'later', { reason: 'notInvited' }));
}

interface MessageEvents {
  /** Awaited before the first byte. */
  readonly begin: () => Promise<void>;
  readonly notBegun: () => void;
  readonly partSent: () => void;
  readonly ended: () => void;
}

/** The message as a stream that nobody reads before the server's answer to DATA, since nodemailer pipes it only then. */
class Message extends Readable {
  /** True once the last part has been handed over, which the final dot follows at once. */
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
      () => this.#tell.notBegun(),
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
    this.hasEnded = true;
    this.#tell.ended();
    this.push(null);
  }
}

function outcomeOf(error: SmtpError, hasEnded: boolean): SubmissionOutcome {
  const appFailure = classifySubmission(error);
  const status = error.responseCode ?? 0;
  const response = replyCodes(error.response);
  // An answer to the message, or to what came before it, is a fact, even if the connection is lost right after.
  if (status >= 500 && appFailure.code === 'server.refused')
    return { kind: 'rejected', response, error: appFailure };
  if (status >= 400 && status < 600) return { kind: 'deferred', response, error: appFailure };
  if (hasEnded) return { kind: 'unknown', error: appFailure };
  return appFailure.code === 'server.refused' && appFailure.retry === 'never'
    ? { kind: 'rejected', response, error: appFailure }
    : deferred(appFailure);
}

function classifySubmission(error: SmtpError): AppError {
  // Refused by nodemailer on the server's behalf: larger than its SIZE, or an address that is none.
  if (error.code === 'EMESSAGE' && error.response === undefined)
    return appError('server.refused', 'never', { reason: 'tooLarge' });
  if (error.code === 'EENVELOPE' && error.response === undefined)
    return appError('server.refused', 'never', { reason: 'address' });
  if (error.code === 'EAUTH' && error.responseCode === undefined)
    return appError('server.protocol', 'later', { reason: 'signIn' });
  return classifyError(error);
}

function deferred(error: AppError): SubmissionOutcome {
  return { kind: 'deferred', response: null, error };
}
