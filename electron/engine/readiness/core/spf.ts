/** TXT records of a name, each put together; none where the name has none or does not exist. Rejects when nobody answers. */
export type LookUpText = (name: string) => Promise<readonly string[]>;

/**
 * What a receiver makes of mail from the domain that the provider sends (RFC 7208 section 2.6). `pass`: the record lets
 * the provider send. `fail`: it does not. `none`: there is no record. `permerror`: it is broken, or asks too much.
 */
export type SpfResult = 'pass' | 'fail' | 'none' | 'permerror';

/** Terms that need DNS (RFC 7208 section 4.6.4). */
const mostLookups = 10;
const longestRecord = 4096;
const mostTerms = 100;

class PermError extends Error {}

/**
 * Whether the SPF record of `domain` passes what the provider sends, who is known by the name of its own record,
 * `include`. Read from left to right as a receiver does; a mechanism about addresses is none of the provider's, and `all`
 * is everybody's. What a receiver may have to look up until then counts, within the provider's own record as well.
 */
export async function spfOf(domain: string, include: string, look: LookUpText): Promise<SpfResult> {
  const wanted = normal(include);
  let lookups = 0;

  const spend = (): void => {
    lookups += 1;
    if (lookups > mostLookups) throw new PermError();
  };

  /** The one SPF record of a name (section 4.5); null: there is none. */
  const recordOf = async (name: string): Promise<string | null> => {
    const found = (await look(name)).filter((text) => /^v=spf1(?: |$)/i.test(text));
    const [record] = found;
    if (record === undefined) return null;
    if (found.length > 1 || record.length > longestRecord) throw new PermError();
    return record;
  };

  /** Whether the provider is let through by this record; null: nothing in it concerns it. */
  const evaluate = async (name: string, isTop: boolean): Promise<boolean | null> => {
    const record = await recordOf(name);
    if (record === null) {
      if (isTop) return null;
      // An include or redirect to nothing is an error of the one who names it (sections 5.2 and 6.1).
      throw new PermError();
    }
    const isProviders = name === wanted;
    const terms = record.split(/ +/).slice(1).filter(Boolean);
    if (terms.length > mostTerms) throw new PermError();
    let redirect: string | null = null;
    for (const term of terms) {
      const modifier = /^([a-z][\w.-]*)=(.*)$/i.exec(term);
      if (modifier !== null) {
        if (modifier[1]?.toLowerCase() !== 'redirect') continue;
        if (redirect !== null) throw new PermError();
        redirect = modifier[2] ?? '';
        continue;
      }
      const [, sign = '+', kind = '', rest = ''] = /^([+?~-]?)(\w+)(.*)$/.exec(term) ?? [];
      const passes = sign === '+' || sign === '';
      switch (kind.toLowerCase()) {
        case 'all':
          if (rest !== '') throw new PermError();
          // Where the provider's own record is looked through, only what it costs matters.
          if (!isProviders) return passes;
          break;
        case 'include': {
          if (!rest.startsWith(':')) throw new PermError();
          spend();
          const target = normal(rest.slice(1));
          // What depends on the sender cannot be known beforehand.
          if (target.includes('%')) break;
          if (target === '') throw new PermError();
          const inner = await evaluate(target, false);
          if (target === wanted || (inner === true && !isProviders)) return passes;
          break;
        }
        case 'a':
        case 'mx':
        case 'exists':
        case 'ptr':
          spend();
          break;
        case 'ip4':
        case 'ip6':
          break;
        default:
          throw new PermError();
      }
    }
    if (redirect === null || terms.some((term) => /^[+?~-]?all$/i.test(term)))
      return isProviders ? true : null;
    spend();
    const target = normal(redirect);
    if (target === '') throw new PermError();
    if (target.includes('%')) return null;
    const inner = await evaluate(target, false);
    return target === wanted ? true : inner;
  };

  try {
    const name = normal(domain);
    const isThere = (await recordOf(name)) !== null;
    if (!isThere) return 'none';
    const passes = await evaluate(name, true);
    return passes === true ? 'pass' : 'fail';
  } catch (error) {
    if (error instanceof PermError) return 'permerror';
    throw error;
  }
}

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, '');
