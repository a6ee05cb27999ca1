import * as v from 'valibot';

/**
 * The first secrets of this laptop, as the device management brings them: by account address and provider, a
 * password or an OAuth refresh token. Sealed in the keystore at the first start; the file is deleted then.
 */
export const provisioningFile = v.strictObject({
  secrets: v.record(
    v.pipe(v.string(), v.email()),
    v.strictObject({ exchange: v.optional(v.string()), continuity: v.optional(v.string()) }),
  ),
});
