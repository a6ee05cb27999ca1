/** Lets questions of the window, and everybody else, have their turn. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The only flags that the offline copy knows. */
const knownFlags: ReadonlySet<string> = new Set([
  '\\Seen',
  '\\Answered',
  '\\Flagged',
  '\\Deleted',
  '\\Draft',
]);

/** Sorted, as the plan compares them. */
export function shownFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => knownFlags.has(flag)).sort();
}
