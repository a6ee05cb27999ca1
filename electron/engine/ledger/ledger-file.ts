import { CompactSign, calculateJwkThumbprint, compactVerify, EmbeddedJWK, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { err, ok, type Result } from '../../../shared/result.ts';
import { type ChainEnd, canonical, followChain, type LedgerLine } from './chain.ts';

const headType = 'relevo-ledger+jws';

/** A private Ed25519 key. */
export interface LedgerKey extends JWK {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
}

const head = v.strictObject({
  v: v.literal(1),
  account: v.string(),
  count: v.pipe(v.number(), v.safeInteger()),
  hash: v.nullable(v.string()),
  signedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/** The compact JWS that says how many lines there are and how they end (docs/ledger.md). */
export async function signHead(
  { account, end, signedAt }: { readonly account: string; readonly end: ChainEnd; readonly signedAt: string },
  key: LedgerKey,
): Promise<string> {
  const { kty, crv, x } = key;
  const payload = canonical({ v: 1, account, count: end.count, hash: end.hash, signedAt });
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'EdDSA', typ: headType, jwk: { kty, crv, x } })
    .sign(await importJWK(key, 'EdDSA'));
}

/** The file that is exported: one line each, then the head. */
export function ledgerFile(written: readonly string[], signedHead: string): string {
  return [...written, signedHead, ''].join('\n');
}

export interface VerifiedLedger {
  readonly account: string;
  /** The RFC 7638 thumbprint of the key that signed. */
  readonly device: string;
  readonly signedAt: string;
  readonly lines: readonly LedgerLine[];
}

/**
 * Where a file is not what the laptop wrote: `head`: its last line is no head signed by a device that is trusted;
 * `line`: that line (from 1) does not follow from those before; `end`: lines are missing at the end, or too many.
 */
export type LedgerFault =
  | { readonly kind: 'head' }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'end'; readonly told: number; readonly found: number };

/** `trusted`: the thumbprints of the devices that are believed; null: whichever signed, for the reader to compare. */
export async function verifyLedgerFile(
  file: string,
  trusted: ReadonlySet<string> | null,
): Promise<Result<VerifiedLedger, LedgerFault>> {
  const written = file.split('\n');
  // Nothing may follow the last line break.
  if (written.pop() !== '') return err({ kind: 'head' });
  const told = await readHead(written.pop() ?? '');
  if (told === null || (trusted !== null && !trusted.has(told.device))) return err({ kind: 'head' });
  const { lines, end, brokenAt } = followChain(written);
  if (brokenAt !== null) return err({ kind: 'line', line: brokenAt });
  if (end.count !== told.count || end.hash !== told.hash)
    return err({ kind: 'end', told: told.count, found: end.count });
  if (lines.some(({ account }) => account !== told.account)) return err({ kind: 'head' });
  return ok({ account: told.account, device: told.device, signedAt: told.signedAt, lines });
}

async function readHead(jws: string): Promise<(v.InferOutput<typeof head> & { device: string }) | null> {
  try {
    // Base64url may be written in several ways where bits are left over: only one of them is ours.
    const isExact = jws
      .split('.')
      .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
    if (!isExact) return null;
    const { payload, protectedHeader } = await compactVerify(jws, EmbeddedJWK, { algorithms: ['EdDSA'] });
    const { typ, jwk } = protectedHeader;
    if (typ !== headType || jwk?.crv !== 'Ed25519') return null;
    const parsed = v.safeParse(head, JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? { ...parsed.output, device: await calculateJwkThumbprint(jwk) } : null;
  } catch {
    return null;
  }
}
