import * as v from 'valibot';
import { identityKinds, signatureLanguages } from '../../../shared/model/identity.ts';
import { accountSettings } from '../../../shared/policy/account-settings.ts';

/**
 * What the provider answers: the payloads of its signed answers. docs/provider.md is the specification. Members that
 * are not known are ignored, so that the provider may add some.
 */
const { host, port, security } = accountSettings.entries.continuity.entries.imap.entries;
const server = v.object({ host, port, security });
const servers = v.object({ imap: server, submission: server });
const [oauth, password] = accountSettings.entries.exchange.entries.authentication.options;
const exchange = v.object({
  ...servers.entries,
  authentication: v.variant('kind', [v.object(oauth.entries), v.object(password.entries)]),
});

/** Seconds since 1970, as in RFC 7519. */
const numericDate = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const signingKeys = v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-]{43}$/))), v.minLength(1)));
const secret = v.pipe(v.string(), v.minLength(16), v.maxLength(500), v.regex(/^[\x21-\x7e]+$/));
const validity = { issuedAt: numericDate, rotateAfter: numericDate };

/** In every answer: the request's nonce, and the provider's time. */
export const freshness = v.object({ nonce: v.string(), iat: numericDate });

export const enrolmentAnswer = v.object({
  deviceId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  credential: v.object({ user: text, secret, ...validity }),
  account: v.object({
    address: accountSettings.entries.address,
    displayName: accountSettings.entries.displayName,
    continuity: servers,
    exchange: v.optional(exchange),
  }),
  signingKeys,
});

export const credentialAnswer = v.object({ credential: v.object({ secret, ...validity }) });

export const deviceAnswer = v.object({ credential: v.object(validity), signingKeys });

export const identitiesAnswer = v.object({
  identities: v.pipe(
    v.array(
      v.object({
        address: v.pipe(v.string(), v.email()),
        displayName: v.pipe(v.string(), v.maxLength(200)),
        kind: v.picklist(identityKinds),
        maySend: v.boolean(),
        signature: v.optional(
          v.object(
            v.entriesFromList(signatureLanguages, v.optional(v.pipe(v.string(), v.maxLength(10_000)))),
          ),
        ),
      }),
    ),
    v.maxLength(200),
  ),
});

export const deliveriesAnswer = v.object({
  messageId: v.string(),
  outcome: v.picklist(['taken', 'notTaken', 'unknown']),
  takenAt: v.optional(numericDate),
  recipients: v.optional(
    v.pipe(
      v.array(
        v.object({
          address: v.pipe(v.string(), v.maxLength(320)),
          state: v.picklist(['delivered', 'waiting', 'failed']),
          response: v.optional(v.pipe(v.string(), v.maxLength(200))),
        }),
      ),
      v.maxLength(1000),
    ),
  ),
});

export const countersignatureAnswer = v.object({
  /** SHA-256 of the head, base64url. */
  head: v.string(),
  account: v.string(),
  deviceId: v.string(),
});

/** It has been noted. */
export const drillReportAnswer = v.object({ matter: v.string() });

export const errorAnswer = v.object({ error: v.object({ code: v.string() }) });
