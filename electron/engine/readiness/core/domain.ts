import type { DomainFinding } from '../../../../shared/model/readiness.ts';
import { type LookUpText, spfOf } from './spf.ts';

/** What the provider says of how it sends for a domain, and takes its mail. What is left out is not checked. */
export interface ProviderRecords {
  /** The name of the provider's own SPF record, which the domain's has to include. */
  readonly spf?: string | undefined;
  /** Under which selector the provider signs with the domain's own name (RFC 6376 section 3.6.2.1). */
  readonly dkimSelector?: string | undefined;
  /** A server, or the domain of all servers, to which the domain's MX has to be turned in an outage, or leads already. */
  readonly mx?: string | undefined;
}

export interface DomainLookup {
  readonly text: LookUpText;
  /** Names of the mail servers of a domain; none where it has none. Rejects when nobody answers. */
  readonly mailServers: (domain: string) => Promise<readonly string[]>;
}

/**
 * What stands in the way of mail that the provider sends as `domain`, and of mail to it; the weightiest first. Mail passes
 * DMARC by either of two ways (RFC 7489 section 3.1): SPF, since the provider uses the person's own address as return path,
 * and a signature in the domain's name, both of which align strictly as well. Rejects when DNS does not answer.
 */
export async function domainFindings(
  domain: string,
  provider: ProviderRecords,
  look: DomainLookup,
): Promise<readonly DomainFinding[]> {
  const { spf, dkimSelector, mx } = provider;
  const spfResult = spf === undefined ? null : await spfOf(domain, spf, look.text);
  const hasKey =
    dkimSelector === undefined ? null : hasDkimKey(await look.text(`${dkimSelector}._domainkey.${domain}`));
  const servers = mx === undefined ? null : await look.mailServers(domain);
  const findings: DomainFinding[] = [];
  const passes = spfResult === 'pass' || hasKey === true;
  if ((spfResult !== null || hasKey !== null) && !passes) {
    const wants = await dmarcPolicyOf(domain, look.text);
    if (wants === 'quarantine' || wants === 'reject') findings.push('dmarc');
  }
  if (spfResult !== null && spfResult !== 'pass')
    findings.push(spfResult === 'permerror' ? 'spfBroken' : 'spf');
  if (hasKey === false) findings.push('dkim');
  if (mx !== undefined && servers !== null && !servers.some((server) => isWithin(server, mx)))
    findings.push('mx');
  return findings;
}

/** A record with a key that was not withdrawn (RFC 6376 section 3.6.1: an empty `p`). */
function hasDkimKey(records: readonly string[]): boolean {
  return records.some((record) => /(?:^|;)\s*p\s*=\s*[A-Za-z0-9+/]/.test(record));
}

/** The policy of the domain, or of the nearest one above it that has any: no list of public suffixes is needed. */
async function dmarcPolicyOf(domain: string, text: LookUpText): Promise<string | null> {
  const labels = domain.toLowerCase().split('.');
  for (let at = 0; at <= labels.length - 2; at += 1) {
    const records = await text(`_dmarc.${labels.slice(at).join('.')}`);
    const record = records.find((one) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(one));
    if (record === undefined) continue;
    const tag = (name: string) =>
      new RegExp(`;\\s*${name}\\s*=\\s*(\\w+)`, 'i').exec(record)?.[1]?.toLowerCase() ?? null;
    return at === 0 ? tag('p') : (tag('sp') ?? tag('p'));
  }
  return null;
}

function isWithin(server: string, name: string): boolean {
  const [one, other] = [server, name].map((text) => text.toLowerCase().replace(/\.$/, ''));
  return one === other || (one ?? '').endsWith(`.${other}`);
}
