import type { PolicyReading } from '../../../shared/policy/resolve.ts';

/** Where an administrator puts the policy of a laptop; one for each operating system. */
export interface PolicySource {
  /** Everything that is said there now. Never throws: what cannot be read is refused, with the reason. */
  read(): PolicyReading;
  /** Calls `changed` when there may be something new, until the returned function is called. May miss changes. */
  watch(changed: () => void): () => void;
}
