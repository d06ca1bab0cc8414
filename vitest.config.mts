import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const engineTests = ['test/unit/engine/**/*.test.ts', 'test/unit/engine-host/**/*.test.ts'];
const maxWorkers = availableParallelism();

/**
 * Five kinds of test: `unit` is pure and fast, `engine` starts and harms real engine processes with a tiny model,
 * `golden` runs the embedded model, `e2e` the built command line, `browser` the preview's page in Chromium (skipped
 * where there is none).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
          exclude: engineTests,
          // Against a hang alone: thousands of random sequences take a minute where the processor is busy.
          testTimeout: 300_000,
          maxWorkers,
          // What is pure leaves nothing behind: to load everything anew for each file took as long as the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'engine',
          include: engineTests,
          testTimeout: 60_000,
          // Processes start and end in their own time on a busy machine.
          expect: { poll: { timeout: 30_000 } },
          maxWorkers,
        },
      },
      {
        test: {
          name: 'golden',
          include: ['test/golden/**/*.test.ts'],
          testTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/browser/set-up.ts',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
