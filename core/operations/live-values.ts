/**
 * The live stream: a snapshot of everything, then numbered batches of what changed. live-state.ts applies them.
 */
import * as z from 'zod';
import { resourcesSchema } from '../engine/crash-report.ts';
import { ENGINE_HOSTS, PROFILE_NAMES } from '../engine/profiles.ts';
import {
  nodeConfigSchema,
  rlnConfigSchema,
  type NodeConfigInput,
  type RlnConfigInput,
} from '../engine/config.ts';
import {
  engineInfoSchema,
  engineStateSchema,
  errorDataSchema,
  logLevelSchema,
  nodeIdentitySchema,
  peerInfoSchema,
  topicHealthSchema,
} from '../engine/schemas.ts';
import {
  deliveryStateSchema,
  gapSchema,
  hashSchema,
  messageRowSchema,
  positionSchema,
} from './message-values.ts';

const count = z.int().min(0);

/** The configuration without its secrets, which never leave the host: the node key, and two of RLN. */
export const settingsSchema = nodeConfigSchema.omit({ nodeKey: true }).extend({
  rln: rlnConfigSchema.omit({ credentialsPassword: true, chainRpcUrls: true }).nullable().default(null),
});
export type Settings = z.output<typeof settingsSchema>;

/** Settings to change; what is left out stays, also within `rln`, whose secrets the caller does not know. */
export interface SettingsChange extends Omit<NodeConfigInput, 'rln'> {
  rln?: Partial<RlnConfigInput> | null | undefined;
}

/** Why the node is down and when the host tries again. */
export const restartSchema = z.object({
  /** 1 for the first try after the node failed. */
  attempt: count,
  /** From the moment this was sent. */
  inMs: z.number(),
});

/** A crash of the node's process, in short; `node.crashReport` has the whole. */
export const crashSummarySchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** A sentence. */
  reason: z.string(),
  /** Where the report lies on the host's disk; null where it could not be written. */
  file: z.string().nullable(),
});
export type CrashSummary = z.output<typeof crashSummarySchema>;

/** What the chip at the top tells. Sent whole whenever a part of it changed. */
export const nodeStatusSchema = z.object({
  state: engineStateSchema,
  /** Why the state is `failed`; of a node that failed too often to be started again, that. */
  error: errorDataSchema.nullable(),
  /** Not null while the host waits before it starts a failed node again. */
  restart: restartSchema.nullable(),
  /** The newest ones of this host, oldest first. */
  crashes: z.array(crashSummarySchema),
  identity: nodeIdentitySchema.nullable(),
  topics: z.array(
    z.object({ pubsubTopic: z.string(), meshPeers: z.array(z.string()), health: topicHealthSchema }),
  ),
  /** Filter subscriptions that are wanted: a light client's, and what a relay node asked for beside. */
  filters: z.array(
    z.object({
      pubsubTopic: z.string(),
      contentTopics: z.array(z.string()),
      /** A service node has agreed, and none has left since. */
      served: z.boolean(),
      error: errorDataSchema.nullable(),
    }),
  ),
});
export type NodeStatus = z.output<typeof nodeStatusSchema>;

/** A line of the log. The same text again does not make a new line: `repeats` counts. */
export const logLineSchema = z.object({
  /** Contiguous; a line that comes again with a known id replaces it. */
  id: count,
  level: logLevelSchema,
  component: z.string(),
  text: z.string(),
  /** When it came first, and last. */
  firstNs: z.bigint(),
  lastNs: z.bigint(),
  repeats: z.int().min(1),
});
export type LogLine = z.output<typeof logLineSchema>;

export const statisticsSchema = z.object({
  received: count,
  receivedBytes: count,
  published: count,
  publishedBytes: count,
  duplicates: count,
  refused: z.record(z.string(), count),
  notCaptured: count,
  dropped: count,
  messagesPerSecond: z.number(),
});

export const captureStatusSchema = z.object({
  /** Its folder. */
  folder: z.string(),
  id: z.string(),
  messages: count,
  bytes: count,
  segments: count,
  /** Messages removed to keep within the size. */
  removedMessages: count,
  gaps: count,
  /** The last thing that went wrong on the disk. */
  lastError: errorDataSchema.nullable(),
});

/** Numbers that change all the time; sent at most four times a second, and every 5 s at rest. */
export const countersSchema = z.object({
  statistics: statisticsSchema,
  capture: captureStatusSchema.nullable(),
  /** Of the node's process; null where it has none of its own, and while it is down. */
  resources: resourcesSchema.nullable(),
  /** Positions that can be read: from `firstPosition` up to, not including, `nextPosition`. */
  firstPosition: positionSchema,
  nextPosition: positionSchema,
  clients: z.object({
    connected: count,
    /** Those who stopped reading or answering and were let go, since the host started. */
    dropped: count,
  }),
});
export type Counters = z.output<typeof countersSchema>;

/** What a window is in. In the desktop app files are chosen in the system's own dialogs. */
export const hostKindSchema = z.enum(['browser', 'desktop']);
export type HostKind = z.output<typeof hostKindSchema>;

/** Everything at one moment: what a client starts from, and takes again when it missed something. */
export const snapshotSchema = z.object({
  /** The stream whose batches follow on this one. */
  stream: count,
  /** Positions belong to it: another one means that every position is void. */
  sessionId: z.string(),
  version: z.string(),
  profile: z.enum(PROFILE_NAMES),
  host: hostKindSchema,
  engine: engineInfoSchema,
  /** Where the engine runs, on a host where that can be chosen; null elsewhere. */
  engineHost: z.enum(ENGINE_HOSTS).nullable(),
  /** Not null where the program before this one ended with a node in it; its report is among the crashes. */
  previousEnd: z.object({ reportId: z.string(), crashed: z.boolean(), text: z.string() }).nullable(),
  settings: settingsSchema,
  /** Mesh peers per topic that gossipsub aims at. */
  meshTarget: count,
  node: nodeStatusSchema,
  peers: z.array(peerInfoSchema),
  counters: countersSchema,
  /** The newest rows, oldest first. */
  rows: z.array(messageRowSchema),
  /** The newest gaps and log lines, oldest first. */
  gaps: z.array(gapSchema),
  log: z.array(logLineSchema),
});
export type Snapshot = z.output<typeof snapshotSchema>;

/** An own message came to a new state. */
export const stateChangeSchema = z.object({
  position: positionSchema,
  hash: hashSchema,
  atNs: z.bigint(),
  delivery: deliveryStateSchema,
});
export type StateChange = z.output<typeof stateChangeSchema>;

/** What changed since the snapshot or the batch before. A null part did not change. */
export const batchSchema = z.object({
  stream: count,
  /** 1 for the first after the snapshot, then contiguous: a missing number calls for a new snapshot. */
  number: z.int().min(1),
  /** New messages in the order of their positions. */
  rows: z.array(messageRowSchema),
  /** Positions among `rows` that match the filter of `messages.watch`; null when none is set. */
  matching: z.array(positionSchema).nullable(),
  states: z.array(stateChangeSchema),
  gaps: z.array(gapSchema),
  node: nodeStatusSchema.nullable(),
  peers: z.object({ changed: z.array(peerInfoSchema), left: z.array(z.string()) }).nullable(),
  log: z.array(logLineSchema),
  counters: countersSchema.nullable(),
  /** Rows, states and gaps left out because this client fell behind: more than 0 calls for a new snapshot. */
  missed: count,
});
export type Batch = z.output<typeof batchSchema>;
