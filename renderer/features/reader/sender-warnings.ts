import type { Address } from '../../../shared/model/address.ts';
import type { SenderFacts } from '../../../shared/model/conversation.ts';
import { toUnicode } from './punycode.ts';

/**
 * What is worth looking at twice, the worst first.
 * `lookalike`: the domain looks like one that the person deals with and is another. `nameIsAddress`: the name is an
 * address, of somebody else. `replyElsewhere`: an answer would go to another domain. `firstContact`: they were never
 * heard of.
 */
export type SenderWarning =
  | { readonly kind: 'lookalike'; readonly domain: string; readonly of: string }
  | { readonly kind: 'nameIsAddress'; readonly address: string }
  | { readonly kind: 'replyElsewhere'; readonly address: string }
  | { readonly kind: 'firstContact' };

/** Of a message that somebody else has written. `ownAddress`: the person's. */
export function senderWarnings(
  from: Address,
  { replyTo, isFirstContact, knownDomains }: SenderFacts,
  ownAddress: string,
): readonly SenderWarning[] {
  const domain = domainOf(from.address);
  const known = [...new Set([domainOf(ownAddress), ...knownDomains])].filter((one) => one !== '');
  const warnings: SenderWarning[] = [];
  const of = known.includes(domain) ? undefined : known.find((one) => looksLike(domain, one));
  if (of !== undefined) warnings.push({ kind: 'lookalike', domain, of });
  const named = /[^\s<>"']+@[^\s<>"']+\.[^\s<>"']+/.exec(from.name)?.[0];
  if (named !== undefined && !isRelated(domainOf(named), domain))
    warnings.push({ kind: 'nameIsAddress', address: named });
  const elsewhere = replyTo.find(({ address }) => !isRelated(domainOf(address), domain));
  if (elsewhere !== undefined && !known.includes(domainOf(elsewhere.address)))
    warnings.push({ kind: 'replyElsewhere', address: elsewhere.address });
  if (isFirstContact) warnings.push({ kind: 'firstContact' });
  return warnings;
}

const domainOf = (address: string): string =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();

/** The same, or one a part of the other: mail of one house comes from several of its hosts. */
const isRelated = (one: string, other: string): boolean =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);

/** Whether a person would take one for the other at a glance. Subdomains of the other are its own. */
export function looksLike(domain: string, known: string): boolean {
  if (domain === known || isRelated(domain, known)) return false;
  const [one, other] = [skeleton(domain), skeleton(known)];
  if (one === other) return true;
  // The known name in front, so that it is read first: "bank.example.evil.test".
  if (domain.startsWith(`${known}.`) || domain.startsWith(`${known.replaceAll('.', '-')}.`)) return true;
  const [oneName, otherName] = [nameIn(one), nameIn(other)];
  // Short names differ by a letter without anybody meaning it.
  if (otherName.length < 6) return false;
  if (oneName === otherName) return one.split('.').length === other.split('.').length;
  return one.slice(oneName.length) === other.slice(otherName.length) && isOneSlipAway(oneName, otherName);
}

const nameIn = (domain: string): string => domain.split('.', 1)[0] ?? '';

/** Letters of other scripts and digits that are drawn like a Latin letter (Unicode TR 39, those that occur in domains). */
const drawnLike: Readonly<Record<string, string>> = {
  ...pairs('авсеорхуіјѕԁһӏкмтнԛԝ', 'abceopxyijsdhlkmthqw'),
  ...pairs('αορνικτυχεηωѡ', 'aopviktuxenww'),
  ...pairs('ıɩⅼɡɑʏ', 'iilgay'),
  ...pairs('01358', 'olesb'),
};

function pairs(from: string, to: string): Record<string, string> {
  const letters = [...to];
  return Object.fromEntries([...from].map((letter, index) => [letter, letters[index] ?? letter]));
}

/** What is left of a domain at a glance: one picture for all that are drawn alike. */
function skeleton(domain: string): string {
  const plain = toUnicode(domain).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...plain]
    .map((letter) => drawnLike[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd')
    .replaceAll('i', 'l')
    .replaceAll('-', '');
}

/** One letter more, less, other, or two that changed places. */
function isOneSlipAway(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const isOther = short.slice(at + 1) === long.slice(at + 1);
  const isSwapped =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return isOther || isSwapped;
}
