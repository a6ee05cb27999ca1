import type { Address } from '../../../../shared/model/address.ts';
import { type Identity, isSameAddress } from '../../../../shared/model/identity.ts';
import type { DraftKind } from '../../../../shared/model/outgoing.ts';

export interface Addressed {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Addresses in the headers that delivering servers add: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  readonly isFromMe: boolean;
}

/**
 * As whom an answer is written: as the one who was written to, or who wrote it; what is new or passed on, as oneself.
 * Whoever is both addressed and represents somebody addressed answers as oneself. A server's word on where it delivered
 * counts where no header that people see names an identity: a blind copy, a list. `identities` begins with the own one.
 */
export function pickIdentity(
  kind: DraftKind,
  answered: Addressed | null,
  identities: readonly [Identity, ...Identity[]],
): Identity {
  const [own] = identities;
  if (answered === null || kind === 'new' || kind === 'forward') return own;
  const among = (addresses: readonly string[]): Identity | undefined => {
    const met = addresses.flatMap((address) =>
      identities.filter((identity) => isSameAddress(identity.address, address)),
    );
    return met.find(isOneself) ?? met[0];
  };
  const written = [...answered.to, ...answered.cc].map(({ address }) => address);
  const wrote = answered.isFromMe ? among([answered.from.address]) : undefined;
  return wrote ?? among(written) ?? among(answered.deliveredTo) ?? own;
}

/** An address of the account's own mailbox, whose mail comes here anyhow. */
export function isOneself({ kind }: Identity): boolean {
  return kind === 'own' || kind === 'alias';
}
