import * as v from 'valibot';

/** A JWK thumbprint by SHA-256 (RFC 7638). */
export const thumbprint = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

/** A continuity provider, see docs/provider.md: where its API is, and whose signatures count there. */
export const enrolmentProvider = v.strictObject({
  url: v.pipe(v.string(), v.url(), v.startsWith('https://'), v.maxLength(500)),
  signingKeys: v.pipe(v.array(thumbprint), v.minLength(1), v.maxLength(10), v.readonly()),
});

export type EnrolmentProvider = v.InferOutput<typeof enrolmentProvider>;

/** Stands for one that could not be read: nobody answers there, and no link leads elsewhere. */
export const providerOfNobody: EnrolmentProvider = {
  url: 'https://provider.invalid',
  signingKeys: ['A'.repeat(43)],
};
