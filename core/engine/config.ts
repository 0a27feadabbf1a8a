/**
 * The configuration of a node, the same for every engine. Unknown keys are refused: libwaku ignores them
 * silently, and a typing error must not become a default.
 */
import * as z from 'zod';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../waku/limits.ts';
import { formatPubsubTopic, parsePubsubTopic } from '../waku/topics.ts';
import { autoShard } from '../waku/sharding.ts';
import { WakuDeskError } from './errors.ts';

/** A whole number, with words for people where it is none of them. */
function integer(least: number, most: number): z.ZodInt {
  const words = `must be a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
  return z.int(words).min(least, words).max(most, words);
}

const uint16 = integer(0, 65_535);

/** RLN (17/WAKU2-RLN-RELAY), which nwaku alone has; the names are those of nwaku's flags without their prefix. */
export const rlnConfigSchema = z.strictObject({
  /** File with the membership's keystore. */
  credentialsPath: z.string().min(1),
  /** Secret: never logged, never captured, never shown. */
  credentialsPassword: z.string().min(1),
  contractAddress: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be 0x and 40 hex digits'),
  /** Of an Ethereum node; may carry a key of access, so it is secret as well. */
  chainRpcUrls: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .max(16),
  chainId: integer(1, Number.MAX_SAFE_INTEGER),
  epochSeconds: integer(1, 86_400).default(600),
  /** Messages per epoch. */
  messageLimit: integer(1, 10_000).default(100),
});
export type RlnConfig = z.output<typeof rlnConfigSchema>;
export type RlnConfigInput = z.input<typeof rlnConfigSchema>;

export const nodeConfigSchema = z.strictObject({
  clusterId: uint16.default(16),
  /** Shards to relay from the start. */
  shards: z.array(uint16).max(1024).default([32]),
  /** Pubsub topics to relay as well; they may be of another cluster. */
  pubsubTopics: z
    .array(
      z.string().refine((topic) => parsePubsubTopic(topic) !== null, 'must be /waku/2/rs/<cluster>/<shard>'),
    )
    .max(1024)
    .default([]),
  /**
   * Content topics whose auto-sharding shards are relayed as well; needs shardsInNetwork. A light client asks for their
   * messages, whatever the shard.
   */
  contentTopics: z.array(z.string().min(1)).max(1024).default([]),
  /** Shards of the network for auto-sharding; 0: static sharding only. */
  shardsInNetwork: integer(0, 65_536).default(0),
  /** secp256k1 secret as 64 hex digits, or null for a new one. Never logged, never captured. */
  nodeKey: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{64}$/, 'must be 64 hex digits')
    .nullable()
    .default(null),
  /** IP address to listen on. */
  listenAddress: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').default('127.0.0.1'),
  /** IP address that others are told instead of the one listened on, or null. */
  externalAddress: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').nullable().default(null),
  /** 0: a free port. */
  tcpPort: uint16.default(0),
  /** WebSockets (ws) as well as TCP, on a port of their own; 0: a free one; null: none. */
  websocketPort: uint16.nullable().default(null),
  /** Multiaddrs with a peer id that the node keeps connected. */
  staticNodes: z.array(z.string().min(1)).max(1024).default([]),
  /** Connections, in and out together. */
  maxConnections: integer(1, 10_000).default(150),
  /** Inbound connections from one IP address; 0: no limit, as local runs need. */
  ipColocationLimit: integer(0, 10_000).default(0),
  /** Largest whole message, in bytes. */
  maxMessageBytes: integer(1_024, 16 * 1_024 * 1_024).default(DEFAULT_MAX_MESSAGE_BYTES),
  /**
   * Light client: no relay; messages come by filter (of `contentTopics`, on every pubsub topic of the configuration)
   * and go by lightpush, both through service nodes that are connected.
   */
  light: z.boolean().default(false),
  rln: rlnConfigSchema.nullable().default(null),
  /** Find nodes by discv5, on this UDP port; null: do not. */
  discv5UdpPort: integer(1, 65_535).nullable().default(null),
  /** Records of nodes that discv5 asks first. */
  discv5BootstrapNodes: z
    .array(z.string().regex(/^enr:[\w-]+$/, 'must be a node record, enr:…'))
    .max(64)
    .default([]),
  /** Tell others the nodes that discv5 has found. */
  peerExchange: z.boolean().default(false),
  /** Find other Waku Desk nodes on the local network. */
  mdns: z.boolean().default(false),
  /** What identify tells others. */
  agentString: z.string().max(128, 'must have 128 characters at most').default('waku-desk'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

/** A checked configuration with every default filled in. */
export type NodeConfig = z.output<typeof nodeConfigSchema>;
export type NodeConfigInput = z.input<typeof nodeConfigSchema>;

/** @throws WakuDeskError CONFIG_INVALID that names every wrong key */
export function parseNodeConfig(input: unknown): NodeConfig {
  const result = nodeConfigSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new WakuDeskError('CONFIG_INVALID', `The configuration is not valid: ${problems.join('; ')}.`, {
    operation: 'config.parse',
    hint: 'Correct the named values and try again.',
  });
}

/**
 * The pubsub topics that a configuration relays from the start, or hears by filter, without repeats.
 * @throws WakuDeskError CONFIG_INVALID when a content topic has no shard
 */
export function configuredTopics(config: NodeConfig): string[] {
  const shards = new Set(config.shards);
  const topics = new Set<string>();
  for (const contentTopic of config.contentTopics) {
    const shard = config.shardsInNetwork === 0 ? null : autoShard(contentTopic, config.shardsInNetwork);
    if (shard === null) {
      if (config.light) continue;
      throw new WakuDeskError(
        'CONFIG_INVALID',
        `No shard can be computed for the content topic ${JSON.stringify(contentTopic)}.`,
        {
          operation: 'config.parse',
          hint: 'Write it as /application/version/name/encoding and set the number of shards in the network.',
        },
      );
    }
    shards.add(shard);
  }
  for (const shard of shards) topics.add(formatPubsubTopic({ cluster: config.clusterId, shard }));
  for (const topic of config.pubsubTopics) topics.add(topic);
  return [...topics];
}
