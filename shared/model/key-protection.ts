import type { EpochMs } from './ids.ts';

/** How the database key of this laptop is kept. */
export interface KeyProtection {
  /** The OS key store that sealed it, e.g. "gnome_libsecret", "darwin", "win32", "basic_text". */
  readonly backend: string;
  /** False: the keys can be read by whoever reads the disk; policy allowed it. */
  readonly isProtected: boolean;
  /** Whether the copy can be opened again without the key store: by the person's code, by IT's key, or not at all. */
  readonly recovery: 'none' | 'code' | 'escrow';
  readonly keyMadeAt: EpochMs | null;
}

/** What is in the copy and nowhere else: lost for good if the copy is removed. */
export interface OnlyHere {
  readonly unsent: number;
  readonly drafts: number;
  /** Received or sent in an outage, and not yet provably back in Exchange. */
  readonly unreconciled: number;
  /** As of when; null: it was never counted. */
  readonly countedAt: EpochMs | null;
}
