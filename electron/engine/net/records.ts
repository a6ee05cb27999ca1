import { Resolver } from 'node:dns/promises';

/** Records that are read from DNS, and never written. Rejects with the system's code when nobody answers. */
export interface Records {
  /** TXT, each record put together from its strings (RFC 7208 section 3.3); none where there is none. */
  text(name: string): Promise<readonly string[]>;
  /** MX, the preferred first; none where there is none. */
  mailServers(domain: string): Promise<readonly string[]>;
}

const timeoutMs = 3_000;
const tries = 2;
/** What a hostile name server may send is more than anybody needs. */
const mostRecords = 100;

/** Asks the system's name servers, or those given ("127.0.0.1:5353"). */
export function createRecords(servers?: readonly string[]): Records {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers([...servers]);
  return {
    text: async (name) =>
      (await noneOf(resolver.resolveTxt(name))).slice(0, mostRecords).map((strings) => strings.join('')),
    mailServers: async (domain) =>
      (await noneOf(resolver.resolveMx(domain)))
        .slice(0, mostRecords)
        .sort((a, b) => a.priority - b.priority)
        .map(({ exchange }) => exchange),
  };
}

/** A name that is not there, or not in this type, or is none at all, has no records. */
async function noneOf<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await asked;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME' || code === 'EBADSTR') return [];
    throw error;
  }
}
