import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'engines/**/*.test.ts',
      'native/**/*.test.ts',
      'server/**/*.test.ts',
      'cli/**/*.test.ts',
      'renderer/**/*.test.ts',
      'build/**/*.test.ts',
      'e2e/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // Real nodes and processes on two cores.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['./build/summary-reporter.ts'],
  },
});
