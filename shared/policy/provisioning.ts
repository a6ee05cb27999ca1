import * as v from 'valibot';

/**
 * The first secrets of this laptop, as the device management brings them, in a file or as a value: by account address
 * and provider, a password or an OAuth refresh token; and codes or links to enrol by. Sealed in the key store at the
 * first start; a file is deleted then.
 */
export const provisioning = v.strictObject({
  /** "user:password" of the company's proxy, for one that asks. */
  proxy: v.optional(v.string()),
  secrets: v.optional(
    v.record(
      v.pipe(v.string(), v.email()),
      v.strictObject({ exchange: v.optional(v.string()), continuity: v.optional(v.string()) }),
    ),
    {},
  ),
  enrolments: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(2000))), v.maxLength(50)), []),
});

/**
 * Codes and links on their way to becoming credentials, as the key store keeps them for the engine (JSON, under the
 * name `enrolment` of the device).
 */
export const pendingEnrolments = v.array(
  v.object({
    /** As it was typed, pasted or brought. */
    text: v.pipe(v.string(), v.maxLength(2000)),
    /** Null until it was tried for the first time, as it comes from the device management. */
    begun: v.nullable(v.object({ code: v.string(), redemption: v.string() })),
  }),
);

export type PendingEnrolment = v.InferOutput<typeof pendingEnrolments>[number];
