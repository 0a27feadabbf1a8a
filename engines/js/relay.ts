/**
 * The relay protocol: js-libp2p's gossipsub with Waku's protocol id, nwaku's parameters and message id, and
 * the two mends that the package needs on that id.
 */
import { createHash } from 'node:crypto';
import {
  gossipsub,
  StrictNoSign,
  type GossipSub,
  type GossipSubComponents,
  type GossipsubOpts,
} from '@libp2p/gossipsub';
import type { PeerId, Stream } from '@libp2p/interface';
import type { NodeConfig } from '../../core/engine/config.ts';
import { RelayCounts, type Rpc } from './relay-counts.ts';

export const RELAY_PROTOCOL = '/vac/waku/relay/2.0.0';

/** Room for a control message (5,000 message ids) beside a message in one RPC. */
const CONTROL_BYTES = 256 * 1024;
/** A neighbour that reads slower than this many bytes queue up is hung up on: no queue without a bound. */
const MAX_SEND_QUEUE_BYTES = 32 * 1024 * 1024;

/** A neighbour that takes nothing for longer than this does not hold up who publishes. */
const MAX_DRAIN_MS = 2_000;

const UNSUBSCRIBE_BACKOFF_MS = 5_000;
const PRUNE_BACKOFF_MS = 60_000;

/** nwaku's score of a topic: good deliveries help a little, invalid messages cost a lot (squared). */
const TOPIC_SCORE = {
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 10,
  firstMessageDeliveriesWeight: 1,
  firstMessageDeliveriesDecay: 0.5,
  firstMessageDeliveriesCap: 10,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 0,
  meshMessageDeliveriesThreshold: 0,
  meshMessageDeliveriesWindow: 0,
  meshMessageDeliveriesActivation: 1_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -100,
  invalidMessageDeliveriesDecay: 0.99,
};

interface Prune {
  topicID?: string;
  backoff?: number;
}

/** Hears of a message that was handed to the connection with a peer: an own one, one passed on, one asked for. */
export type SentListener = (topic: string, data: Uint8Array, peerIds: readonly string[]) => void;

/** The parts of the package's class that its public interface leaves out; checked when the service is made. */
interface GossipSubInternals {
  makePrune(id: string, topic: string, doPX: boolean, onUnsubscribe: boolean): Promise<Prune>;
  doAddBackoff(id: string, topic: string, intervalMs: number): void;
  getMeshPeers(topic: string): string[];
  getScore(peerId: string): number;
  handleReceivedRpc(from: PeerId, rpc: Rpc): Promise<void>;
  /** Both are false, or leave out the peers, where nothing was sent. */
  sendRpc(id: string, rpc: Rpc): boolean;
  sendRpcInBatch(to: Set<string>, rpc: Rpc): void;
  streamsOutbound: Map<string, unknown>;
  subscriptions: Set<string>;
  /** Peers by topics that are published to, but not subscribed. */
  fanout: Map<string, Set<string>>;
  mcache: { getGossipIDs(topics: Set<string>): Map<string, unknown[]> };
  dumpPeerScoreStats(): Record<string, PeerScore>;
  opts: { scoreParams: { topics: Record<string, unknown> } };
}

/** What gossipsub scores a peer by. */
export interface PeerScore {
  connected: boolean;
  behaviourPenalty: number;
  topics: Readonly<Record<string, TopicScore>>;
}

export interface TopicScore {
  firstMessageDeliveries: number;
  meshMessageDeliveries: number;
  meshFailurePenalty: number;
  invalidMessageDeliveries: number;
}

