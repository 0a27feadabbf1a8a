/** What a user can do with the node, its peers and topics, and the log. */
import * as z from 'zod';
import { ENGINE_KINDS } from '../engine/capabilities.ts';
import { crashReportSchema } from '../engine/crash-report.ts';
import { ENGINE_HOSTS } from '../engine/profiles.ts';
import { nodeIdentitySchema } from '../engine/schemas.ts';
import { logLineSchema, settingsSchema, type SettingsChange } from './live-values.ts';
import { operation } from './operation.ts';

export const MAX_LOG_LINES = 1_000;

const nothing = z.strictObject({});
const done = z.null();
const peer = z.strictObject({ peerId: z.string().max(256) });
const topic = z.strictObject({ pubsubTopic: z.string().max(1_024) });
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

export const NODE_OPERATIONS = {
  /** @throws MULTIADDR_INVALID, CONNECT_FAILED, WRONG_CLUSTER, NOT_RUNNING */
  'peers.connect': operation({
    request: z.strictObject({ address: z.string().max(1_024) }),
    answer: z.object({ peerId: z.string() }),
  }),
  'peers.disconnect': operation({ request: peer, answer: done }),
  /** @throws PEER_NOT_CONNECTED, PING_FAILED */
  'peers.ping': operation({ request: peer, answer: z.object({ latencyMs: z.number() }) }),

  /** @throws TOPIC_INVALID, NOT_RUNNING */
  'topics.subscribe': operation({ request: topic, answer: done }),
  'topics.unsubscribe': operation({ request: topic, answer: done }),

  /** On a running node answers at once. @throws PORT_IN_USE, ENGINE_FAILED */
  'node.start': operation({ request: nothing, answer: nodeIdentitySchema }),
  /** Stays stopped until it is started; a restart that waits is called off. */
  'node.stop': operation({ request: nothing, answer: done }),
  /** Stops it and starts a new process with the same key, port and topics. */
  'node.restart': operation({ request: nothing, answer: nodeIdentitySchema }),
  'node.settings': operation({ request: nothing, answer: settingsSchema }),
  /**
   * Starts the node anew with these settings changed and the others as they are, with another engine if one is named:
   * a new session, so that clients get a new snapshot and positions begin again. Topics stay unless they are among
   * the changes, and secrets that are left out stay.
   * @throws CONFIG_INVALID; UNSUPPORTED where nobody can choose where the engine runs; LIGHT_CLIENT_DISABLED, RLN_NEEDS_NWAKU, UNSUPPORTED, LIBRARY_MISSING and others of an engine that cannot be made: nothing changed; PORT_IN_USE and others of the start: a node that ran runs with the settings before
   */
  'node.changeSettings': operation({
    request: z.strictObject({
      change: z.custom<SettingsChange>(isRecord, 'must be an object'),
      engine: z.enum(ENGINE_KINDS).exactOptional(),
      /** In the desktop app only. */
      engineHost: z.enum(ENGINE_HOSTS).exactOptional(),
    }),
    answer: settingsSchema,
  }),
  /** Of a crash that the node's status names. @throws BAD_USE where it is too old to be kept */
  'node.crashReport': operation({
    request: z.strictObject({ id: z.string().max(256) }),
    answer: crashReportSchema,
  }),
  /** Prometheus text. @throws UNSUPPORTED, NOT_RUNNING */
  'node.metrics': operation({ request: nothing, answer: z.object({ text: z.string() }) }),

  /**
   * Three more nodes that chat, connected to this one. Where they run already, nothing happens.
   * @throws NOT_RUNNING, NOT_SUBSCRIBED
   */
  'demo.start': operation({ request: nothing, answer: done }),
  'demo.stop': operation({ request: nothing, answer: done }),

  /** Log lines before an id, oldest first; the newest ones without. */
  'log.page': operation({
    request: z.strictObject({
      beforeId: z.int().min(0).exactOptional(),
      count: z.int().min(1).max(MAX_LOG_LINES),
    }),
    answer: z.object({ lines: z.array(logLineSchema) }),
  }),
};
