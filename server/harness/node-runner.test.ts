import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { ProcessFailure } from '../../core/engine/crash-report.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import { FixtureEngine } from '../../core/session/fixture-engine.ts';
import { NodeRunner } from './node-runner.ts';

const DEATH = new WakuDeskError('ENGINE_FAILED', 'It died.', { operation: 'engine.run', hint: 'Look.' });

/** A fixture: a process that dies when the test says so. */
class DyingEngine extends FixtureEngine {
  readonly failures = new EventHub<ProcessFailure>();
  starts = 0;
  onFailure = (listener: (failure: ProcessFailure) => void): (() => void) => this.failures.add(listener);

  override start() {
    this.starts++;
    this.emit({ type: 'stateChanged', state: 'running', error: null });
    return super.start();
  }

  die(): void {
    const error = DEATH.toData();
    this.emit({ type: 'stateChanged', state: 'failed', error });
    this.failures.emit({
      end: { kind: 'exit', exitCode: 1 },
      error,
      pid: 1,
      upMs: 1,
      output: [],
      nodeLog: null,
      resources: null,
    });
  }
}

let engine: DyingEngine;
let counts: number[];
let notes: string[];
let node: NodeRunner;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  engine = new DyingEngine();
  counts = [];
  notes = [];
  node = new NodeRunner({
    engine,
    config: parseNodeConfig({}),
    capture: null,
    changed: () => undefined,
    note: (_level, text) => notes.push(text),
    crashed: (_failure, count) => counts.push(count),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Time passes, and everything that is due then is done. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

/** Until it is started again, or is not. */
async function failAndWait(): Promise<void> {
  engine.die();
  await pass(31_000);
}

describe('a node that fails again and again', () => {
  it('is given up after ten failures, says so with the last reason, and every failure is reported', async () => {
    await node.start();
    for (let n = 1; n < 10; n++) await failAndWait();
    expect(engine.starts).toBe(10);
    expect(node.gaveUp).toBeNull();
    await failAndWait();
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(engine.starts).toBe(10);
    expect(node.restart).toBeNull();
    expect(node.gaveUp).toEqual({
      code: 'ENGINE_FAILED',
      operation: 'node.restart',
      message: 'The node failed 10 times within 10 minutes and is not started again.',
      hint: 'Read the crash report, then start the node by hand.',
      cause: 'It died.',
    });
    expect(notes.at(-1)).toBe(node.gaveUp?.message);
    await pass(3_600_000);
    expect(engine.starts).toBe(10);
  });

  it('counts from one again when it is started by hand', async () => {
    await node.start();
    for (let n = 1; n <= 10; n++) await failAndWait();
    await node.start();
    expect(node.gaveUp).toBeNull();
    await failAndWait();
    expect(counts.at(-1)).toBe(1);
    expect(engine.starts).toBe(12);
  });

  it('is given up at once where only a new process would help', async () => {
    await node.start();
    const words = { operation: 'engine.start', hint: 'Start the program again.' };
    const start = vi
      .spyOn(engine, 'start')
      .mockRejectedValue(new WakuDeskError('RESTART_NEEDS_NEW_PROCESS', 'Not twice.', words));
    await failAndWait();
    await pass(600_000);
    expect(start).toHaveBeenCalledTimes(1);
    expect(node.restart).toBeNull();
    expect(node.gaveUp).toEqual({
      code: 'RESTART_NEEDS_NEW_PROCESS',
      operation: 'node.restart',
      message: 'It died. Not twice.',
      hint: 'Start the program again.',
    });
    expect(notes.at(-1)).toBe('It died. Not twice.');
  });

  it('counts a start that fails as well', async () => {
    await node.start();
    const start = vi.spyOn(engine, 'start').mockRejectedValue(DEATH);
    await failAndWait();
    for (let n = 1; n < 10; n++) await pass(31_000);
    expect(start).toHaveBeenCalledTimes(9);
    expect(node.gaveUp?.message).toContain('failed 10 times');
  });
});
