import type { Topic } from '../../shared/contract/events.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Identity } from '../../shared/model/identity.ts';
import type { EpochMs } from '../../shared/model/ids.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Result } from '../../shared/result.ts';

/** The passing of time; the one thing besides randomness that tests replace. */
export interface Clock {
  now(): EpochMs;
  /** Calls `run` once after `ms` milliseconds, unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
}

/** Cryptographically strong randomness. */
export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
}

/** Structured, one per module. Never an address, a subject, a body or a secret: log ids, counts and codes. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  child(module: string): Logger;
}
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Tells the window that something of a topic is different; it asks again. Cheap, coalesced by the receiver. */
export type Announce = (topic: Topic) => void;

/**
 * Whose secret: an account's address and which of its two providers; the company's proxy, which has no address; or one of
 * this device itself, whose name stands for the address.
 */
export interface SecretName {
  readonly address: string;
  readonly provider: 'exchange' | 'continuity' | 'proxy' | 'device';
}

/**
 * Which proxies lead to a URL, as the system or the policy has it: a PAC file's answer, e.g. "PROXY p:8080; DIRECT".
 * After a failure the configuration is read anew. Never rejects.
 */
export type ResolveProxy = (url: string, isRetry: boolean) => Promise<string>;

/** The OS key store, reached through main. A secret is a password or an OAuth refresh token. */
export interface Secrets {
  /** `auth.missing` when there is none. */
  get(name: SecretName): Promise<Result<string, AppError>>;
  /** Replaces it, e.g. when the identity provider rotated a refresh token. */
  put(name: SecretName, value: string): Promise<Result<null, AppError>>;
}

/** Shows an https address in the person's browser; an error when that cannot be done. */
export type OpenBrowser = (url: string) => Promise<Result<null, AppError>>;

/** Which way mail flows for one account right now, as failover decides it. Null: no way, wait. */
export interface Routes {
  reading(): Route | null;
  sending(): Route | null;
  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/**
 * What real traffic met, told to failover as evidence: null for an answer, an error for a failure.
 * `reading` is IMAP, `sending` is submission.
 */
export type ReportTraffic = (
  capability: 'reading' | 'sending',
  route: Route,
  outcome: AppError | null,
) => void;

/** As whom one account's person may write, as policy, the provider's directory and the person have it right now. */
export interface IdentitySource {
  /** The account's own first. */
  list(): readonly [Identity, ...Identity[]];
  /** Whether the continuity provider may send for an address, whichever way mail leaves at present. */
  mayLeaveByContinuity(address: string): boolean;
}
