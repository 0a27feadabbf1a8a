/** The values of the engine contract as schemas: what crosses a port is checked on arrival. */
import * as z from 'zod';
import { ENGINE_KINDS, type Support } from '../../core/engine/capabilities.ts';
import type { EngineInfo, NodeIdentity, PublishReceipt } from '../../core/engine/engine.ts';
import { ERROR_CODES, type ErrorData } from '../../core/engine/errors.ts';
import type { EngineEvent, EngineState, PeerInfo } from '../../core/engine/events.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { ownBytes } from './own-bytes.ts';

const text = z.string();
const count = z.int().min(0);
const bytes = z.instanceof(Uint8Array).transform(ownBytes);
const errorCode = z.enum(ERROR_CODES);

export const wakuMessageSchema: z.ZodType<WakuMessage> = z.object({
  payload: bytes,
  contentTopic: text,
  version: count,
  timestampNs: z.bigint(),
  meta: bytes,
  rateLimitProof: bytes,
  ephemeral: z.boolean(),
});

export const errorDataSchema: z.ZodType<ErrorData> = z.object({
  code: errorCode,
  operation: text,
  message: text,
  hint: text,
  cause: text.exactOptional(),
});

export const nodeIdentitySchema: z.ZodType<NodeIdentity> = z.object({
  peerId: text,
  listenAddresses: z.array(text),
  enr: text.nullable(),
});

export const publishReceiptSchema: z.ZodType<PublishReceipt> = z.object({
  sentToPeers: count.nullable(),
});

export const peerInfoSchema: z.ZodType<PeerInfo> = z.object({
  peerId: text,
  addresses: z.array(text),
  protocols: z.array(text),
  agent: text,
  direction: z.enum(['inbound', 'outbound']),
  origin: z.enum(['static', 'manual', 'discovered', 'inbound']),
  shards: z.array(count).nullable(),
  latencyMs: z.number().nullable(),
  connectedSinceNs: z.bigint(),
});

const support: z.ZodType<Support> = z.discriminatedUnion('supported', [
  z.object({ supported: z.literal(true) }),
  z.object({ supported: z.literal(false), code: errorCode, reason: text }),
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

const pubsubTopic = text;
const fromPeer = text.nullable();

export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('messageReceived'),
    pubsubTopic,
    message: wakuMessageSchema,
    receivedNs: z.bigint(),
    fromPeer,
    own: z.boolean(),
    claimedHash: text.nullable(),
  }),
  z.object({
    type: z.literal('messageRefused'),
    pubsubTopic,
    fromPeer,
    code: errorCode,
    sizeBytes: count,
  }),
  z.object({ type: z.literal('peerJoined'), peer: peerInfoSchema }),
  z.object({ type: z.literal('peerLeft'), peerId: text, reason: text.nullable() }),
  z.object({ type: z.literal('peerIdentified'), peer: peerInfoSchema }),
  z.object({ type: z.literal('meshChanged'), pubsubTopic, peerIds: z.array(text) }),
  z.object({
    type: z.literal('topicHealthChanged'),
    pubsubTopic,
    health: z.enum(['UnHealthy', 'MinimallyHealthy', 'SufficientlyHealthy']),
  }),
  z.object({
    type: z.literal('logged'),
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
    component: text,
    text,
    atNs: z.bigint(),
  }),
  z.object({ type: z.literal('stateChanged'), state: engineStateSchema, error: errorDataSchema.nullable() }),
  z.object({
    type: z.literal('gapped'),
    reason: z.enum(['overflow', 'engine']),
    lost: count.nullable(),
    detail: text,
  }),
]) satisfies z.ZodType<EngineEvent>;

/** An event that a schema above knows: an event added to the contract alone does not compile in outbox.ts. */
export type WireEvent = z.output<typeof engineEventSchema>;
