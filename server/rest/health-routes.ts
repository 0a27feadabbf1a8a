/** `/health`: whether the node is ready, and each of its protocols. */
import * as z from 'zod';
import type { EngineState } from '../../core/engine/events.ts';
import { offers, type Service } from '../../core/engine/services.ts';
import { json } from './answer.ts';
import type { RestContext } from './context.ts';
import { route, type Route } from './route.ts';

/** One protocol by its name; beside it may stand why it is not ready. */
export type ProtocolHealth = Record<string, string>;

const NODE_HEALTH: Readonly<Record<EngineState, string>> = {
  stopped: 'NOT_READY',
  starting: 'INITIALIZING',
  running: 'READY',
  stopping: 'SHUTTING_DOWN',
  failed: 'NOT_READY',
};

const healthSchema = z.object({
  nodeHealth: z.enum(['INITIALIZING', 'READY', 'NOT_READY', 'SHUTTING_DOWN']),
  protocolsHealth: z.array(z.record(z.string(), z.string())),
});

export function healthRoutes(context: RestContext): Route[] {
  const { session } = context;
  const answer = { schema: healthSchema };
  return [
    route({
      method: 'GET',
      path: '/health',
      id: 'health',
      summary: 'Whether the node is ready.',
      answers: {
        200: { ...answer, description: 'It is ready.' },
        503: { ...answer, description: 'It is not, or not yet.' },
      },
      handle() {
        const { state } = session.snapshot();
        const health = { nodeHealth: NODE_HEALTH[state], protocolsHealth: protocolsHealth(context) };
        return json(health, state === 'running' ? 200 : 503);
      },
    }),
  ];
}

function protocolsHealth({ session, engine, config }: RestContext): ProtocolHealth[] {
  const { peers } = session.snapshot();
  const { lightClient, storeQuery } = engine.info.capabilities;
  const mounted = (name: string, isMounted: boolean): ProtocolHealth => ({
    [name]: isMounted ? 'READY' : 'NOT_MOUNTED',
  });
  const client = (name: string, isMounted: boolean, service: Service, missing: string): ProtocolHealth => {
    if (!isMounted) return mounted(name, false);
    if (peers.some((peer) => offers(peer, service))) return mounted(name, true);
    return { [name]: 'NOT_READY', desc: missing };
  };
  const relay: ProtocolHealth = config.light
    ? mounted('Relay', false)
    : {
        Relay: peers.length > 0 ? 'READY' : 'NOT_READY',
        ...(peers.length === 0 && { desc: 'No connected peers' }),
      };
  return [
    relay,
    mounted('Rln Relay', config.rln !== null),
    // What this node does not serve to others, whichever engine it has.
    ...['Lightpush', 'Legacy Lightpush', 'Filter', 'Store', 'Legacy Store'].map((name) =>
      mounted(name, false),
    ),
    mounted('Peer Exchange', config.peerExchange && config.discv5UdpPort !== null),
    ...['Rendezvous', 'Mix'].map((name) => mounted(name, false)),
    client('Lightpush Client', lightClient.supported, 'lightpush', 'No Lightpush service peer available yet'),
    mounted('Legacy Lightpush Client', false),
    client(
      'Store Client',
      storeQuery.supported,
      'store',
      'No Store service peer available yet, neither Store service set up for the node',
    ),
    mounted('Legacy Store Client', false),
    client('Filter Client', lightClient.supported, 'filter', 'No Filter service peer available yet'),
  ];
}
