import type { ParsedMessage } from '../../mime/types.ts';

/** A mail to more people than these is no correspondence with any of them. */
const mostPeople = 30;

/** Stands beside the keys of conversations (`conversation/threading.ts`). */
export function correspondentKey(address: string): string {
  return `co:${address.toLowerCase()}`;
}

/** Of everybody who wrote the message or got it, but for the person. */
export function correspondentKeys(
  { from, to, cc }: Pick<ParsedMessage, 'from' | 'to' | 'cc'>,
  isOwnAddress: (address: string) => boolean,
): readonly string[] {
  const addresses = [from, ...[...to, ...cc].slice(0, mostPeople)].map(({ address }) => address);
  return [...new Set(addresses)]
    .filter((address) => address !== '' && !isOwnAddress(address))
    .map(correspondentKey);
}
