import { describe, expect, it } from 'vitest';
import { addUp, failedFiles, playwrightTally, summary, vitestTally, withSecondTry } from './tally.ts';

const vitestReport = (counts: object) =>
  JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, ...counts });
const playwrightReport = (counts: object) =>
  JSON.stringify({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...counts } });

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

  it('names the files to run once more', () => {
    const testResults = [
      { name: 'a.itest.ts', status: 'passed' },
      { name: 'b.itest.ts', status: 'failed' },
    ];
    expect(failedFiles(vitestReport({ testResults }))).toEqual(['b.itest.ts']);
  });
});
