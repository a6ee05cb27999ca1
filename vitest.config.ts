import { defineConfig, type Plugin } from 'vitest/config';

/** Migrations are imported as text, as the bundle does it. */
const sqlAsText: Plugin = {
  name: 'sql-as-text',
  transform: (source, id) => (id.endsWith('.sql') ? `export default ${JSON.stringify(source)}` : null),
};

const exclude = ['**/node_modules/**', 'out/**', 'dist/**', '.cache/**'];
const setupFiles = ['build/vitest-setup.ts'];
/** Nothing is timed by its test: these only end what hangs, on however busy a machine. */
const patience = {
  testTimeout: 240_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  plugins: [sqlAsText],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude,
          setupFiles,
          ...patience,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude,
          setupFiles,
          // Each file runs servers of its own.
          maxWorkers: 2,
          ...patience,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
