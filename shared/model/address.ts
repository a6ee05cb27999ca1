/** A mailbox (RFC 5322 section 3.4). `name` is empty when the header gives none. */
export interface Address {
  readonly name: string;
  readonly address: string;
}
