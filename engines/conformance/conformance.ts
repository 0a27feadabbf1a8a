/**
 * The engine contract as tests. Every engine runs them, in this process and across a message port:
 *
 *     conformance(adapter);
 *     conformance(acrossPort(adapter));
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineAdapter } from './adapter.ts';
import { answers } from './answers.ts';
import { configuration } from './configuration.ts';
import { connecting } from './connecting.ts';
import { delivery } from './delivery.ts';
import { failedStarts } from './failed-starts.ts';
import { failingToConnect } from './failing-to-connect.ts';
import { lifecycle } from './lifecycle.ts';
import { mesh } from './mesh.ts';
import { messages } from './messages.ts';
import { peers } from './peers.ts';
import { reconnecting } from './reconnecting.ts';
import { refusals } from './refusals.ts';
import { services } from './services.ts';
import { Suite } from './suite.ts';
import { topics } from './topics.ts';

export type { EngineAdapter } from './adapter.ts';
export { acrossPort } from './across-port.ts';

const GROUPS = {
  lifecycle,
  'failed starts': failedStarts,
  configuration,
  topics,
  connecting,
  'failing to connect': failingToConnect,
  peers,
  reconnecting,
  mesh,
  messages,
  refusals,
  delivery,
  services,
  answers,
};

/** Registers the suite for an engine, with vitest's describe and it. */
export function conformance(adapter: EngineAdapter): void {
  const suite = new Suite(adapter);
  // Most of the time is waiting for heartbeats: both ways of running an engine wait together.
  describe(`${adapter.name} engine`, { concurrent: true }, () => {
    beforeAll(() => suite.ask());
    const { lanes = 1 } = adapter;
    const register = (lane: number): void => {
      for (const [name, group] of Object.entries(GROUPS).filter((_group, i) => i % lanes === lane))
        describe(name, { concurrent: false }, () => {
          group(suite);
        });
    };
    if (lanes === 1) register(0);
    else
      for (let lane = 0; lane < lanes; lane++)
        describe(`lane ${lane + 1}`, { concurrent: true }, () => {
          register(lane);
        });
    it('every limit of the adapter names a test', () => {
      expect(suite.unknownLimits()).toEqual([]);
    });
  });
}