export interface RelayService extends GossipSub {
  readonly counts: RelayCounts;
  /** By peer id, of connected ones and of those who were. */
  peerScores(): Readonly<Record<string, PeerScore>>;
  /** How many peers get what is published on topics that are not subscribed, by topic. */
  fanoutPeers(): Map<string, number>;
  /** Messages of which gossip tells those who are not in the mesh. */
  cachedMessages(): number;
  /** Gossipsub's score of a connected peer. */
  scoreOf(peerId: string): number;
  /** From now on; there is one listener. */
  onSent(listener: SentListener): void;
  /** Peer ids in the mesh of a topic. */
  meshPeers(topic: string): string[];
  /** Whether messages can be sent to the peer: its outbound stream is open. */
  canSendTo(peerId: string): boolean;
  /**
   * Resolves when what was sent to these peers has left this process' queue, at the latest after
   * {@link MAX_DRAIN_MS}: who publishes faster than the network takes is slowed down here.
   */
  sent(peerIds: readonly string[]): Promise<void>;
  /** Scores the peers' conduct on a topic from now on. */
  scoreTopic(topic: string): void;
}

/** SHA256 of the serialised message, as nwaku and go-waku have it: not the deterministic hash. */
function gossipsubId(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}

export function relay(
  config: Pick<NodeConfig, 'maxMessageBytes' | 'ipColocationLimit'>,
): (components: GossipSubComponents) => RelayService {
  const options: Partial<GossipsubOpts> = {
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: (message) => gossipsubId(message.data),
    fallbackToFloodsub: false,
    // The engine echoes own messages itself: the package would parse our peer id anew for every publish.
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    floodPublish: true,
    // Encodes a message once, however many peers it goes to.
    batchPublish: true,
    D: 6,
    Dlo: 4,
    Dhi: 8,
    Dscore: 6,
    Dout: 3,
    Dlazy: 6,
    heartbeatInterval: 1_000,
    mcacheLength: 6,
    mcacheGossip: 3,
    gossipFactor: 0.25,
    pruneBackoff: PRUNE_BACKOFF_MS,
    unsubcribeBackoff: UNSUBSCRIBE_BACKOFF_MS,
    fanoutTTL: 60_000,
    seenTTL: 120_000,
    maxInboundDataLength: config.maxMessageBytes + CONTROL_BYTES,
    maxOutboundBufferSize: MAX_SEND_QUEUE_BYTES,
    scoreThresholds: { gossipThreshold: -100, publishThreshold: -1_000, graylistThreshold: -10_000 },
    scoreParams: {
      // Peers on one address are one machine's nodes in local runs; only an explicit limit makes them suspect.
      IPColocationFactorWeight: config.ipColocationLimit === 0 ? 0 : -5,
      IPColocationFactorThreshold: Math.max(1, config.ipColocationLimit),
    },
  };
  return (components) => {
    let own: ReadonlySet<string> = new Set();
    const counts = new RelayCounts((topic) => own.has(topic));
    const register = {
      metricsRegister: counts.register(),
      metricsTopicStrToLabel: new Map<string, string>(),
    };
    const service = gossipsub({ ...options, ...register })(components);
    const internals = internalsOf(service);
    own = internals.subscriptions;
    return extend(service, internals, counts);
  };
}

function extend(service: GossipSub, internals: GossipSubInternals, counts: RelayCounts): RelayService {
  // The package declares a `protocols` option and ignores it.
  service.protocols = [RELAY_PROTOCOL];
  sendPruneBackoff(internals);
  let onSent: SentListener | null = null;
  watchRpcs(internals, counts, ({ messages = [] }, to) => {
    if (onSent === null || messages.length === 0) return;
    const peerIds = [...to];
    for (const { topic, data } of messages)
      if (topic !== undefined && data !== undefined && peerIds.length > 0) onSent(topic, data, peerIds);
  });
  service.addEventListener('gossipsub:message', ({ detail: { msg } }) => {
    counts.delivered(msg.topic, msg.data);
  });
  return Object.assign(service, {
    counts,
    peerScores: () => internals.dumpPeerScoreStats(),
    fanoutPeers: () => new Map([...internals.fanout].map(([topic, peers]) => [topic, peers.size])),
    cachedMessages: () => {
      const topics = new Set([...internals.subscriptions, ...internals.fanout.keys()]);
      return [...internals.mcache.getGossipIDs(topics).values()].reduce((sum, { length }) => sum + length, 0);
    },
    scoreOf: (peerId: string) => internals.getScore(peerId),
    onSent: (listener: SentListener) => {
      onSent = listener;
    },
    meshPeers: (topic: string) => internals.getMeshPeers(topic),
    canSendTo: (peerId: string) => internals.streamsOutbound.has(peerId),
    sent: async (peerIds: readonly string[]) => {
      for (const peerId of peerIds) await drained(internals.streamsOutbound.get(peerId));
    },
    scoreTopic: (topic: string) => {
      internals.opts.scoreParams.topics[topic] = TOPIC_SCORE;
    },
  });
}

