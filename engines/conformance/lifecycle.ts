/** Starting, stopping, starting again. */
import { expect } from 'vitest';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { ERROR_CODES, WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineState } from '../../core/engine/events.ts';
import { createMessage } from '../../core/waku/message.ts';
import { serviceCalls, stoppedCode } from './services.ts';
import type { Suite } from './suite.ts';
import { testMessage } from './message.ts';
import { canDial, tcpServer } from './tcp.ts';
import { eventually, TOPIC, type TestNode } from './test-node.ts';

/** Whatever hangs; a slow machine takes seconds for the rest. */
const STOP_MS = 10_000;

/** Four valid peer ids of no running nodes. */
const NOBODIES = [
  '16Uiu2HAm3cuhhRL2msUuLF62KRSfneFDx94RsuouyW25Ho42cFMq',
  '16Uiu2HAm8kegYGp6XeybmZAuNcnLosyjsRwZ44yLgfEuqLqYL9zt',
  '16Uiu2HAmCCQRbp36trRMKRjqhRv1GAD7i1Epty3q2LiutAYCJ1oN',
  '16Uiu2HAmAowhhPoBqzAHDku9VgUyLwpuRuiPNgSRecikRdpy6ERg',
];
const SOMEBODY = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

export function lifecycle(suite: Suite): void {
  suite.test('tells who it is and what it can do before it starts', async (stage) => {
    const { engine } = await stage.engine();
    const { kind, version, capabilities } = engine.info;
    expect(ENGINE_KINDS).toContain(kind);
    expect(version).not.toBe('');
    expect(engine.state).toBe('stopped');
    const { discovery, ...rest } = capabilities;
    for (const support of [...Object.values(rest), ...Object.values(discovery)]) {
      if (support.supported) continue;
      expect(Object.values(ERROR_CODES)).toContain(support.code);
      expect(support.reason).not.toBe('');
    }
    if (kind !== 'nwaku') expect(capabilities.rln).toMatchObject({ code: 'RLN_NEEDS_NWAKU' });
    else expect(capabilities.lightClient).toMatchObject({ code: 'LIGHT_CLIENT_DISABLED' });
  });

  suite.test('listens on the addresses of its identity', async (stage) => {
    const node = await stage.node();
    const { peerId, listenAddresses } = node.identity;
    expect(listenAddresses).not.toEqual([]);
    for (const address of listenAddresses) {
      expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*\/p2p\/[^/]+$/);
      expect(address.endsWith(`/p2p/${peerId}`)).toBe(true);
    }
    expect(await canDial(node.port)).toBe(true);
  });

  suite.test('answers a start while it runs, or starts, with the same identity', async (stage) => {
    const node = await stage.engine();
    const [first, second] = await Promise.all([node.engine.start(), node.engine.start()]);
    expect(second).toEqual(first);
    expect(await node.engine.start()).toEqual(first);
    expect(states(node)).toEqual(['starting', 'running']);
  });

  suite.test('can be stopped at any time and more than once', async (stage) => {
    const node = await stage.engine();
    await node.engine.stop();
    await node.start();
    await Promise.all([node.engine.stop(), node.engine.stop()]);
    await node.engine.stop();
    expect(node.engine.state).toBe('stopped');
  });

  suite.test('can be stopped while it starts', async (stage) => {
    const node = await stage.engine();
    const [, stopped] = await Promise.allSettled([node.engine.start(), node.engine.stop()]);
    expect(stopped.status).toBe('fulfilled');
    expect(node.engine.state).toBe('stopped');
    expect(states(node).at(-1)).toBe('stopped');
  });

  suite.test('tells every change of its state, and has that state when it tells', async (stage) => {
    const node = await stage.engine();
    const seen: EngineState[] = [];
    node.engine.onEvent(({ type }) => {
      if (type === 'stateChanged') seen.push(node.engine.state);
    });
    await node.start();
    expect(node.engine.state).toBe('running');
    await node.engine.stop();
    expect(states(node)).toEqual(['starting', 'running', 'stopping', 'stopped']);
    expect(seen).toEqual(states(node));
    expect(node.told('stateChanged').every(({ error }) => error === null)).toBe(true);
  });

  suite.test('releases its port when it stops', async (stage) => {
    const node = await stage.node();
    await node.engine.stop();
    expect(await canDial(node.port)).toBe(false);
    await tcpServer(stage, undefined, node.port);
  });

  suite.test(
    'answers all that is under way when it stops: 64 publishes, 4 connects that hang',
    async (stage) => {
      const { a } = await stage.meshedPair();
      const silent = await Promise.all(NOBODIES.map(() => tcpServer(stage)));
      const connects = silent.map(({ port }, index) =>
        a.engine.connect(`/ip4/127.0.0.1/tcp/${port}/p2p/${NOBODIES[index] ?? ''}`),
      );
      const payload = new Uint8Array(100_000).fill(1);
      const publishes = Array.from({ length: 64 }, () => a.engine.publish(TOPIC, testMessage({ payload })));
      const outcomes = Promise.allSettled([...connects, ...publishes]);
      await eventually(() => {
        expect(silent.map(({ open }) => open.size)).toEqual([1, 1, 1, 1]);
      });
      const startMs = performance.now();
      await a.engine.stop();
      const ended = await outcomes;
      expect(performance.now() - startMs).toBeLessThan(STOP_MS);
      expect(ended.slice(0, 4).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
      for (const outcome of ended)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WakuDeskError);
      expect(a.engine.state).toBe('stopped');
      await eventually(() => {
        expect(silent.map(({ open }) => open.size)).toEqual([0, 0, 0, 0]);
      });
    },
  );

  suite.test(
    'comes back as the same peer on the same port, with the configured topics',
    async (stage) => {
      const { a, b } = await stage.pair();
      const before = a.identity;
      await a.engine.subscribe('/waku/2/rs/16/33');
      await a.engine.stop();
      // An ENR carries a sequence number.
      expect({ ...(await a.start()), enr: null }).toEqual({ ...before, enr: null });
      expect(await a.engine.topics()).toEqual([TOPIC]);
      expect(await b.engine.connect(before.listenAddresses[0] ?? '')).toBe(before.peerId);
    },
    {
      needs: 'restartInProcess',
      otherwise: async (stage, { code }) => {
        const node = await stage.node();
        await node.engine.stop();
        await expect(node.engine.start()).rejects.toMatchObject({ code });
      },
    },
  );

  suite.test('refuses calls before it starts', async (stage) => {
    await refusesCalls(suite, await stage.engine());
  });

  suite.test('refuses calls after it stopped', async (stage) => {
    const node = await stage.node();
    await node.engine.stop();
    await refusesCalls(suite, node);
  });
}

function states(node: TestNode): EngineState[] {
  return node.told('stateChanged').map(({ state }) => state);
}

async function refusesCalls({ info }: Suite, { engine }: TestNode): Promise<void> {
  const message = createMessage({ payload: new Uint8Array(1), contentTopic: '/a/1/b/c', timestampNs: 1n });
  const calls = [
    engine.subscribe(TOPIC),
    engine.unsubscribe(TOPIC),
    engine.publish(TOPIC, message),
    engine.connect(`/ip4/127.0.0.1/tcp/1/p2p/${SOMEBODY}`),
    engine.disconnect(SOMEBODY),
    engine.ping(SOMEBODY),
    ...(info.capabilities.metrics.supported ? [engine.metrics()] : []),
  ];
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'NOT_RUNNING' } });
  for (const [name, { needs, run }] of Object.entries(serviceCalls(engine)))
    await expect(run(), name).rejects.toMatchObject({ code: stoppedCode(info.capabilities, needs) });
  expect(await Promise.all([engine.peers(), engine.mesh(TOPIC), engine.topics()])).toEqual([[], [], []]);
}
