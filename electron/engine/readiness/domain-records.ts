import type { EpochMs } from '../../../shared/model/ids.ts';
import type { DomainFinding } from '../../../shared/model/readiness.ts';
import type { Fetch } from '../net/https-fetch.ts';
import type { Records } from '../net/records.ts';
import type { Clock } from '../ports.ts';
import { domainFindings, type ProviderRecords } from './core/domain.ts';

/** What the domain of an address lacks; null where DNS did not answer, which proves nothing. */
export async function lookAtDomain(
  address: string,
  provider: ProviderRecords,
  records: Records,
): Promise<readonly DomainFinding[] | null> {
  const domain = address.split('@').at(-1) ?? '';
  try {
    return await domainFindings(domain, provider, records);
  } catch {
    return null;
  }
}

/**
 * By how much this laptop's clock is ahead of a server's, in ms, to a second and half the time of its answer (the field
 * Date, RFC 9110 section 6.6.1). Whatever it answers tells; null: nothing did.
 */
export async function clockAheadOf(url: string, fetch: Fetch, clock: Clock): Promise<number | null> {
  const askedAt: EpochMs = clock.now();
  try {
    const { headers } = await fetch(url, { method: 'HEAD' });
    const theirs = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(theirs) ? null : (askedAt + clock.now()) / 2 - theirs;
  } catch {
    return null;
  }
}