/**
 * The package sends a PRUNE's backoff only on its own protocol ids. Without one the other side waits its
 * default minute before it grafts again, also after a mere unsubscribe and subscribe.
 */
function sendPruneBackoff(internals: GossipSubInternals): void {
  const makePrune = internals.makePrune.bind(internals);
  internals.makePrune = async (id, topic, doPX, onUnsubscribe) => {
    const prune = await makePrune(id, topic, doPX, onUnsubscribe);
    if (prune.backoff !== undefined) return prune;
    const backoffMs = onUnsubscribe ? UNSUBSCRIBE_BACKOFF_MS : PRUNE_BACKOFF_MS;
    internals.doAddBackoff(id, topic, backoffMs);
    return { ...prune, backoff: backoffMs / 1_000 };
  };
}

/** The package has no event for it: everything that comes goes through the first, what leaves through the others. */
function watchRpcs(
  internals: GossipSubInternals,
  counts: RelayCounts,
  onSent: (rpc: Rpc, to: Iterable<string>) => void,
): void {
  const handleReceivedRpc = internals.handleReceivedRpc.bind(internals);
  internals.handleReceivedRpc = (from, rpc) => {
    counts.heard(rpc);
    return handleReceivedRpc(from, rpc);
  };
  const sendRpc = internals.sendRpc.bind(internals);
  internals.sendRpc = (id, rpc) => {
    const isSent = sendRpc(id, rpc);
    if (isSent) {
      // With what the package has put into it on the way.
      counts.sent(rpc, 1);
      onSent(rpc, [id]);
    }
    return isSent;
  };
  const sendRpcInBatch = internals.sendRpcInBatch.bind(internals);
  internals.sendRpcInBatch = (to, rpc) => {
    sendRpcInBatch(to, rpc);
    counts.sent(rpc, to.size);
    onSent(rpc, to);
  };
}

/** A stream of the package, wrapped by its own class. */
async function drained(outbound: unknown): Promise<void> {
  if (typeof outbound !== 'object' || outbound === null) return;
  const stream: unknown = Reflect.get(outbound, 'rawStream');
  if (!isStream(stream)) throw otherVersion();
  if (!stream.writableNeedsDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stream.removeEventListener('drain', done);
      stream.removeEventListener('close', done);
      resolve();
    };
    const timer = setTimeout(done, MAX_DRAIN_MS);
    stream.addEventListener('drain', done);
    stream.addEventListener('close', done);
  });
}

function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && 'writableNeedsDrain' in value;
}

function otherVersion(): Error {
  return new Error('this version of @libp2p/gossipsub is built differently: adapt engines/js/relay.ts');
}

function internalsOf(service: object): GossipSubInternals {
  if (!hasInternals(service)) throw otherVersion();
  return service;
}

const METHODS = [
  'makePrune',
  'doAddBackoff',
  'getMeshPeers',
  'getScore',
  'handleReceivedRpc',
  'sendRpc',
  'sendRpcInBatch',
  'dumpPeerScoreStats',
] as const satisfies readonly (keyof GossipSubInternals)[];

function hasInternals(service: object): service is GossipSubInternals {
  const part = (name: string): unknown => Reflect.get(service, name);
  return (
    METHODS.every((name) => typeof part(name) === 'function') &&
    part('streamsOutbound') instanceof Map &&
    part('fanout') instanceof Map &&
    part('subscriptions') instanceof Set &&
    [part('opts'), part('mcache')].every((one) => typeof one === 'object')
  );
}
