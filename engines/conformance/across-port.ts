/** Any engine behind a message port, so that both ways of running it pass the same suite. */
import { MessageChannel } from 'node:worker_threads';
import type { Engine } from '../../core/engine/engine.ts';
import { connectEngine, type RemoteEngine } from '../host/connect.ts';
import { nodePort } from '../host/port.ts';
import { serveEngine, type ServedEngine } from '../host/serve.ts';
import type { EngineAdapter } from './adapter.ts';

export function acrossPort(adapter: EngineAdapter): EngineAdapter {
  const connected = new Map<Engine, { engine: Engine; remote: RemoteEngine; served: ServedEngine }>();
  return {
    ...adapter,
    name: `${adapter.name} across a message port`,
    async create(config) {
      const engine = await adapter.create(config);
      const { port1, port2 } = new MessageChannel();
      const served = serveEngine(engine, nodePort(port1));
      const remote = await connectEngine(nodePort(port2));
      connected.set(remote, { engine, remote, served });
      return remote;
    },
    async dispose(given) {
      const connection = connected.get(given);
      if (connection === undefined) return;
      connected.delete(given);
      connection.remote.close();
      await connection.served.closed;
      await adapter.dispose?.(connection.engine);
    },
  };
}
