/** Vitest's own report, then each skipped test with its reason, then one line that CI reads. */
import { DefaultReporter, type TestCase, type TestModule } from 'vitest/node';

export default class SummaryReporter extends DefaultReporter {
  override onTestRunEnd(...args: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(...args);
    const [modules, unhandled] = args;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    for (const [reason, names] of groupByReason(skipped)) {
      this.log(`\nskipped: ${reason}`);
      for (const name of names) this.log(`  ${name}`);
    }
    const failed = count('failed') + brokenParts(modules) + unhandled.length;
    this.log(
      `\n${String(count('passed'))} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`,
    );
  }
}

/** Files and groups that failed outside their tests: they did not load, or a hook threw. */
function brokenParts(modules: readonly TestModule[]): number {
  const parts = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return parts.filter((part) => part.errors().length > 0).length;
}

function groupByReason(tests: readonly TestCase[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const test of tests) {
    const result = test.result();
    const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'NO REASON GIVEN';
    groups.set(reason, [...(groups.get(reason) ?? []), test.fullName]);
  }
  return groups;
}
