/** A node looked at from outside, as wakunode2's wakucanary does: reached, of our cluster, with what it has to offer. */
import { delay } from '../core/engine/deadline.ts';
import type { WakuDeskError } from '../core/engine/errors.ts';
import { asWakuDeskError, type ErrorCode } from '../core/engine/errors.ts';
import type { PeerInfo } from '../core/engine/events.ts';
import { offers, SERVICES, type Service } from '../core/engine/services.ts';
import type { Session } from '../core/session/session.ts';
import type { CheckResult } from './check.ts';

export interface CanaryRequest {
  address: string;
  /** Cluster of the session's own node. */
  clusterId: number;
  /** Names of {@link CANARY_PROTOCOLS}, or protocol ids that start with a slash. */
  protocols: readonly string[];
  /** Shards that the node's metadata has to name. */
  shards: readonly number[];
  ping: boolean;
  /** For connecting, for what the node tells of itself, and for the ping, each. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Beside the services: what their protocol ids begin with. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ['relay', '/vac/waku/relay/'],
  ['metadata', '/vac/waku/metadata/'],
  ['peer-exchange', '/vac/waku/peer-exchange/'],
  ['rendezvous', '/rendezvous/'],
  ['ping', '/ipfs/ping/'],
]);

export const CANARY_PROTOCOLS: readonly string[] = [...SERVICES, ...OTHERS.keys()];

const POLL_MS = 20;

/**
 * The checks in their order, each as soon as it is made. What cannot be looked at is not applicable.
 * @throws WakuDeskError MULTIADDR_INVALID, CANCELLED
 */
export async function* runCanary(
  session: Session,
  request: CanaryRequest,
): AsyncGenerator<CheckResult, void> {
  const { address, clusterId, protocols, shards, ping, timeoutMs, signal } = request;
  const limits = { timeoutMs, signal };
  let failure: WakuDeskError | null = null;
  let peerId = '';
  try {
    peerId = await session.connect(address, limits);
  } catch (error) {
    failure = known(error);
    if (failure.code === 'MULTIADDR_INVALID' || failure.code === 'CANCELLED') throw failure;
  }
  // A node of another cluster is one that was reached.
  const wrongCluster = failure?.code === 'WRONG_CLUSTER' ? failure : null;
  const reached = failure === null || wrongCluster !== null;
  yield result('reach', 'a connection', reached ? null : failure, peerId);
  yield reached
    ? result('cluster', `cluster ${clusterId}`, wrongCluster, `cluster ${clusterId}`)
    : skipped('cluster', `cluster ${clusterId}`);
  const peer = failure === null ? await identified(session, peerId, limits) : null;
  for (const protocol of protocols) yield protocolResult(protocol, peer, failure);
  for (const shard of shards) yield shardResult(shard, peer);
  if (ping) yield failure === null ? await pingResult(session, peerId, limits) : skipped('ping', 'an answer');
}

function protocolResult(protocol: string, peer: PeerInfo | null, failure: WakuDeskError | null): CheckResult {
  const name = `protocol.${protocol}`;
  if (failure !== null) return skipped(name, protocol);
  if (peer === null) return failed(name, protocol, 'TIMED_OUT', 'it did not tell what it is');
  const told = peer.protocols.filter((id) => matches(protocol, id));
  if (told.length > 0) return { name, outcome: 'pass', expected: protocol, seen: told.join(' ') };
  return failed(name, protocol, 'CHECK_FAILED', `only ${peer.protocols.join(' ')}`);
}

function matches(protocol: string, id: string): boolean {
  if (protocol.startsWith('/')) return id === protocol;
  const service = SERVICES.find((one): one is Service => one === protocol);
  if (service !== undefined) return offers({ protocols: [id] }, service);
  const start = OTHERS.get(protocol);
  return start !== undefined && id.startsWith(start);
}

function shardResult(shard: number, peer: PeerInfo | null): CheckResult {
  const name = `shard.${shard}`;
  const expected = `shard ${shard}`;
  if (peer === null) return skipped(name, expected);
  if (peer.shards === null) return failed(name, expected, 'CHECK_FAILED', 'it did not tell its shards');
  const seen = `shards ${peer.shards.join(' ')}`;
  return peer.shards.includes(shard)
    ? { name, outcome: 'pass', expected, seen }
    : failed(name, expected, 'CHECK_FAILED', seen);
}

async function pingResult(
  session: Session,
  peerId: string,
  limits: { timeoutMs: number; signal: AbortSignal },
): Promise<CheckResult> {
  try {
    const latencyMs = await session.ping(peerId, limits);
    return result('ping', 'an answer', null, `${latencyMs.toFixed(2)} ms`);
  } catch (error) {
    return result('ping', 'an answer', known(error), '');
  }
}

/** Once the peer has told what it is; null when it does not in time. */
async function identified(
  session: Session,
  peerId: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<PeerInfo | null> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const peer = session.snapshot().peers.find((one) => one.peerId === peerId);
    if (peer !== undefined && peer.protocols.length > 0) return peer;
    if (signal.aborted || performance.now() > endMs) return null;
    await delay(POLL_MS, signal);
  }
}

function result(name: string, expected: string, error: WakuDeskError | null, seen: string): CheckResult {
  if (error !== null) return failed(name, expected, error.code, error.message);
  return { name, outcome: 'pass', expected, seen };
}

function failed(name: string, expected: string, code: ErrorCode, seen: string): CheckResult {
  return { name, outcome: 'fail', expected, seen, code };
}

function skipped(name: string, expected: string): CheckResult {
  return { name, outcome: 'notApplicable', expected, seen: 'it was not reached, or is of another cluster' };
}

function known(error: unknown): WakuDeskError {
  return asWakuDeskError(error, {
    code: 'CONNECT_FAILED',
    operation: 'canary',
    hint: 'Check the address, and that the node is up.',
  });
}
