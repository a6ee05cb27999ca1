import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: 'scenarios',
  outputDir: '../test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Every scenario has a lab and a profile of its own; two at a time suit two cores.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
});
