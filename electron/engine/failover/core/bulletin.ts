import type {
  BulletinKind,
  BulletinNotice,
  BulletinTexts,
  Window,
} from '../../../../shared/model/bulletin.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { Decree } from './state.ts';

/** Whom a bulletin concerns: everybody who fits each of the conditions that are given. */
export interface Scope {
  /** Of addresses, in lower case: the company's own, where a board serves several. */
  readonly domains?: readonly string[];
  /** As the policy of a laptop names them. */
  readonly groups?: readonly string[];
  /** Addresses, in lower case. */
  readonly addresses?: readonly string[];
  readonly platforms?: readonly string[];
  /** 0 to 100, of the addresses; who is in for 10 is in for 20 as well. */
  readonly percentage?: number;
}

/** A bulletin, as it was signed: docs/provider.md is the specification. Times in milliseconds. */
export interface Bulletin {
  readonly issuer: string;
  readonly matter: string;
  readonly sequence: number;
  readonly kind: BulletinKind;
  readonly issuedAt: EpochMs;
  /** From then on nobody takes it any more, and an outage that it declared is over. */
  readonly expiresAt: EpochMs;
  /** Of maintenance and drills only. */
  readonly window: Window | null;
  readonly scope: Scope;
  readonly texts: BulletinTexts;
}

/** A bulletin that was taken, with what has to be known of it later. */
export interface Taken {
  readonly bulletin: Bulletin;
  /** The thumbprint of the key that signed it. */
  readonly key: string;
  /** What the matter's bulletin before it had said; null: there was none. */
  readonly former: { readonly kind: BulletinKind; readonly window: Window | null } | null;
  /** When it was taken, by this laptop's clock. */
  readonly takenAt: EpochMs;
}

/** Thumbprints (RFC 7638) of those who are believed. What is grave takes a key of its own. */
export interface TrustedKeys {
  readonly keys: readonly string[];
  readonly graveKeys: readonly string[];
}

export type Refusal =
  | 'oversized'
  | 'malformed'
  | 'signature'
  | 'key'
  | 'graveKey'
  | 'expired'
  | 'future'
  | 'rolledBack'
  | 'replayed';

/** Clocks differ: a bulletin may be this much younger than the laptop's clock allows. */
const clockTolerance = 10 * 60_000;

/**
 * Why a bulletin whose signature verifies is not taken; null: it is. `known` is what was taken on the same matter. What
 * a key that is trusted no more has said does not count, not even as a sequence number.
 */
export function refusalOf(
  bulletin: Bulletin,
  key: string,
  known: Taken | null,
  trusted: TrustedKeys,
  now: EpochMs,
): Refusal | null {
  const isGrave = trusted.graveKeys.includes(key);
  if (!isGrave && !trusted.keys.includes(key)) return 'key';
  const former = known !== null && isTrusted(known, trusted) ? known : null;
  if (!isGrave && (bulletin.kind === 'incident' || former?.bulletin.kind === 'incident')) return 'graveKey';
  if (former !== null && bulletin.sequence < former.bulletin.sequence) return 'rolledBack';
  if (former !== null && bulletin.sequence === former.bulletin.sequence) return 'replayed';
  if (bulletin.issuedAt > now + clockTolerance) return 'future';
  return bulletin.expiresAt <= now ? 'expired' : null;
}

function isTrusted({ bulletin, key }: Taken, { keys, graveKeys }: TrustedKeys): boolean {
  return graveKeys.includes(key) || (bulletin.kind !== 'incident' && keys.includes(key));
}

/** Whose laptop it is. */
export interface Person {
  /** In lower case. */
  readonly address: string;
  readonly groups: readonly string[];
  readonly platform: string;
}

export function isMeantFor({ matter, scope }: Bulletin, { address, groups, platform }: Person): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return (
    (scope.domains?.includes(domain) ?? true) &&
    (scope.groups?.some((group) => groups.includes(group)) ?? true) &&
    (scope.addresses?.includes(address) ?? true) &&
    (scope.platforms?.includes(platform) ?? true) &&
    shareOf(`${matter} ${address}`) < (scope.percentage ?? 100)
  );
}

