import { describe, expect, it } from 'vitest';
import {
  addUp,
  failedFiles,
  failureList,
  playwrightTally,
  summary,
  vitestTally,
  withSecondTry,
} from './tally.ts';

const vitestReport = (counts: object) =>
  JSON.stringify({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...counts,
  });
const playwrightReport = (counts: object, suites: readonly object[] = []) =>
  JSON.stringify({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...counts }, suites });

describe('the last line of npm test', () => {
  it('adds up what the runners counted', () => {
    const total = addUp([
      vitestTally(vitestReport({ numFailedTests: 1 }), 1),
      playwrightTally(playwrightReport({}), 0),
    ]);
    expect(summary(total)).toBe('5 passed, 1 failed');
  });

  it('names skipped tests only when there are some', () => {
    expect(summary(vitestTally(vitestReport({ numPendingTests: 2, numTodoTests: 1 }), 0))).toBe(
      '3 passed, 0 failed, 3 skipped',
    );
  });

  it('counts a failure when a runner failed without a failing test', () => {
    expect(vitestTally(vitestReport({}), 1).failed).toBe(1);
    expect(playwrightTally(playwrightReport({}), 1).failed).toBe(1);
    expect(failureList(vitestTally(vitestReport({}), 1))).toContain('outside of any test, with exit code 1');
  });

  it('tells of scenarios that passed at the second try only', () => {
    const tally = playwrightTally(playwrightReport({ flaky: 1 }), 0);
    expect(summary(addUp([tally, tally]))).toBe('6 passed, 0 failed, 2 at the second try');
  });

  it('tells of tests that passed at the second try only, and of those that failed again', () => {
    const first = { passed: 10, failed: 3, skipped: 0 };
    expect(summary(withSecondTry(first, { passed: 4, failed: 1, skipped: 0 }))).toBe(
      '12 passed, 1 failed, 2 at the second try',
    );
  });

  it('says in one place what failed, with the beginning of the reason', () => {
    const assertionResults = [
      { fullName: 'a thing works', status: 'passed', failureMessages: [] },
      {
        fullName: 'a thing holds',
        status: 'failed',
        failureMessages: ['\u001b[31mexpected 1\u001b[39m\n\nto be 2'],
      },
    ];
    const files = [
      { name: 'electron/a.test.ts', status: 'failed', message: '', assertionResults },
      { name: 'electron/b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
    ];
    const scenario = {
      title: 'the way there',
      tests: [{ results: [{ error: { message: 'no banner' } }, {}] }],
    };
    const suites = [{ title: 'e.spec.ts', specs: [], suites: [{ title: 'inner', specs: [scenario] }] }];
    const total = addUp([
      vitestTally(vitestReport({ numFailedTests: 1, testResults: files }), 1),
      playwrightTally(playwrightReport({ flaky: 1 }, suites), 0),
    ]);
    expect(failureList(total)?.split('\n')).toEqual([
      'Failed:',
      '  electron/a.test.ts › a thing holds: expected 1 to be 2',
      '  electron/b.test.ts: does not load',
      '  inner › the way there: no banner',
    ]);
    expect(failureList(vitestTally(vitestReport({}), 0))).toBeNull();
  });

  it('keeps what failed at the first try and what failed again apart', () => {
    const first = { passed: 1, failed: 2, skipped: 0, failures: ['a', 'b'] };
    const second = { passed: 1, failed: 1, skipped: 0, failures: ['b'] };
    expect(withSecondTry(first, second).failures).toEqual(['a', 'b', 'at the second try: b']);
  });

  it('names the files to run once more', () => {
    const testResults = [
      { name: 'a.itest.ts', status: 'passed', assertionResults: [] },
      { name: 'b.itest.ts', status: 'failed', assertionResults: [] },
    ];
    expect(failedFiles(vitestReport({ testResults }))).toEqual(['b.itest.ts']);
  });
});
