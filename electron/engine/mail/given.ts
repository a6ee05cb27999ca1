/**
 * Whether a server gave these bytes. For NIL imapflow has `false`, whatever its types say: Dovecot answers so when another
 * client expunges the message while it is fetched.
 */
export function isGiven(bytes: Uint8Array | false | null | undefined): bytes is Buffer {
  return Buffer.isBuffer(bytes);
}
