import * as v from 'valibot';
import { identityKinds, signatureLanguages } from '../model/identity.ts';

const hostName = v.pipe(v.string(), v.minLength(1), v.maxLength(253), v.regex(/^[A-Za-z0-9._:-]+$/));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));

/** TLS is never optional: `tls` from the first byte, `starttls` upgraded before anything else is said. */
const server = v.strictObject({
  host: hostName,
  port,
  security: v.picklist(['tls', 'starttls']),
});

const httpsUrl = v.pipe(v.string(), v.url(), v.startsWith('https://'));

const authentication = v.variant('kind', [
  v.strictObject({
    kind: v.literal('oauth'),
    /** The OpenID provider, e.g. https://login.microsoftonline.com/<tenant>/v2.0, or that of a national cloud. */
    issuer: httpsUrl,
    /** Instead of its discovery document, for a provider in the house that has none. */
    endpoints: v.optional(
      v.strictObject({
        authorization: httpsUrl,
        token: httpsUrl,
        deviceAuthorization: v.optional(httpsUrl),
      }),
    ),
    clientId: v.pipe(v.string(), v.minLength(1)),
    scopes: v.array(v.string()),
    user: v.pipe(v.string(), v.minLength(1)),
  }),
  v.strictObject({ kind: v.literal('password'), user: v.pipe(v.string(), v.minLength(1)) }),
]);

const provider = v.strictObject({ imap: server, submission: server, authentication });

const signature = v.pipe(v.string(), v.maxLength(10_000));

/** As whom the person may write, besides their own address or with more to say about it. See `Identity`. */
const identity = v.strictObject({
  address: v.pipe(v.string(), v.email()),
  displayName: v.pipe(v.string(), v.maxLength(200)),
  kind: v.picklist(identityKinds),
  /** Plain text by language. */
  signature: v.optional(v.strictObject(v.entriesFromList(signatureLanguages, v.optional(signature)))),
  /** Whether the continuity provider may send for this address. */
  continuity: v.boolean(),
});

/** One employee's mailbox: where it lives, and where it goes on while Exchange is away. */
export const accountSettings = v.strictObject({
  address: v.pipe(v.string(), v.email()),
  displayName: v.pipe(v.string(), v.maxLength(200)),
  /** A mailbox that several people open. */
  isShared: v.optional(v.boolean()),
  /** The address of the account whose sign-in at Exchange opens this mailbox as well, under the `user` named here. */
  openedBy: v.optional(v.pipe(v.string(), v.email())),
  identities: v.optional(v.pipe(v.array(identity), v.maxLength(500))),
  exchange: provider,
  continuity: provider,
});

export type ServerSettings = v.InferOutput<typeof server>;
export type AuthenticationSettings = v.InferOutput<typeof authentication>;
export type ProviderSettings = v.InferOutput<typeof provider>;
export type AccountSettings = v.InferOutput<typeof accountSettings>;
