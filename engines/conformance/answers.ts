/** What crosses the contract: cloneable values, events to whoever listens, figures. */
import { expect } from 'vitest';
import type { EngineEvent } from '../../core/engine/events.ts';
import { cloneFault } from './contract-watch.ts';
import { testMessage } from './message.ts';
import type { Suite } from './suite.ts';
import { eventually, TOPIC, type TestNode } from './test-node.ts';

export function answers(suite: Suite): void {
  // Every test of the suite checks this on the way (contract-watch.ts); here it is seen not to be idle.
  suite.test('every event and answer is the same after a structured clone', async (stage) => {
    const { a, b } = await stage.meshedPair();
    await Promise.all([a.untilIdentified(b), b.untilIdentified(a)]);
    const receipt = await a.engine.publish(TOPIC, testMessage({ meta: new Uint8Array(3) }));
    await eventually(() => {
      expect(b.told('messageReceived')).toHaveLength(1);
    });
    const values = [a.engine.info, a.identity, receipt, await a.engine.peers(), await a.engine.topics()];
    await a.engine.disconnect(b.peerId);
    await b.untilAlone();
    await b.engine.stop();
    const kinds = new Set(b.events.map(({ type }) => type));
    for (const type of ['stateChanged', 'peerJoined', 'peerIdentified', 'peerLeft', 'meshChanged'] as const)
      expect(kinds).toContain(type);
    for (const value of [...values, ...a.events, ...b.events]) expect(cloneFault(value)).toBeNull();
    for (const wrong of [{ at: new Date(0).getTime.bind(null) }, { bytes: Buffer.of(1) }])
      expect(cloneFault(wrong)).not.toBeNull();
  });

  suite.test('a listener hears nothing after its unsubscribe, the others do', async (stage) => {
    const node = await stage.node();
    const early: EngineEvent[] = [];
    const unsubscribe = node.engine.onEvent((event) => early.push(event));
    await node.engine.publish(TOPIC, testMessage()).catch(() => undefined);
    unsubscribe();
    unsubscribe();
    const count = early.length;
    await node.engine.stop();
    expect(early).toHaveLength(count);
    expect(node.told('stateChanged').at(-1)).toMatchObject({ state: 'stopped' });
  });

  suite.test(
    'the metrics are Prometheus text, and count the peers',
    async (stage) => {
      const { a } = await stage.meshedPair();
      const samples = parsePrometheus(await a.engine.metrics());
      expect(samples.size).toBeGreaterThan(0);
      expect([...samples.values()]).not.toContain(NaN);
    },
    {
      needs: 'metrics',
      otherwise: async (stage, { code }) => {
        const { engine } = await stage.node();
        await expect(engine.metrics()).rejects.toMatchObject({ code });
      },
    },
  );

  suite.test(
    'the metrics count the bytes on connections',
    async (stage) => {
      const { a, b } = await stage.meshedPair();
      const message = testMessage({ payload: new Uint8Array(100 * 1_024) });
      const bytesOf = async (node: TestNode, direction: 'in' | 'out'): Promise<number> =>
        parsePrometheus(await node.engine.metrics()).get(
          `libp2p_network_bytes_total{direction="${direction}"}`,
        ) ?? NaN;
      const [outBefore, inBefore] = [await bytesOf(a, 'out'), await bytesOf(b, 'in')];
      expect(outBefore).toBeGreaterThan(0);
      await a.engine.publish(TOPIC, message);
      await b.untilHeard(message);
      expect((await bytesOf(a, 'out')) - outBefore).toBeGreaterThan(message.payload.length);
      expect((await bytesOf(b, 'in')) - inBefore).toBeGreaterThan(message.payload.length);
    },
    { needs: 'metrics' },
  );
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)(?: \d+)?$/;

/** @returns value by name and labels. @throws Error on a line that is not of the text format 0.0.4 */
function parsePrometheus(text: string): Map<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    samples.set(name, Number(value.replace('Inf', 'Infinity')));
  }
  return samples;
}
