/** One message of an outage, as the journal has it: met on continuity, or taken by it. */
export interface JournaledMessage<Id> {
  readonly id: Id;
  readonly isVerified: boolean;
  /** An APPEND of ours may have reached Exchange: it was begun. */
  readonly isAppendStarted: boolean;
  /** It was tried in vain, and it is not yet time to try again. */
  readonly isPutOff: boolean;
}
/**
 * `verify`  Exchange has it: note where, and whose doing it was.
 * `append`  Exchange lacks it and nobody else will bring it. What is done then is decided by `nextDeed`.
 * `wait`    the gateway may still bring what is missing: plan again when its time is over.
 */
export type ReconcileStep<Id, Copy> =
  | {
      readonly kind: 'verify';
      readonly id: Id;
      readonly as: 'handedOver' | 'appended';
      readonly copy: Copy;
    }
  | {
      readonly kind: 'append';
      readonly id: Id;
    }
  | {
      readonly kind: 'wait';
    };
/**
 * What is left to do so that everything in the journal stands in Exchange, once. `has` is what Exchange has, as a
 * pass just now found it; what continuity has is in the journal since a pass over it. Once the steps are done, planning
 * again plans nothing.
 */
export declare function planReconcile<Id, Copy>(
  journal: readonly JournaledMessage<Id>[],
  has: ReadonlyMap<Id, Copy>,
  isHandoverAwaited: boolean,
): readonly ReconcileStep<Id, Copy>[];
