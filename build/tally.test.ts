import { describe, expect, it } from 'vitest';
import { addUp, playwrightTally, summary, vitestTally } from './tally.ts';

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

  it('counts a flaky scenario as failed', () => {
    expect(playwrightTally(playwrightReport({ flaky: 1 }), 0).failed).toBe(1);
  });
});
