import * as v from 'valibot';

const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/));
const about = { kid: v.optional(v.string()), use: v.optional(v.literal('enc')), alg: v.optional(v.string()) };

/**
 * A public key as a JWK (RFC 7517). Nothing else may stand in it: one that holds the private part as well is refused,
 * since a policy can be read by everybody. RSA from 2048 bits.
 */
export const escrowKey = v.variant('kty', [
  v.strictObject({
    ...about,
    kty: v.literal('EC'),
    crv: v.picklist(['P-256', 'P-384', 'P-521']),
    x: base64url,
    y: base64url,
  }),
  v.strictObject({
    ...about,
    kty: v.literal('RSA'),
    n: v.pipe(base64url, v.minLength(342)),
    e: base64url,
  }),
]);

export type EscrowKey = v.InferOutput<typeof escrowKey>;
