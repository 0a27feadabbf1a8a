/** What a client knows beside the rows, kept up to date by batches. Values that did not change stay the same objects. */
import type { GapRecord } from '../capture/records.ts';
import type { PeerInfo } from '../engine/events.ts';
import type { Batch, LogLine, Snapshot } from './live-values.ts';

/** Lines and gaps kept; older ones are for `log.page` and the capture. */
const MAX_LOG_LINES = 2_000;
const MAX_GAPS = 1_000;

/** A snapshot without its rows: those belong to the list. */
export type LiveState = Omit<Snapshot, 'rows' | 'stream'>;

export function liveState(snapshot: Snapshot): LiveState {
  const { sessionId, version, profile, host, engine, settings, meshTarget } = snapshot;
  const { engineHost, previousEnd } = snapshot;
  const { node, peers, counters, gaps, log } = snapshot;
  return {
    sessionId,
    version,
    profile,
    host,
    engine,
    engineHost,
    previousEnd,
    settings,
    meshTarget,
    node,
    peers,
    counters,
    gaps,
    log,
  };
}

/** The state after a batch; the one before is not changed. */
export function applyBatch(state: LiveState, batch: Batch): LiveState {
  return {
    ...state,
    node: batch.node ?? state.node,
    peers: batch.peers === null ? state.peers : applyPeers(state.peers, batch.peers),
    counters: batch.counters ?? state.counters,
    gaps: append<GapRecord>(state.gaps, batch.gaps, MAX_GAPS),
    log: applyLog(state.log, batch.log),
  };
}

function applyPeers(peers: PeerInfo[], { changed, left }: NonNullable<Batch['peers']>): PeerInfo[] {
  const byId = new Map(peers.map((peer) => [peer.peerId, peer]));
  for (const peerId of left) byId.delete(peerId);
  for (const peer of changed) byId.set(peer.peerId, peer);
  return [...byId.values()];
}

/** A line that comes again has a higher count. */
function applyLog(log: LogLine[], lines: LogLine[]): LogLine[] {
  const [first] = lines;
  if (first === undefined) return log;
  const kept = log.filter(({ id }) => id < first.id);
  return append(kept, lines, MAX_LOG_LINES);
}

function append<T>(list: T[], more: T[], most: number): T[] {
  return more.length === 0 ? list : [...list, ...more].slice(-most);
}
