/** A fixture for tests: a small scenario as text, with parts put in the place of others. */
import { planRun, type RunPlan } from './plan.ts';
import { readScenario } from './read.ts';

const PARTS = {
  name: 'name: small',
  nodes: 'nodes:\n  - count: 4',
  topology: 'topology: { kind: ring }',
  traffic: 'traffic:\n  - { from: n1, messages: 3 }',
  pass: 'pass:\n  - { measure: delivery, atLeast: 100% }',
};

/** Lines: name 1, nodes 2, topology 4, traffic 5, pass 7, further parts 9. */
export function scenarioText(parts: Partial<typeof PARTS> & { more?: string } = {}): string {
  return `${Object.values({ ...PARTS, ...parts }).join('\n')}\n`;
}

export function planOf(text: string): RunPlan {
  return planRun(readScenario(text, 'small.yaml'), {
    readFile: (path) => {
      throw new Error(`no file ${path}`);
    },
  });
}
