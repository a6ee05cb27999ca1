import { type AppError, appError } from '../../../../shared/errors.ts';
import type { EnrolmentProvider } from '../../../../shared/policy/enrolment-provider.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { canonicalCode } from './code.ts';

/** What a code or a link says: where to redeem what. */
export interface Ticket {
  readonly provider: EnrolmentProvider;
  readonly code: string;
}

/**
 * Reads a code, or a link in one of its two forms: `https://provider/enrol#code=…&key=…` and
 * `relevo://enrol?provider=…&code=…&key=…`. A code alone needs the provider of the policy. Where the policy names a
 * provider, no link leads to another, and the policy's keys count.
 *
 * Errors: `enrolment.invalidCode` for what is no code, or a code without a provider; `enrolment.refused` for a provider
 * that the policy does not name.
 */
export function readTicket(text: string, ofPolicy: EnrolmentProvider | null): Result<Ticket, AppError> {
  const link = readLink(text.trim());
  const code = canonicalCode(link?.code ?? text);
  if (code === null) return invalid('mistyped');
  if (ofPolicy !== null) {
    const isOther = link !== null && withoutSlash(link.provider) !== withoutSlash(ofPolicy.url);
    if (isOther) return err(appError('enrolment.refused', 'never', { reason: 'otherProvider' }));
    return ok({ provider: { ...ofPolicy, url: withoutSlash(ofPolicy.url) }, code });
  }
  if (link === null) return invalid('noProvider');
  const url = withoutSlash(link.provider);
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || !/^[\w-]{43}$/.test(link.key))
    return invalid('link');
  return ok({ provider: { url, signingKeys: [link.key] }, code });
}

interface Link {
  readonly provider: string;
  readonly code: string;
  readonly key: string;
}

function readLink(text: string): Link | null {
  if (!/^(https|relevo):/i.test(text) || !URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, hash } = new URL(text);
  const isWeb = protocol === 'https:';
  const values = new URLSearchParams(isWeb ? hash.slice(1) : search);
  const of = (name: string) => values.get(name) ?? '';
  return {
    provider: isWeb ? `${origin}${pathname.replace(/\/enrol\/?$/, '')}` : of('provider'),
    code: of('code'),
    key: of('key'),
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

function invalid(reason: 'mistyped' | 'noProvider' | 'link'): Result<never, AppError> {
  return err(appError('enrolment.invalidCode', 'afterUserAction', { reason }));
}
