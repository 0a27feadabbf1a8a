/**
 * One client's live stream at the host: numbered batches, a few of them unacknowledged at a time, and a bound
 * beyond which the client misses things and is told so. Only rows, states and gaps queue; of everything else
 * the newest is read when a batch is made.
 */
import type { GapRecord } from '../../core/capture/records.ts';
import type { PeerInfo } from '../../core/engine/events.ts';
import type { Filter } from '../../core/filter/filter.ts';
import type { Batch, Counters, NodeStatus, StateChange } from '../../core/operations/live-values.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';
import type { LogCursor } from './log-book.ts';
import { filterRowOf } from './rows.ts';
import {
  DEFAULT_STREAM_BOUNDS,
  type LiveDelta,
  type LiveSources,
  type StreamBounds,
} from './stream-parts.ts';

/** About what a row takes beside its topic. */
const ROW_BYTES = 400;

export class OutgoingStream {
  readonly id: number;
  readonly #send: (batch: Batch) => void;
  readonly #sources: LiveSources;
  readonly #bounds: StreamBounds;
  #rows: MessageRow[] = [];
  #matching: number[] = [];
  #states: StateChange[] = [];
  #gaps: GapRecord[] = [];
  #bytes = 0;
  #missed = 0;
  #filter: Filter | null = null;
  #sent: { node: NodeStatus; peers: readonly PeerInfo[]; counters: Counters; log: LogCursor };
  #number = 0;
  #acknowledged = 0;
  #lastSentMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Waiting until the snapshot is sent; useless after something was missed; over. */
  #phase: 'waiting' | 'open' | 'missed' | 'ended' = 'waiting';

  /** @param log what the snapshot has of the log; of the rest it has what `sources` has now */
  constructor(
    id: number,
    sources: LiveSources,
    log: LogCursor,
    send: (batch: Batch) => void,
    bounds: Partial<StreamBounds> = {},
  ) {
    this.id = id;
    this.#send = send;
    this.#sources = sources;
    this.#bounds = { ...DEFAULT_STREAM_BOUNDS, ...bounds };
    const { node, peers, counters } = sources;
    this.#sent = { node, peers, counters, log };
  }

  /** Since when, on performance.now()'s clock, the client owes an acknowledgement; null when it owes none. */
  get owesSinceMs(): number | null {
    return this.#number > this.#acknowledged ? this.#lastSentMs : null;
  }

  /** From now on. null: none. */
  watch(filter: Filter | null): void {
    this.#filter = filter;
  }

  push({ messages, rows, states, gaps }: LiveDelta): void {
    if (this.#phase !== 'waiting' && this.#phase !== 'open') return;
    rows.forEach((row, i) => {
      this.#rows.push(row);
      this.#bytes += ROW_BYTES + row.contentTopic.length;
      const message = messages[i];
      if (message !== undefined && this.#filter?.matches(filterRowOf(row, message.message.payload)) === true)
        this.#matching.push(row.position);
    });
    this.#states.push(...states);
    this.#gaps.push(...gaps);
    if (this.#queued > this.#bounds.queuedItems || this.#bytes > this.#bounds.queuedBytes) this.#drop();
    this.pump();
  }

  /** The snapshot is sent: batches may follow. */
  open(): void {
    if (this.#phase === 'waiting') this.#phase = 'open';
    this.pump();
  }

  acknowledge(number: number): void {
    if (number > this.#acknowledged && number <= this.#number) this.#acknowledged = number;
    this.pump();
  }

  end(): void {
    this.#phase = 'ended';
    clearTimeout(this.#timer);
    this.#forget();
  }

  /** Sends a batch if something is new, the client has acknowledged enough, and the last one is not just sent. */
  pump(): void {
    if (this.#phase !== 'open' || this.#timer !== undefined) return;
    if (this.#number - this.#acknowledged >= this.#bounds.maxUnacknowledged) return;
    const waitMs = this.#lastSentMs + this.#bounds.intervalMs - performance.now();
    if (waitMs <= 0) {
      const batch = this.#next();
      if (batch !== null) this.#deliver(batch);
    } else
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.pump();
      }, waitMs);
  }

  #deliver(batch: Batch): void {
    this.#number = batch.number;
    this.#lastSentMs = performance.now();
    if (batch.missed > 0) this.#phase = 'missed';
    this.#send(batch);
    if (this.#queued > 0) this.pump();
  }

  get #queued(): number {
    return this.#rows.length + this.#states.length + this.#gaps.length;
  }

  /** null when nothing is new. */
  #next(): Batch | null {
    const { node, peers, counters } = this.#sources;
    const before = this.#sent;
    const log = this.#sources.logSince(before.log);
    const last = log.at(-1);
    const isNew = node !== before.node || peers !== before.peers || counters !== before.counters;
    if (!isNew && last === undefined && this.#queued === 0 && this.#missed === 0) return null;
    const seen = last === undefined ? before.log : { id: last.id, repeats: last.repeats };
    this.#sent = { node, peers, counters, log: seen };
    const rows = this.#rows.splice(0, this.#bounds.batchItems);
    const lastPosition = rows.at(-1)?.position ?? -Infinity;
    const isLast = this.#rows.length === 0;
    const matching = isLast ? this.#matching : this.#matching.filter((position) => position <= lastPosition);
    this.#matching = isLast ? [] : this.#matching.filter((position) => position > lastPosition);
    // States follow their messages.
    const states = isLast ? this.#states.splice(0, this.#bounds.batchItems) : [];
    if (this.#rows.length === 0) this.#bytes = 0;
    return {
      stream: this.id,
      number: this.#number + 1,
      rows,
      matching: this.#filter === null ? null : matching,
      states,
      gaps: this.#gaps.splice(0),
      node: node === before.node ? null : node,
      peers: peers === before.peers ? null : difference(before.peers, peers),
      log,
      counters: counters === before.counters ? null : counters,
      missed: this.#missed,
    };
  }

  #drop(): void {
    this.#missed += this.#queued;
    this.#forget();
  }

  #forget(): void {
    this.#rows = [];
    this.#matching = [];
    this.#states = [];
    this.#gaps = [];
    this.#bytes = 0;
  }
}

function difference(before: readonly PeerInfo[], now: readonly PeerInfo[]): NonNullable<Batch['peers']> {
  const known = new Map(before.map((peer) => [peer.peerId, peer]));
  const changed = now.filter((peer) => known.get(peer.peerId) !== peer);
  for (const peer of now) known.delete(peer.peerId);
  return { changed, left: [...known.keys()] };
}
