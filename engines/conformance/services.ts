/**
 * Filter, lightpush and store query, as far as they go without a service node: those tests are in e2e, with go-waku's
 * own node. What an engine has not it refuses by its capability, whatever its state.
 */
import { expect } from 'vitest';
import type { Capabilities, Support } from '../../core/engine/capabilities.ts';
import type { Engine } from '../../core/engine/engine.ts';
import type { StoreQuery } from '../../core/engine/store-query.ts';
import { CONTENT_TOPIC, testMessage } from './message.ts';
import type { Stage } from './stage.ts';
import type { Suite } from './suite.ts';
import { tcpServer } from './tcp.ts';
import { TOPIC } from './test-node.ts';

const SOMEBODY = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

/** Of everything on the suite's topic. */
export const STORE_QUERY: StoreQuery = {
  peer: `/ip4/127.0.0.1/tcp/1/p2p/${SOMEBODY}`,
  pubsubTopic: TOPIC,
  contentTopics: [CONTENT_TOPIC],
  fromNs: null,
  toNs: null,
  hashes: [],
  includeData: true,
  cursor: null,
  forward: true,
  limit: 20,
};

type Service = 'lightClient' | 'storeQuery';

/** Every call that takes a service, with the capability that it takes. */
export function serviceCalls(
  engine: Engine,
  options = {},
): Record<string, { needs: Service; run: () => Promise<unknown> }> {
  return {
    filterSubscribe: {
      needs: 'lightClient',
      run: () => engine.filterSubscribe(TOPIC, [CONTENT_TOPIC], options),
    },
    filterUnsubscribe: {
      needs: 'lightClient',
      run: () => engine.filterUnsubscribe(TOPIC, [CONTENT_TOPIC], options),
    },
    lightPush: { needs: 'lightClient', run: () => engine.lightPush(TOPIC, testMessage(), options) },
    storeQuery: { needs: 'storeQuery', run: () => engine.storeQuery(STORE_QUERY, options) },
  };
}

/** The code with which a call of a node that does not run fails: what the engine has not comes before that. */
export function stoppedCode(capabilities: Capabilities, needs: Service): string {
  const support = capabilities[needs];
  return support.supported ? 'NOT_RUNNING' : support.code;
}

export function services(suite: Suite): void {
  suite.test(
    'a light client relays nothing, and says so',
    async (stage) => {
      const { engine } = await stage.node({ light: true, contentTopics: [CONTENT_TOPIC] });
      expect(await engine.topics()).toEqual([]);
      await expect(engine.publish(TOPIC, testMessage())).rejects.toMatchObject({
        code: expect.stringMatching(/^(NOT_SUBSCRIBED|UNSUPPORTED)$/) as unknown,
      });
    },
    { needs: 'lightClient', otherwise: refuses('lightClient') },
  );

  suite.test(
    'filter and lightpush fail with NO_SERVICE_PEER while no peer offers them',
    async (stage) => {
      const { a } = await stage.meshedPair();
      await expect(a.engine.filterSubscribe(TOPIC, [CONTENT_TOPIC])).rejects.toMatchObject({
        code: 'NO_SERVICE_PEER',
      });
      await expect(a.engine.lightPush(TOPIC, testMessage())).rejects.toMatchObject({
        code: 'NO_SERVICE_PEER',
      });
    },
    { needs: 'lightClient', otherwise: refuses('lightClient') },
  );

  suite.test(
    'what was never heard by filter is ended without an error',
    async (stage) => {
      const { engine } = await stage.node();
      await engine.filterUnsubscribe(TOPIC, [CONTENT_TOPIC]);
    },
    { needs: 'lightClient', otherwise: refuses('lightClient') },
  );

  suite.test(
    'a store that is not there fails with CONNECT_FAILED, and what is no address with MULTIADDR_INVALID',
    async (stage) => {
      const { engine } = await stage.node();
      await expect(engine.storeQuery(STORE_QUERY, { timeoutMs: 20_000 })).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
      });
      await expect(engine.storeQuery({ ...STORE_QUERY, peer: 'nowhere' })).rejects.toMatchObject({
        code: 'MULTIADDR_INVALID',
      });
    },
    { needs: 'storeQuery', otherwise: refuses('storeQuery') },
  );

  suite.test(
    'a query of a host that is silent ends at its time limit, and when it is cancelled',
    async (stage) => {
      const { engine } = await stage.node();
      const { address } = await tcpServer(stage);
      const query = { ...STORE_QUERY, peer: `${address}/p2p/${SOMEBODY}` };
      await expect(engine.storeQuery(query, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
      const controller = new AbortController();
      const cancelled = engine.storeQuery(query, { signal: controller.signal });
      controller.abort();
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    },
    { needs: 'storeQuery', otherwise: refuses('storeQuery') },
  );

  suite.test(
    'a peer that keeps no store refuses the query',
    async (stage) => {
      const { a, b } = await stage.pair();
      await expect(a.engine.storeQuery({ ...STORE_QUERY, peer: b.address })).rejects.toMatchObject({
        code: expect.stringMatching(/^(SERVICE_REFUSED|NO_SERVICE_PEER|CONNECT_FAILED)$/) as unknown,
      });
    },
    { needs: 'storeQuery', otherwise: refuses('storeQuery') },
  );
}

/** Every call of the service fails with the declared code: before the start, running and stopped. */
function refuses(service: Service): (stage: Stage, support: Support & { supported: false }) => Promise<void> {
  return async (stage, { code }) => {
    const node = await stage.engine();
    const check = async (): Promise<void> => {
      for (const [name, { needs, run }] of Object.entries(serviceCalls(node.engine)))
        if (needs === service) await expect(run(), name).rejects.toMatchObject({ code });
    };
    await check();
    await node.start();
    await check();
    await node.engine.stop();
    await check();
  };
}
