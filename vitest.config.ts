import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes long, most of them waiting: begun first, so that nothing is left running alone at the end. */
const LONGEST = [
  'e2e/package-desktop',
  'e2e/window/scenes',
  'e2e/sim.test',
  'server/harness/crash-proof',
  'engines/process/conformance',
  'e2e/window/host',
  'native/tests',
  'native/go-waku',
  'engines/native/conformance',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.includes(name));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'engines/**/*.test.ts',
      'native/**/*.test.ts',
      'server/**/*.test.ts',
      'sim/**/*.test.ts',
      'checks/**/*.test.ts',
      'flags/**/*.test.ts',
      'electron/**/*.test.ts',
      'cli/**/*.test.ts',
      'renderer/**/*.test.ts',
      'build/**/*.test.ts',
      'e2e/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // Real nodes and processes on two cores.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['./build/summary-reporter.ts'],
  },
});
