import {
  type Identity,
  type IdentityEntry,
  isSameAddress,
  type Signatures,
} from '../../../../shared/model/identity.ts';

export interface IdentitySources {
  readonly own: { readonly address: string; readonly displayName: string };
  readonly policy: readonly IdentityEntry[];
  /** What the provider's directory serves. */
  readonly provider: readonly IdentityEntry[];
  /** What the person added. */
  readonly person: readonly IdentityEntry[];
  /** What the person chose, by address. */
  readonly signatures: readonly { readonly address: string; readonly text: string }[];
  /** In which a signature is wanted, e.g. "de". */
  readonly language: string;
  /** Mail leaves through the continuity provider at present. */
  readonly isOutage: boolean;
}

/**
 * As whom a person may write: each address once, the account's own first, then in the order of policy, directory and
 * person. Of what several say about one address, policy comes before the directory and the directory before the person,
 * except for the signature, which is the person's own if there is one. Continuity needs a yes, and a no of either
 * counts; without a word about it the account's own address has it and no other.
 */
export function mergeIdentities(sources: IdentitySources): readonly Identity[] {
  const { own, policy, provider, person } = sources;
  const ownEntry: IdentityEntry = { ...own, kind: 'own', continuity: true };
  const named = [ownEntry, ...policy, ...provider, ...person];
  const firsts = named.filter(
    ({ address }, index) => named.findIndex((other) => isSameAddress(other.address, address)) === index,
  );
  return firsts.map(({ address }) => {
    const about = (entries: readonly IdentityEntry[]) =>
      entries.filter((entry) => isSameAddress(entry.address, address));
    const isOwn = isSameAddress(address, own.address);
    const given = [...about(policy), ...about(provider)];
    const said = [...given, ...about(person), ...(isOwn ? [ownEntry] : [])];
    const kind = said[0]?.kind ?? 'alias';
    const mayByContinuity = given.length === 0 ? isOwn : given.every(({ continuity }) => continuity);
    return {
      address: isOwn ? own.address : address,
      displayName: said.find(({ displayName }) => displayName !== '')?.displayName ?? '',
      kind: isOwn ? 'own' : kind === 'own' ? 'alias' : kind,
      signature: signatureOf(address, given, sources),
      unavailable: sources.isOutage && !mayByContinuity ? 'notByContinuity' : null,
      isByHand: given.length === 0 && !isOwn,
    };
  });
}

function signatureOf(
  address: string,
  given: readonly IdentityEntry[],
  { signatures, language }: IdentitySources,
): string {
  const chosen = signatures.find((one) => isSameAddress(one.address, address))?.text;
  const texts = [chosen, ...given.map(({ signature = {} }) => inLanguage(signature, language))];
  const text = texts.find((each) => each !== undefined) ?? '';
  return text.replace(/\r\n?/g, '\n').replace(/^\n+|\s+$/g, '');
}

/** In the language asked for, else in English, else in whichever there is. */
function inLanguage(signatures: Signatures, language: string): string | undefined {
  const texts: Readonly<Record<string, string | undefined>> = signatures;
  return texts[language] ?? signatures.en ?? Object.values(texts).find((text) => text !== undefined);
}
