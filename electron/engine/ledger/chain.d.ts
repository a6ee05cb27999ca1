import * as v from 'valibot';

declare const line: v.StrictObjectSchema<
  {
    readonly account: v.StringSchema<undefined>;
    readonly at: v.SchemaWithPipe<
      readonly [v.StringSchema<undefined>, v.IsoTimestampAction<string, undefined>]
    >;
    readonly outage: v.SchemaWithPipe<
      readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>]
    >;
    readonly entry: v.NullableSchema<
      v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>]>,
      undefined
    >;
    readonly message: v.StringSchema<undefined>;
    readonly direction: v.PicklistSchema<['received', 'sent'], undefined>;
    readonly counterpart: v.StringSchema<undefined>;
    readonly sentAt: v.SchemaWithPipe<
      readonly [v.StringSchema<undefined>, v.IsoTimestampAction<string, undefined>]
    >;
    readonly event: v.PicklistSchema<['recorded', 'handedOver', 'appended', 'failed', 'changed'], undefined>;
    readonly change: v.ExactOptionalSchema<
      v.PicklistSchema<
        readonly [
          'read',
          'unread',
          'flagged',
          'unflagged',
          'answered',
          'unanswered',
          'archive',
          'move',
          'delete',
          'junk',
          'notJunk',
          'destroy',
        ],
        undefined
      >,
      undefined
    >;
    readonly route: v.PicklistSchema<['primary', 'continuity'], undefined>;
    readonly answer: v.NullableSchema<v.StringSchema<undefined>, undefined>;
    readonly folder: v.NullableSchema<v.StringSchema<undefined>, undefined>;
    readonly uid: v.NullableSchema<
      v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>]>,
      undefined
    >;
    readonly reason: v.NullableSchema<v.StringSchema<undefined>, undefined>;
    readonly v: v.LiteralSchema<1, undefined>;
    /** From 1, without gaps, for each account. */
    readonly seq: v.SchemaWithPipe<
      readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>]
    >;
    /** The hash of the line before; null for the first. */
    readonly previous: v.NullableSchema<v.StringSchema<undefined>, undefined>;
  },
  undefined
>;
export type LedgerLine = v.InferOutput<typeof line>;
export type LedgerFact = Omit<LedgerLine, 'v' | 'seq' | 'previous'>;
/** What of a chain has been seen so far. */
export interface ChainEnd {
  readonly count: number;
  readonly hash: string | null;
}
export declare const emptyChain: ChainEnd;
/** RFC 8785 for what a line holds: a flat object of strings, safe integers and null; undefined is left out. */
export declare function canonical(
  value: Readonly<Record<string, string | number | null | undefined>>,
): string;
/** SHA-256, base64url. */
export declare function hashOf(written: string): string;
/** The line that follows `end`, as it is written. */
export declare function lineAfter(
  end: ChainEnd,
  fact: LedgerFact,
): {
  readonly written: string;
  readonly hash: string;
};
/** Null: not a line, or written otherwise than `lineAfter` writes it. */
export declare function readLine(written: string): LedgerLine | null;
/** Follows the chain. `brokenAt`: the first line (from 1) that does not follow from those before; null: all do. */
export declare function followChain(written: readonly string[]): {
  readonly lines: readonly LedgerLine[];
  readonly end: ChainEnd;
  readonly brokenAt: number | null;
};
