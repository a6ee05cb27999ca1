import { domainToASCII } from 'node:url';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { Address } from '../../../shared/model/address.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { AnsweredMessage } from '../cache/queries/draft-store.ts';

/**
 * RFC 5322 section 3.2.3 dot-atom, with letters and digits of every script (RFC 6531 section 3.3); quoted local parts are
 * legal and used by nobody who answers mail.
 */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainPart =
  /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** The address as SMTP takes it, an international domain in its ASCII form; null when it is none. */
export function envelopeAddress(address: string): string | null {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(0, at)).normalize('NFC');
  const domain = domainToASCII(address.slice(at + 1));
  const isAddress =
    local.length <= 64 && domain.length <= 253 && localPart.test(local) && domainPart.test(domain);
  return isAddress ? `${local}@${domain}` : null;
}

/** Whom the server is told, each once. `input.invalid` names the field that needs the person. */
export function envelopeRecipients(fields: {
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
}): Result<readonly string[], AppError> {
  const recipients = new Map<string, string>();
  for (const field of ['to', 'cc', 'bcc'] as const) {
    for (const { address } of fields[field]) {
      const recipient = envelopeAddress(address.trim());
      if (recipient === null) return err(appError('input.invalid', 'afterUserAction', { field }));
      recipients.set(recipient.toLowerCase(), recipient);
    }
  }
  if (recipients.size === 0) return err(appError('input.invalid', 'afterUserAction', { field: 'to' }));
  return ok([...recipients.values()]);
}

/**
 * Whom an answer goes to (RFC 5322 section 3.6.3): Reply-To if there is one, else the sender; with `replyAll`
 * everybody else in copy, but never oneself, by any of one's addresses, or, instead of all of these, whom Mail-Followup-To
 * names (a list's subscriber who needs no copy). An answer to one's own message goes where that one went.
 */
export function answerRecipients(
  kind: 'reply' | 'replyAll',
  answered: Pick<AnsweredMessage, 'from' | 'to' | 'cc' | 'replyTo' | 'followupTo' | 'isFromMe'>,
  ownAddresses: readonly string[],
): { readonly to: readonly Address[]; readonly cc: readonly Address[] } {
  const others = (addresses: readonly Address[], without: readonly Address[] = []): readonly Address[] => {
    const met = new Set(
      [...ownAddresses, ...without.map(({ address }) => address)].map((a) => a.toLowerCase()),
    );
    return addresses.filter(({ address }) => {
      const key = address.toLowerCase();
      if (met.has(key)) return false;
      met.add(key);
      return true;
    });
  };
  if (kind === 'replyAll' && !answered.isFromMe && answered.followupTo.length > 0) {
    const followers = others(answered.followupTo);
    if (followers.length > 0) return { to: followers, cc: [] };
  }
  const asked = answered.replyTo.length > 0 ? answered.replyTo : [answered.from];
  const partners = others(answered.isFromMe ? answered.to : asked);
  // Somebody who writes to nobody but himself answers himself.
  const to = partners.length > 0 ? partners : [answered.isFromMe ? answered.to : asked].flat().slice(0, 1);
  if (kind === 'reply') return { to, cc: [] };
  return { to, cc: others(answered.isFromMe ? answered.cc : [...answered.to, ...answered.cc], to) };
}
