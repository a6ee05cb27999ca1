import { addressParser } from 'postal-mime';
import type { Address } from '../../../shared/model/address.ts';
import { normalizeWords } from './encoded-words.ts';

const maximumLength = 131_072;

/** The addresses of a header value (RFC 5322 section 3.4) in order, those of groups among them. */
export function readAddresses(value: string, charset: string | null): readonly Address[] {
  return addressParser(normalizeWords(plainForm(value.slice(0, maximumLength)), charset))
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ name, address: bareAddress(address) }))
    .filter(({ name, address }) => name !== '' || address !== '');
}

/** What the library does not know of section 4.4: brackets within comments, blanks around the dots of a domain. */
function plainForm(value: string): string {
  const joined = value.replace(/@[\w-]{1,63}(?:\s{0,10}\.\s{0,10}[\w-]{1,63}){1,20}/g, (domain) =>
    domain.replace(/\s+/g, ''),
  );
  if (!joined.includes('(')) return joined;
  let depth = 0;
  let isQuoted = false;
  return joined.replace(/\\[\s\S]|["()]/g, (token) => {
    if (token.length > 1) return depth > 0 ? token.slice(1).replace(/[()]/, '') : token;
    if (token === '"') {
      if (depth === 0) isQuoted = !isQuoted;
      return token;
    }
    if (isQuoted) return token;
    depth += token === '(' ? 1 : depth > 0 ? -1 : 0;
    const isOutermost = token === '(' ? depth === 1 : depth === 0;
    return isOutermost ? token : '';
  });
}

/** Without comments, the blanks around its parts, and the route that it was to take (section 4.4). */
function bareAddress(address: string): string {
  if (!/[\s():]/.test(address) || address.startsWith('"')) return address;
  const route = /^@[^:<>"]{0,500}:(?=[^:]*@)/;
  const bare = address.replace(/\([^()]*\)/g, '').replace(route, '');
  // Blanks without an "@" are words, not an address.
  return bare.includes('@') ? bare.replace(/\s+/g, '') : bare;
}
