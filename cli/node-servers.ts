/** What a node serves over HTTP beside its own protocols. */
import { startMetricsHost } from '../server/metrics/metrics-host.ts';
import type { RestNode } from '../server/rest/context.ts';
import { startRestHost } from '../server/rest/rest-host.ts';
import type { RestFlags } from './rest-flags.ts';

export interface NodeServers {
  /** null: not served. */
  restPort: number | null;
  metricsPort: number | null;
  close(): Promise<void>;
}

/**
 * Listens before the node starts, so that a port that is taken leaves nothing behind.
 * @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED
 */
export async function startServers(
  node: RestNode,
  flags: RestFlags & { portsShift: number },
): Promise<NodeServers> {
  const shifted = (port: number): number => (port === 0 ? 0 : port + flags.portsShift);
  const rest = flags.rest
    ? await startRestHost(node, {
        address: flags.restAddress,
        port: shifted(flags.restPort),
        admin: flags.restAdmin,
        relayCacheCapacity: flags.restRelayCacheCapacity,
        filterCacheCapacity: flags.restFilterCacheCapacity,
        allowedOrigins: flags.restAllowOrigin,
      })
    : null;
  try {
    const metrics = flags.metricsServer
      ? await startMetricsHost(node, {
          address: flags.metricsServerAddress,
          port: shifted(flags.metricsServerPort),
        })
      : null;
    return {
      restPort: rest?.port ?? null,
      metricsPort: metrics?.port ?? null,
      async close() {
        await Promise.all([rest?.close(), metrics?.close()]);
      },
    };
  } catch (error) {
    await rest?.close();
    throw error;
  }
}
