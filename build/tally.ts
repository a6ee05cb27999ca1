import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What a test runner counted. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of those that passed: at the second try only. Each is a bug, in the product or in its test, until somebody has looked. */
  readonly atSecondTry?: number;
  /** What failed, also where a second try passed: its name, and the beginning of what it said. */
  readonly failures?: readonly string[];
}

export function addUp(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
    atSecondTry: (sum.atSecondTry ?? 0) + (one.atSecondTry ?? 0),
    failures: [...(sum.failures ?? []), ...(one.failures ?? [])],
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

/** What failed, named once more before the last line, where it is still found when only the end of a log was kept. */
export function failureList({ failures = [] }: Tally): string | null {
  return failures.length === 0 ? null : ['Failed:', ...failures.map((one) => `  ${one}`)].join('\n');
}

/** The files in which vitest saw a failure, from its JSON report. */
export function failedFiles(report: string): readonly string[] {
  const { testResults } = JSON.parse(report) as VitestReport;
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
    failures: [
      ...(first.failures ?? []),
      ...(second.failures ?? []).map((failure) => `at the second try: ${failure}`),
    ],
  };
}

/** From vitest's JSON report and exit code. */
export function vitestTally(report: string, exitCode: number): Tally {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    report,
  ) as VitestReport;
  return atLeastOneFailure(
    {
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests + numTodoTests,
      failures: testResults.filter(({ status }) => status === 'failed').flatMap(failuresOfFile),
    },
    exitCode,
  );
}

/** From Playwright's JSON report and exit code. */
export function playwrightTally(report: string, exitCode: number): Tally {
  const { stats, suites } = JSON.parse(report) as PlaywrightReport;
  return atLeastOneFailure(
    {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
      atSecondTry: stats.flaky,
      failures: suites.flatMap(failuresOfSuite),
    },
    exitCode,
  );
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

/** A file may fail without a test of it: when it does not load, or a hook throws. */
function failuresOfFile({ name, message, assertionResults }: VitestFile): readonly string[] {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  return tests.length === 0
    ? [named(file, message)]
    : tests.map(({ fullName, failureMessages }) =>
        named(`${file} › ${fullName}`, failureMessages[0] ?? message),
      );
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly suites: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly {
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

function failuresOfSuite({ title, specs, suites = [] }: PlaywrightSuite): readonly string[] {
  const own = specs.flatMap((spec) =>
    spec.tests
      .flatMap(({ results }) => results)
      .flatMap(({ error }) =>
        error === undefined ? [] : [named(`${title} › ${spec.title}`, error.message ?? '')],
      ),
  );
  return [...own, ...suites.flatMap(failuresOfSuite)];
}

/** The beginning of what a failure said says which it is; all of it stands where it happened. */
function named(name: string, message: string): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return `${name}: ${lines.slice(0, 4).join(' ').slice(0, 300)}`;
}

/** A runner may fail though no test of it did: a worker that dies, a rejection that nobody awaits. */
function atLeastOneFailure(tally: Tally, exitCode: number): Tally {
  if (exitCode === 0 || tally.failed > 0) return tally;
  const named = (tally.failures ?? []).length > 0;
  const reason = `outside of any test, with exit code ${exitCode}: see "Unhandled" in the output`;
  return { ...tally, failed: 1, failures: named ? (tally.failures ?? []) : [reason] };
}