/** Where a text stands between 0 and 100, the same everywhere: FNV-1a, 32 bits, over its UTF-8. */
export function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash / 2 ** 32) * 100;
}

function utf8(text: string): readonly number[] {
  return [...encodeURIComponent(text).matchAll(/%(..)|(.)/g)].map(([, hex, plain = '']) =>
    hex === undefined ? plain.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}

/** How long the end of a window is told. */
const toldAfterwards = 10 * 60_000;
/** How long before a window it is told. */
const toldBefore = 24 * 60 * 60_000;

/** What the bulletins that were taken mean for one person at one moment. */
export interface Standing {
  readonly decree: Decree;
  /** The weightiest first. */
  readonly notices: readonly BulletinNotice[];
  /** The next moment at which something may be different; null: nothing will be by itself. */
  readonly nextAt: EpochMs | null;
}

const weight: Readonly<Record<BulletinNotice['kind'], number>> = {
  incident: 0,
  outage: 1,
  maintenance: 2,
  drill: 3,
};
const decrees = { incident: 'incident', outage: 'outage', maintenance: 'quiet', drill: 'drill' } as const;

/**
 * An incident holds until a bulletin ends it: no clock releases it. An outage holds until it is ended or has expired. A
 * window holds from its beginning to its end, to which `spreadMs` of this laptop's own is added, so that not everybody
 * comes back in the same second. The weightiest of what holds is the decree.
 */
export function standing(
  taken: readonly Taken[],
  person: Person,
  trusted: TrustedKeys,
  now: EpochMs,
  spreadMs = 0,
): Standing {
  const told = taken
    .filter((each) => isTrusted(each, trusted) && isMeantFor(each.bulletin, person))
    .flatMap((each) => {
      const notice = noticeOf(each, now, spreadMs);
      return notice === null ? [] : [notice];
    })
    .sort((a, b) => weight[a.kind] - weight[b.kind] || a.issuedAt - b.issuedAt);
  const running = told.find(({ phase }) => phase === 'running');
  const moments = taken.flatMap((each) => momentsOf(each, spreadMs)).filter((at) => at > now);
  return {
    decree: running === undefined ? 'none' : decrees[running.kind],
    notices: told,
    nextAt: moments.length === 0 ? null : Math.min(...moments),
  };
}

/** When something may be different. */
function momentsOf({ bulletin: { kind, window, expiresAt }, takenAt }: Taken, spreadMs: number): EpochMs[] {
  if (kind === 'end') return [takenAt + toldAfterwards];
  if (window === null) return [expiresAt];
  const end = window.until + spreadMs;
  return [window.from - toldBefore, window.from, end, end + toldAfterwards];
}

function noticeOf(taken: Taken, now: EpochMs, spreadMs: number): BulletinNotice | null {
  const { bulletin, former } = taken;
  const { matter, issuer, texts, issuedAt } = bulletin;
  const about = { matter, issuer, texts, issuedAt };
  if (bulletin.kind === 'end') {
    const age = now - taken.takenAt;
    if (former === null || former.kind === 'end' || former.window === null) return null;
    if (age < 0 || age >= toldAfterwards || former.window.until <= taken.takenAt) return null;
    const phase = taken.takenAt < former.window.from ? 'cancelled' : 'over';
    return { ...about, kind: former.kind, phase, window: former.window, formerWindow: null };
  }
  const { kind, window } = bulletin;
  const phase = phaseOf(bulletin, now, spreadMs);
  if (phase === null) return null;
  const isMoved = former?.window?.from !== window?.from || former?.window?.until !== window?.until;
  return { ...about, kind, phase, window, formerWindow: isMoved ? (former?.window ?? null) : null };
}

function phaseOf(
  { kind, window, expiresAt }: Bulletin,
  now: EpochMs,
  spreadMs: number,
): BulletinNotice['phase'] | null {
  if (kind === 'incident') return 'running';
  if (window === null) return now < expiresAt ? 'running' : null;
  if (now < window.from) return now >= window.from - toldBefore ? 'announced' : null;
  const end = window.until + spreadMs;
  if (now < end) return 'running';
  return now < end + toldAfterwards ? 'over' : null;
}
