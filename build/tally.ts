/** What a test runner counted. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of those that passed: at the second try only. Each is a bug, in the product or in its test, until somebody has looked. */
  readonly atSecondTry?: number;
}

export function addUp(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
    atSecondTry: (sum.atSecondTry ?? 0) + (one.atSecondTry ?? 0),
  }));
}

/** `412 passed, 0 failed`, and what was skipped or needed a second try when something did. */
export function summary({ passed, failed, skipped, atSecondTry = 0 }: Tally): string {
  const more = [
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(atSecondTry === 0 ? [] : [`${atSecondTry} at the second try`]),
  ];
  return [`${passed} passed, ${failed} failed`, ...more].join(', ');
}

/** The files in which vitest saw a failure, from its JSON report. */
export function failedFiles(report: string): readonly string[] {
  const { testResults } = JSON.parse(report) as {
    testResults: readonly { name: string; status: string }[];
  };
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/** What a run comes to when the files in which it failed were run once more. */
export function withSecondTry(first: Tally, second: Tally): Tally {
  const saved = Math.max(0, first.failed - second.failed);
  return {
    passed: first.passed + saved,
    failed: second.failed,
    skipped: first.skipped,
    atSecondTry: saved,
  };
}

/** From vitest's JSON report and exit code. */
export function vitestTally(report: string, exitCode: number): Tally {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(report) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  };
  return atLeastOneFailure(
    { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests },
    exitCode,
  );
}

/** From Playwright's JSON report and exit code. */
export function playwrightTally(report: string, exitCode: number): Tally {
  const { stats } = JSON.parse(report) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  };
  return atLeastOneFailure(
    {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
      atSecondTry: stats.flaky,
    },
    exitCode,
  );
}

/** A file that does not load, or a broken hook, fails the run without failing a test. */
function atLeastOneFailure(tally: Tally, exitCode: number): Tally {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
