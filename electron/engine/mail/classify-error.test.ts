import { describe, expect, it } from 'vitest';
import { type AppError, appError } from '../../../shared/errors.ts';
import { classifyBye, classifyError, replyCodes } from './classify-error.ts';

const error = (fields: Readonly<Record<string, unknown>>): Error => Object.assign(new Error('x'), fields);
const smtp = (response: string, command: string) =>
  error({ code: 'EENVELOPE', response, responseCode: Number(response.slice(0, 3)), command });
const imap = (responseStatus: 'NO' | 'BAD', responseText: string, serverResponseCode = '') =>
  error({
    responseStatus,
    responseText,
    serverResponseCode,
    response: `A1 ${responseStatus} ${responseText}`,
  });

const table: readonly (readonly [string, unknown, AppError])[] = [
  ['nobody listens', error({ code: 'ECONNREFUSED' }), appError('network.unreachable', 'soon')],
  ['no route', error({ code: 'EHOSTUNREACH' }), appError('network.unreachable', 'soon')],
  [
    'the name does not exist',
    error({ code: 'EDNS', originalCode: 'ENOTFOUND', command: 'CONN' }),
    appError('network.unreachable', 'later', { reason: 'nameUnknown' }),
  ],
  [
    'the name server is away',
    error({ code: 'EAI_AGAIN' }),
    appError('network.unreachable', 'soon', { reason: 'nameServer' }),
  ],
  ['a reset', error({ code: 'ESOCKET', originalCode: 'ECONNRESET' }), appError('network.closed', 'soon')],
  ['a connection that timed out', error({ code: 'ETIMEDOUT' }), appError('network.timeout', 'soon')],
  ['no greeting', error({ code: 'GREETING_TIMEOUT' }), appError('network.timeout', 'soon')],
  ['no handshake', error({ code: 'UPGRADE_TIMEOUT', tlsFailed: true }), appError('network.timeout', 'soon')],
  ['silence', error({ code: 'ETIMEOUT' }), appError('network.timeout', 'soon')],
  ['an SMTP connection that ended', error({ code: 'ECONNECTION' }), appError('network.closed', 'soon')],
  ['an IMAP connection that ended', error({ code: 'NoConnection' }), appError('network.closed', 'soon')],
  [
    "Exchange's routine BYE",
    error({ code: 'NoConnection', reason: 'Connection is closed. 13' }),
    appError('server.throttled', 'soon', { reason: 'routine' }),
  ],
  [
    'another BYE',
    error({ code: 'NoConnection', reason: 'Server shutting down.' }),
    appError('server.unavailable', 'later', { reason: 'bye' }),
  ],
  ...(
    [
      ['CERT_HAS_EXPIRED', 'network.certificateExpired'],
      ['CERT_NOT_YET_VALID', 'network.certificateNotYetValid'],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network.certificateSelfSigned'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'network.certificateUnknownAuthority'],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network.certificateUnknownAuthority'],
      ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'network.certificateUnknownAuthority'],
    ] as const
  ).map(([code, meaning]) => [code, error({ code }), appError(meaning, 'afterUserAction')] as const),
  [
    'a certificate that has been revoked',
    error({ code: 'CERT_REVOKED' }),
    appError('network.tls', 'afterUserAction', { reason: 'certificate' }),
  ],
  [
    "somebody else's certificate, seen by nodemailer",
    error({ code: 'ESOCKET', originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    appError('network.certificateHostname', 'afterUserAction'),
  ],
  [
    'a handshake that the server broke off',
    error({ code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' }),
    appError('network.tls', 'later', { reason: 'alert' }),
  ],
  [
    'no TLS at all',
    error({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }),
    appError('network.tlsStripped', 'afterUserAction'),
  ],
  [
    'STARTTLS that is not offered',
    error({ tlsFailed: true }),
    appError('network.tlsStripped', 'afterUserAction'),
  ],
  [
    'STARTTLS that is refused',
    error({ code: 'ETLS', response: '454 4.7.0 no', responseCode: 454, command: 'STARTTLS' }),
    appError('network.tlsStripped', 'afterUserAction', { status: '454 4.7.0' }),
  ],
  [
    'throttling with a time',
    error({ code: 'ETHROTTLE', responseStatus: 'BAD', throttleReset: 92_415 }),
    appError('server.throttled', 'later', { waitMs: 92_415 }),
  ],
  [
    'throttling without one',
    imap('BAD', 'Request is throttled.'),
    appError('server.throttled', 'later', { waitMs: 0 }),
  ],
  [
    '"authenticated but not connected" at sign-in',
    error({
      responseStatus: 'BAD',
      authenticationFailed: true,
      responseText: 'User is authenticated but not connected.',
    }),
    appError('server.unavailable', 'later', { reason: 'notConnected' }),
  ],
  [
    'refused credentials',
    error({ responseStatus: 'NO', authenticationFailed: true, responseText: 'AUTHENTICATE failed.' }),
    appError('auth.refused', 'afterUserAction'),
  ],
  [
    'a sign-in that is not possible now',
    error({ responseStatus: 'NO', authenticationFailed: true, serverResponseCode: 'UNAVAILABLE' }),
    appError('server.unavailable', 'later', { reason: 'unavailable' }),
  ],
  [
    'a folder that is not there',
    error({ responseStatus: 'NO', mailboxMissing: true, responseText: 'x does not exist' }),
    appError('notFound', 'later', { reason: 'folder' }),
  ],
  [
    'a message that is too large to append',
    imap('NO', 'Maximum size of appendable message has been exceeded'),
    appError('server.refused', 'never', { reason: 'tooLarge' }),
  ],
  [
    'a full mailbox',
    imap('NO', 'Quota', 'OVERQUOTA'),
    appError('server.refused', 'afterUserAction', { reason: 'quota' }),
  ],
  [
    '"Server Unavailable. 15"',
    imap('NO', 'Server Unavailable. 15'),
    appError('server.unavailable', 'later', { reason: 'answer' }),
  ],
  [
    'any other BAD',
    imap('BAD', 'Command Argument Error. 11'),
    appError('server.refused', 'later', { reason: 'bad' }),
  ],
  [
    '432',
    smtp('432 4.3.2 limit exceeded', 'MAIL FROM'),
    appError('server.throttled', 'later', { status: '432 4.3.2' }),
  ],
  [
    '421',
    smtp('421 4.3.2 not now', 'RCPT TO'),
    appError('server.unavailable', 'later', { status: '421 4.3.2' }),
  ],
  ['451', smtp('451 4.7.0 later', 'DATA'), appError('server.unavailable', 'later', { status: '451 4.7.0' })],
  [
    'a recipient that is refused for now',
    smtp('450 4.2.0 greylisted', 'RCPT TO'),
    appError('server.refused', 'later', { status: '450 4.2.0' }),
  ],
  [
    'a recipient that is refused for good',
    smtp('550 5.1.1 <a@b.example> unknown', 'RCPT TO'),
    appError('server.refused', 'never', { status: '550 5.1.1' }),
  ],
  [
    'refused credentials, by SMTP',
    smtp('535 5.7.3 Authentication unsuccessful', 'AUTH PLAIN'),
    appError('auth.refused', 'afterUserAction', { status: '535 5.7.3' }),
  ],
  [
    'a sign-in that is not possible now, by SMTP',
    smtp('454 4.7.0 Temporary authentication failure', 'AUTH XOAUTH2'),
    appError('server.unavailable', 'later', { status: '454 4.7.0' }),
  ],
  [
    'a greeting that turns away',
    smtp('554 No service', 'CONN'),
    appError('server.unavailable', 'later', { status: '554' }),
  ],
  [
    'a session in disorder',
    smtp('503 5.5.1 Bad sequence', 'MAIL FROM'),
    appError('server.protocol', 'later', { status: '503 5.5.1' }),
  ],
  [
    'a line that is not IMAP',
    error({ code: 'ParserError11' }),
    appError('server.protocol', 'later', { reason: 'ParserError11' }),
  ],
  [
    'a greeting that is not SMTP',
    error({ code: 'EPROTOCOL', response: 'hello', command: 'CONN' }),
    appError('server.protocol', 'later', { reason: 'EPROTOCOL' }),
  ],
  [
    'an error without a code',
    new Error('bob@b.example?'),
    appError('server.protocol', 'later', { reason: 'unknown' }),
  ],
  ['something that is no error', 'boom', appError('server.protocol', 'later', { reason: 'unknown' })],
];

describe('classifyError', () => {
  it.each(table)('knows %s', (_what, thrown, expected) => {
    expect(classifyError(thrown)).toEqual(expected);
  });

  it('lets no text of a server through', () => {
    for (const [, thrown] of table) expect(JSON.stringify(classifyError(thrown))).not.toMatch(/@|example/);
  });
});

it('takes the end of an idle connection for no outage', () => {
  expect(classifyBye('Autologout; idle for too long').code).toBe('server.throttled');
});

it('keeps the codes of a reply and nothing else', () => {
  expect(replyCodes('550 5.1.1 <a@b.example> unknown')).toBe('550 5.1.1');
  expect(replyCodes('250-mixed\n250 ok')).toBe('250');
  expect(replyCodes('hello')).toBe('');
  expect(replyCodes(undefined)).toBe('');
});
