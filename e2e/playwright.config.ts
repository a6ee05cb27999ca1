import { defineConfig } from 'playwright/test';
import type { ExchangeOptions } from './fixtures.ts';

/** Played with the quirks of Exchange in every run; with `ALL_WITH_QUIRKS` set, all scenarios are. */
const sample = ['read-and-reply', 'exchange-returns', 'laptop-loses-its-network'];

export default defineConfig<ExchangeOptions>({
  testDir: 'scenarios',
  outputDir: '../test-results',
  // Nothing is timed by its scenario: these only end what hangs, on however busy a machine.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  // Every scenario has a lab and a profile of its own; two at a time suit two cores.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  projects: [
    { name: 'plain' },
    {
      name: 'quirks',
      use: { isQuirky: true },
      ...(process.env.ALL_WITH_QUIRKS === undefined
        ? { testMatch: sample.map((name) => `${name}.spec.ts`) }
        : {}),
    },
  ],
});
