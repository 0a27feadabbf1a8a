/** Starts that fail: with which code, and that the engine survives them. */
import { expect } from 'vitest';
import type { NodeConfigInput } from '../../core/engine/config.ts';
import type { ErrorCode } from '../../core/engine/errors.ts';
import type { Stage } from './stage.ts';
import type { Suite } from './suite.ts';
import { canDial, tcpServer } from './tcp.ts';
import type { TestNode } from './test-node.ts';

/** Zero and a number beyond the order of secp256k1: 64 hex digits, and yet no keys. */
const NO_KEYS = ['0'.repeat(64), 'f'.repeat(64)];
/** Of TEST-NET-1: no machine has it. */
const FOREIGN_ADDRESS = '192.0.2.1';

export function failedStarts(suite: Suite): void {
  suite.test('PORT_IN_USE: a program holds the port; then it is free again', async (stage) => {
    const server = await tcpServer(stage);
    const node = await failsToStart(stage, { tcpPort: server.port }, 'PORT_IN_USE');
    await server.close();
    await node.start();
    expect(node.port).toBe(server.port);
    expect(node.engine.state).toBe('running');
  });

  suite.test('PORT_IN_USE: another node holds the port, and goes on', async (stage) => {
    const first = await stage.node();
    await failsToStart(stage, { tcpPort: first.port }, 'PORT_IN_USE');
    expect(await canDial(first.port)).toBe(true);
  });

  suite.test('LISTEN_FAILED: the address is of another machine', async (stage) => {
    await failsToStart(stage, { listenAddress: FOREIGN_ADDRESS }, 'LISTEN_FAILED');
  });

  suite.test('NODE_KEY_INVALID: the number is no secret key, and no word of it is told', async (stage) => {
    for (const nodeKey of NO_KEYS) {
      const node = await failsToStart(stage, { nodeKey }, 'NODE_KEY_INVALID');
      expect(JSON.stringify(node.told('stateChanged'))).not.toContain(nodeKey);
    }
  });

  suite.test('MULTIADDR_INVALID: a static node has no address', async (stage) => {
    await failsToStart(stage, { staticNodes: ['somewhere'] }, 'MULTIADDR_INVALID');
  });

  suite.test('can be stopped after a start that failed', async (stage) => {
    const node = await failsToStart(stage, { listenAddress: FOREIGN_ADDRESS }, 'LISTEN_FAILED');
    await node.engine.stop();
    expect(node.engine.state).toBe('stopped');
  });
}

/** The failure is the call's and the last change of state's; calls are refused after it. */
async function failsToStart(stage: Stage, config: NodeConfigInput, code: ErrorCode): Promise<TestNode> {
  const node = await stage.engine(config);
  await expect(node.engine.start()).rejects.toMatchObject({ code });
  expect(node.engine.state).toBe('failed');
  expect(node.told('stateChanged').at(-1)).toMatchObject({ state: 'failed', error: { code } });
  await expect(node.engine.subscribe('/waku/2/rs/16/1')).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  return node;
}
