import { describe, expect, it } from 'vitest';
import { readyScenarios } from './load.ts';
import { planOf, scenarioText } from './fixture-scenario.ts';
import { formatDuration, readDuration } from './quantities.ts';
import { readScenario } from './read.ts';
import { resolvedYaml } from './resolved.ts';

const FAULTS = `faults:
  - { kind: stop, nodes: random 2, at: 1s, for: 2s, every: 5s, times: 2 }
  - { kind: kill, nodes: n3, at: 0.5s }
  - { kind: join, nodes: n4, at: 3s }
  - { kind: partition, groups: [n1..n2, n3..n4], at: 4s, for: 1s }`;

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    const text = scenarioText({ more: FAULTS });
    expect(planOf(text)).toEqual(planOf(text));
    const other = planOf(`${text}\nseed: 2`);
    expect(other.nodes[0]?.config.nodeKey).not.toBe(planOf(text).nodes[0]?.config.nodeKey);
  });

  it('has every fault and its end as actions in the order of their times', () => {
    const { actions, hasLinkFaults } = planOf(scenarioText({ more: FAULTS }));
    expect(actions.map(({ atMs, deed }) => [atMs, deed.kind])).toEqual([
      [500, 'kill'],
      [1_000, 'stop'],
      [3_000, 'start'],
      [3_000, 'start'],
      [4_000, 'cut'],
      [5_000, 'heal'],
      [6_000, 'stop'],
      [8_000, 'start'],
    ]);
    // In a ring two links lead from one half to the other.
    expect(actions.find(({ deed }) => deed.kind === 'cut')?.deed).toEqual({ kind: 'cut', links: [1, 3] });
    expect(hasLinkFaults).toBe(true);
  });

  it('gives nodes that are killed or paused a process of their own, and keeps those that join out of the start', () => {
    const { nodes } = planOf(scenarioText({ more: FAULTS }));
    expect(nodes.map(({ isAlone, joins }) => [isAlone, joins])).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [false, true],
    ]);
  });

  it('deals shards out one after the other', () => {
    const { nodes } = planOf(
      scenarioText({ nodes: 'nodes:\n  - { count: 4, shards: [1, 2, 3], shardsPerNode: 2 }' }),
    );
    expect(nodes.map(({ shards }) => shards)).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
    ]);
  });

  it('is the same again from the scenario that a run has resolved', () => {
    const read = readScenario(
      scenarioText({ topology: 'topology: { kind: regular, degree: 2 }', more: FAULTS }),
      'small.yaml',
    );
    const plan = planOf(scenarioText({ topology: 'topology: { kind: regular, degree: 2 }', more: FAULTS }));
    const again = planOf(resolvedYaml(read, plan));
    // The scenario itself names its links now.
    expect({ ...again, scenario: null }).toEqual({ ...plan, scenario: null });
  });
});

it('a duration is written as it is read', () => {
  for (const text of ['1ms', '250ms', '1.5s', '90s', '2m', '1h']) {
    const ms = readDuration(text);
    expect(readDuration(formatDuration(ms ?? -1))).toBe(ms);
  }
  for (const wrong of ['', '5', '5 s', '-1s', '1d', '25h', '1e3s', 's'])
    expect(readDuration(wrong)).toBeNull();
});

it('every scenario that comes with the program can be run', async () => {
  const ready = await readyScenarios();
  expect(ready).toHaveLength(10);
  for (const { name, about, plan } of ready) {
    expect(plan.scenario.name).toBe(name);
    expect(about).not.toBe('');
    // Timers take whole milliseconds.
    expect(Number.isInteger(plan.trafficMs)).toBe(true);
    expect(plan.scenario.pass.map(({ measure }) => measure)).toContain('failures');
  }
});
