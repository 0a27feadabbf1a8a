/** A node with its REST API in a test. */
import { startNode, type RunningNode } from '../nodes.ts';
import { call, type Called, type CallOptions } from './call.ts';

export interface RestNode extends RunningNode {
  tcpPort: number;
  metricsPort: number;
  call: (path: string, options?: CallOptions) => Promise<Called>;
}

export async function startRestNode(args: readonly string[] = []): Promise<RestNode> {
  const node = await startNode([
    '--rest=true',
    '--rest-port=0',
    '--rest-admin=true',
    '--metrics-server=true',
    '--metrics-server-port=0',
    ...args,
  ]);
  const { restPort, metricsPort } = node.ready;
  if (restPort === null || metricsPort === null) throw new Error('the node serves no REST API or no metrics');
  return {
    ...node,
    tcpPort: Number(/\/tcp\/(\d+)/.exec(node.address)?.[1]),
    metricsPort,
    call: (path, options) => call(restPort, path, options),
  };
}
