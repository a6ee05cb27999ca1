import '../../testing/sql-as-text.ts';

/** The thread as it stands in the source, where nobody has bundled it. */
await import('../store-thread-entry.ts');
