/** The plain values of the engine contract as schemas: what crosses a boundary is checked on arrival. */
import * as z from 'zod';
import { ENGINE_KINDS, type Support } from './capabilities.ts';
import type { EngineInfo, NodeIdentity } from './engine.ts';
import { ERROR_CODES, type ErrorData } from './errors.ts';
import type { EngineState, LogLevel, PeerInfo, TopicHealth } from './events.ts';

const text = z.string();
export const errorCodeSchema = z.enum(ERROR_CODES);

export const errorDataSchema: z.ZodType<ErrorData> = z.object({
  code: errorCodeSchema,
  operation: text,
  message: text,
  hint: text,
  cause: text.exactOptional(),
});

export const nodeIdentitySchema: z.ZodType<NodeIdentity> = z.object({
  peerId: text,
  listenAddresses: z.array(text),
  enr: text.nullable(),
  version: text,
});

export const peerInfoSchema: z.ZodType<PeerInfo> = z.object({
  peerId: text,
  addresses: z.array(text),
  protocols: z.array(text),
  agent: text,
  direction: z.enum(['inbound', 'outbound']),
  origin: z.enum(['static', 'manual', 'discovered', 'inbound']),
  shards: z.array(z.int().min(0)).nullable(),
  latencyMs: z.number().nullable(),
  connectedSinceNs: z.bigint(),
});

const support: z.ZodType<Support> = z.discriminatedUnion('supported', [
  z.object({ supported: z.literal(true) }),
  z.object({ supported: z.literal(false), code: errorCodeSchema, reason: text }),
]);

export const engineInfoSchema: z.ZodType<EngineInfo> = z.object({
  kind: z.enum(ENGINE_KINDS),
  version: text,
  capabilities: z.object({
    relay: support,
    lightClient: support,
    storeQuery: support,
    rln: support,
    metrics: support,
    discovery: z.object({ mdns: support, discv5: support, dns: support, peerExchange: support }),
    restartInProcess: support,
    dialUnnamed: support,
    messageOrigin: support,
    sendCount: support,
  }),
});

export const engineStateSchema: z.ZodType<EngineState> = z.enum([
  'stopped',
  'starting',
  'running',
  'stopping',
  'failed',
]);

export const topicHealthSchema: z.ZodType<TopicHealth> = z.enum([
  'UnHealthy',
  'MinimallyHealthy',
  'SufficientlyHealthy',
]);

export const logLevelSchema: z.ZodType<LogLevel> = z.enum(['trace', 'debug', 'info', 'warn', 'error']);
