import { defineConfig, type Plugin } from 'vitest/config';

/** Migrations are imported as text, as the bundle does it. */
const sqlAsText: Plugin = {
  name: 'sql-as-text',
  transform: (source, id) => (id.endsWith('.sql') ? `export default ${JSON.stringify(source)}` : null),
};

const exclude = ['**/node_modules/**', 'out/**', 'dist/**', '.cache/**'];
const setupFiles = ['build/vitest-setup.ts'];

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
          // Nothing is timed by its test: this only ends what hangs, on however busy a machine.
          testTimeout: 120_000,
          hookTimeout: 60_000,
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
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
