import type { EpochMs } from './ids.ts';

/**
 * What the company declares by a signed bulletin (docs/provider.md).
 *
 * `outage`      Exchange is away, whatever the laptop sees: everybody in scope goes through continuity.
 * `end`         What was declared or announced is over.
 * `maintenance` A planned window, Quiet Time: sending is held, and leaves in order afterwards.
 * `drill`       A rehearsal that everybody sees: like an outage, for some minutes.
 * `incident`    Exchange is not to be touched, its credentials are not used, until a bulletin releases it.
 */
export const bulletinKinds = ['outage', 'end', 'maintenance', 'drill', 'incident'] as const;
export type BulletinKind = (typeof bulletinKinds)[number];

export const bulletinLanguages = ['en', 'de', 'es', 'fr', 'it'] as const;

/** Plain text, shown as such and as nothing else. */
export type BulletinTexts = Readonly<Partial<Record<(typeof bulletinLanguages)[number], string>>>;

/** Both ends of a window. */
export interface Window {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** A bulletin whose signature was verified and which is meant for this person, as the window shows it. */
export interface BulletinNotice {
  /** What it is about: a later bulletin on the same matter replaces it. */
  readonly matter: string;
  readonly kind: Exclude<BulletinKind, 'end'>;
  /** `announced`: it has not begun. `over`: it ended a moment ago. `cancelled`: a moment ago, and it never begins. */
  readonly phase: 'announced' | 'running' | 'over' | 'cancelled';
  /** Who declares it, in their own words. */
  readonly issuer: string;
  readonly texts: BulletinTexts;
  readonly issuedAt: EpochMs;
  /** Of maintenance and drills. */
  readonly window: Window | null;
  /** What an earlier bulletin had said of the window, where it was moved. */
  readonly formerWindow: Window | null;
}
