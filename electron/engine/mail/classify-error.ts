import { type AppError, appError } from '../../../shared/errors.ts';
import { failureOfSystem, failureOfTls } from '../net/failure.ts';

/** What imapflow, nodemailer, Node and OpenSSL put on their errors, as far as it is looked at. */
interface LibraryError {
  readonly code?: unknown;
  /** nodemailer: the system's code, which its own has replaced. */
  readonly originalCode?: unknown;
  /** nodemailer: the SMTP reply and the command it answered. */
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly command?: unknown;
  /** imapflow: NO or BAD, its text and its response code; the reason of a BYE. */
  readonly responseStatus?: unknown;
  readonly responseText?: unknown;
  readonly serverResponseCode?: unknown;
  readonly reason?: unknown;
  readonly authenticationFailed?: unknown;
  readonly mailboxMissing?: unknown;
  readonly tlsFailed?: unknown;
  readonly throttleReset?: unknown;
}

/**
 * What an error thrown by imapflow, nodemailer or a socket means. Anything unknown counts as a server that does not
 * keep to the protocol. The texts that are matched are Exchange's own, which have no code.
 */
export function classifyError(thrown: unknown): AppError {
  const error: LibraryError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const code = textOf(error.originalCode) || textOf(error.code);
  return (
    classifyReply(error) ??
    classifyImapAnswer(error) ??
    classifyTls(code, error) ??
    failureOfSystem(code) ??
    classifyTimeout(code) ??
    classifyConnection(code, error) ??
    appError('server.protocol', 'later', { reason: /^\w{1,40}$/.test(code) ? code : 'unknown' })
  );
}

/** The end of an IMAP connection that the server announced by BYE. */
export function classifyBye(reason: string): AppError {
  // Exchange ends connections with 13 as a matter of routine, any server those that idle for long: no outage.
  return /Connection is closed\. 13|idle|inactiv|autologout/i.test(reason)
    ? appError('server.throttled', 'soon', { reason: 'routine' })
    : appError('server.unavailable', 'later', { reason: 'bye' });
}

/** The codes of an SMTP reply without its text, which may hold addresses: "550 5.7.1". */
export function replyCodes(response: unknown): string {
  return (
    /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(textOf(response))?.slice(1).filter(Boolean).join(' ') ?? ''
  );
}

function classifyReply(error: LibraryError): AppError | null {
  const { responseCode } = error;
  if (typeof responseCode !== 'number' || responseCode < 400 || responseCode > 599) return null;
  const status = replyCodes(error.response) || String(responseCode);
  const isPermanent = responseCode >= 500;
  // Exchange Online: more than three connections of one mailbox at a time.
  if (responseCode === 432) return appError('server.throttled', 'later', { status });
  const command = textOf(error.command);
  if (command.startsWith('AUTH'))
    return isPermanent
      ? appError('auth.refused', 'afterUserAction', { status })
      : appError('server.unavailable', 'later', { status });
  if (command === 'STARTTLS' || error.code === 'ETLS')
    return appError('network.tlsStripped', 'afterUserAction', { status });
  // "Bad sequence of commands" is about the session.
  if (responseCode === 503) return appError('server.protocol', 'later', { status });
  const isAboutTheMessage = ['MAIL FROM', 'RCPT TO', 'DATA'].includes(command);
  if (responseCode === 421 || responseCode === 451 || !isAboutTheMessage)
    return appError('server.unavailable', 'later', { status });
  return appError('server.refused', isPermanent ? 'never' : 'later', { status });
}

function classifyImapAnswer(error: LibraryError): AppError | null {
  const text = textOf(error.responseText) || textOf(error.response);
  const responseCode = textOf(error.serverResponseCode).toUpperCase();
  if (error.code === 'ETHROTTLE' || /Request is throttled/i.test(text)) {
    const waitMs = typeof error.throttleReset === 'number' ? error.throttleReset : 0;
    return appError('server.throttled', 'later', { waitMs });
  }
  if (responseCode === 'APPENDLIMIT' || responseCode === 'TOOBIG')
    return appError('server.refused', 'never', { reason: 'tooLarge' });
  const isAnswer = error.responseStatus === 'NO' || error.responseStatus === 'BAD';
  if (!isAnswer && error.authenticationFailed !== true) return null;
  // A backend that is down, or a sign-in that is wrong: Exchange says the same for both, and to any command.
  if (/authenticated but not connected/i.test(text))
    return appError('server.unavailable', 'later', { reason: 'notConnected' });
  if (['UNAVAILABLE', 'SERVERBUG', 'INUSE'].includes(responseCode))
    return appError('server.unavailable', 'later', { reason: responseCode.toLowerCase() });
  if (error.authenticationFailed === true) return appError('auth.refused', 'afterUserAction');
  if (error.mailboxMissing === true || ['TRYCREATE', 'NONEXISTENT'].includes(responseCode))
    return appError('notFound', 'later', { reason: 'folder' });
  if (responseCode === 'OVERQUOTA') return appError('server.refused', 'afterUserAction', { reason: 'quota' });
  if (/Maximum size of appendable message/i.test(text))
    return appError('server.refused', 'never', { reason: 'tooLarge' });
  // "Server Unavailable. 15" can also mean that the mailbox is full.
  if (/Server Unavailable/i.test(text)) return appError('server.unavailable', 'later', { reason: 'answer' });
  return appError('server.refused', 'later', { reason: error.responseStatus === 'NO' ? 'no' : 'bad' });
}

function classifyTls(code: string, error: LibraryError): AppError | null {
  const isRefusedUpgrade = error.tlsFailed === true && (code === '' || code === 'MissingServerExtension');
  return isRefusedUpgrade || code === 'STARTTLS_INJECTION'
    ? appError('network.tlsStripped', 'afterUserAction')
    : failureOfTls(code);
}

function classifyTimeout(code: string): AppError | null {
  return ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'].includes(code)
    ? appError('network.timeout', 'soon')
    : null;
}

function classifyConnection(code: string, error: LibraryError): AppError | null {
  switch (code) {
    case 'NoConnection':
    case 'EConnectionClosed':
    case 'StateLogout': {
      const reason = textOf(error.reason);
      // What imapflow says when the server gave no reason.
      return reason === '' || reason === 'Server closed connection'
        ? appError('network.closed', 'soon')
        : classifyBye(reason);
    }
    case 'ClosedAfterConnectText':
    case 'ClosedAfterConnectTLS':
    case 'ECONNECTION':
    case 'ESOCKET':
    case 'ETLS':
      return appError('network.closed', 'soon');
    case 'NoMailboxSelected':
      return appError('notFound', 'later', { reason: 'folder' });
    default:
      return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
