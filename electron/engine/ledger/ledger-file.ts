import { createHash } from 'node:crypto';
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  EmbeddedJWK,
  importJWK,
  type JWK,
} from 'jose';
import * as v from 'valibot';
import { err, ok, type Result } from '../../../shared/result.ts';
import { type ChainEnd, canonical, followChain, type LedgerLine } from './chain.ts';

const headType = 'relevo-ledger+jws';
const countersignatureType = 'relevo-countersignature+jws';

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

const countersignature = v.object({
  iat: v.pipe(v.number(), v.safeInteger()),
  head: v.string(),
  account: v.string(),
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

/** The file that is exported: one line each, then the head, then the provider's signature on it if there is one. */
export function ledgerFile(
  written: readonly string[],
  signedHead: string,
  countersignature: string | null = null,
): string {
  return [...written, signedHead, ...(countersignature === null ? [] : [countersignature]), ''].join('\n');
}

export interface VerifiedLedger {
  readonly account: string;
  /** The RFC 7638 thumbprint of the key that signed. */
  readonly device: string;
  readonly signedAt: string;
  readonly lines: readonly LedgerLine[];
  /** Who has signed the head besides, and when by their own clock; null: nobody. */
  readonly countersigned: { readonly provider: string; readonly at: string } | null;
}

/** Thumbprints (RFC 7638) of those who are believed; null: whoever signed, for the reader to compare. */
export interface TrustedSigners {
  readonly devices: ReadonlySet<string> | null;
  /** A set demands a countersignature by one of them. */
  readonly providers: ReadonlySet<string> | null;
}
const anybody: TrustedSigners = { devices: null, providers: null };

/**
 * Where a file is not what the laptop wrote: `head`: it ends with no head signed by a device that is trusted;
 * `countersignature`: a provider that is trusted has not signed this head, or what stands for its signature is none;
 * `line`: that line (from 1) does not follow from those before; `end`: lines are missing at the end, or too many.
 */
export type LedgerFault =
  | { readonly kind: 'head' }
  | { readonly kind: 'countersignature' }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'end'; readonly told: number; readonly found: number };

export async function verifyLedgerFile(
  file: string,
  trusted: TrustedSigners = anybody,
): Promise<Result<VerifiedLedger, LedgerFault>> {
  const written = file.split('\n');
  // Nothing may follow the last line break.
  if (written.pop() !== '') return err({ kind: 'head' });
  const last = written.pop() ?? '';
  const isCountersigned = typeOf(last) === countersignatureType;
  const head = isCountersigned ? (written.pop() ?? '') : last;
  const told = await readHead(head);
  if (told === null || trusted.devices?.has(told.device) === false) return err({ kind: 'head' });
  const countersigned = isCountersigned ? await readCountersignature(last, head, told.account) : null;
  const isBelieved =
    countersigned === null
      ? !isCountersigned && trusted.providers === null
      : trusted.providers?.has(countersigned.provider) !== false;
  if (!isBelieved) return err({ kind: 'countersignature' });
  const { lines, end, brokenAt } = followChain(written);
  if (brokenAt !== null) return err({ kind: 'line', line: brokenAt });
  if (end.count !== told.count || end.hash !== told.hash)
    return err({ kind: 'end', told: told.count, found: end.count });
  if (lines.some(({ account }) => account !== told.account)) return err({ kind: 'head' });
  const { account, device, signedAt } = told;
  return ok({ account, device, signedAt, lines, countersigned });
}

async function readHead(jws: string): Promise<(v.InferOutput<typeof head> & { device: string }) | null> {
  const opened = await open(jws, headType);
  const parsed = v.safeParse(head, opened?.payload);
  return opened !== null && parsed.success ? { ...parsed.output, device: opened.signer } : null;
}

/** docs/provider.md, "Countersignatures". Null: it signs something else, or nothing. */
async function readCountersignature(
  jws: string,
  signedHead: string,
  account: string,
): Promise<VerifiedLedger['countersigned']> {
  const opened = await open(jws, countersignatureType);
  const parsed = v.safeParse(countersignature, opened?.payload);
  if (opened === null || !parsed.success) return null;
  const { output } = parsed;
  const isOfThis =
    output.head === createHash('sha256').update(signedHead).digest('base64url') &&
    output.account.toLowerCase() === account.toLowerCase();
  return isOfThis ? { provider: opened.signer, at: new Date(output.iat * 1000).toISOString() } : null;
}

function typeOf(jws: string): string | undefined {
  try {
    return decodeProtectedHeader(jws).typ;
  } catch {
    return undefined;
  }
}

async function open(
  jws: string,
  type: string,
): Promise<{ readonly payload: unknown; readonly signer: string } | null> {
  try {
    // Base64url may be written in several ways where bits are left over: only one of them is ours.
    const isExact = jws
      .split('.')
      .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
    if (!isExact) return null;
    const { payload, protectedHeader } = await compactVerify(jws, EmbeddedJWK, { algorithms: ['EdDSA'] });
    const { typ, jwk } = protectedHeader;
    if (typ !== type || jwk?.crv !== 'Ed25519') return null;
    return {
      payload: JSON.parse(new TextDecoder().decode(payload)),
      signer: await calculateJwkThumbprint(jwk),
    };
  } catch {
    return null;
  }
}
