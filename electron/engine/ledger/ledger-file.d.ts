import { type JWK } from 'jose';
import { type Result } from '../../../shared/result.ts';
import { type ChainEnd, type LedgerLine } from './chain.ts';
/** A private Ed25519 key. */
export interface LedgerKey extends JWK {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
}
/** The compact JWS that says how many lines there are and how they end (docs/ledger.md). */
export declare function signHead(
  {
    account,
    end,
    signedAt,
  }: {
    readonly account: string;
    readonly end: ChainEnd;
    readonly signedAt: string;
  },
  key: LedgerKey,
): Promise<string>;
/** The file that is exported: one line each, then the head, then the provider's signature on it if there is one. */
export declare function ledgerFile(
  written: readonly string[],
  signedHead: string,
  countersignature?: string | null,
): string;
export interface VerifiedLedger {
  readonly account: string;
  /** The RFC 7638 thumbprint of the key that signed. */
  readonly device: string;
  readonly signedAt: string;
  readonly lines: readonly LedgerLine[];
  /** Who has signed the head besides, and when by their own clock; null: nobody. */
  readonly countersigned: {
    readonly provider: string;
    readonly at: string;
  } | null;
}
/** Thumbprints (RFC 7638) of those who are believed; null: whoever signed, for the reader to compare. */
export interface TrustedSigners {
  readonly devices: ReadonlySet<string> | null;
  /** A set demands a countersignature by one of them. */
  readonly providers: ReadonlySet<string> | null;
}
/**
 * Where a file is not what the laptop wrote: `head`: it ends with no head signed by a device that is trusted;
 * `countersignature`: a provider that is trusted has not signed this head, or what stands for its signature is none;
 * `line`: that line (from 1) does not follow from those before; `end`: lines are missing at the end, or too many.
 */
export type LedgerFault =
  | {
      readonly kind: 'head';
    }
  | {
      readonly kind: 'countersignature';
    }
  | {
      readonly kind: 'line';
      readonly line: number;
    }
  | {
      readonly kind: 'end';
      readonly told: number;
      readonly found: number;
    };
export declare function verifyLedgerFile(
  file: string,
  trusted?: TrustedSigners,
): Promise<Result<VerifiedLedger, LedgerFault>>;
