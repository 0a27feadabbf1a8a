/** Feeds every client's stream from one session, and keeps what they read of the node, the log and the counters. */
import type { GapRecord } from '../../core/capture/records.ts';
import type { PeerInfo } from '../../core/engine/events.ts';
import type { Batch, Counters, LogLine, NodeStatus } from '../../core/operations/live-values.ts';
import type { SessionBatch } from '../../core/session/types.ts';
import { LogBook, type LogCursor } from './log-book.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import { Pace } from './pace.ts';
import type { LiveSources, StreamBounds } from './stream-parts.ts';
import { rowOf } from './rows.ts';

/** How the feed asks for what it does not hear. */
export interface FeedQuestions {
  node: () => NodeStatus;
  peers: () => PeerInfo[];
  counters: () => Counters;
}

const MAX_GAPS = 200;
/** In one batch; a client that wants the others pages. */
const MAX_LOG_LINES = 500;

export class LiveFeed implements LiveSources {
  readonly log = new LogBook();
  /** The newest ones, oldest first. */
  gaps: GapRecord[];
  readonly #ask: FeedQuestions;
  readonly #bounds: Partial<StreamBounds>;
  readonly #streams = new Set<OutgoingStream>();
  #node: NodeStatus;
  #peers: readonly PeerInfo[];
  #counters: Counters;
  #isStale = false;
  #lastStream = 0;
  readonly #counting = new Pace(() => this.#count());

  /** @param gaps those known already */
  constructor(ask: FeedQuestions, gaps: GapRecord[], bounds: Partial<StreamBounds> = {}) {
    this.#ask = ask;
    this.gaps = gaps.slice(-MAX_GAPS);
    this.#bounds = bounds;
    this.#node = ask.node();
    this.#peers = ask.peers();
    this.#counters = ask.counters();
  }

  get node(): NodeStatus {
    this.#refresh();
    return this.#node;
  }

  /** As `node`, but with the time to the restart as it is now. */
  get nodeNow(): NodeStatus {
    return this.#ask.node();
  }

  get peers(): readonly PeerInfo[] {
    this.#refresh();
    return this.#peers;
  }

  get counters(): Counters {
    return this.#counters;
  }

  logSince(cursor: LogCursor): LogLine[] {
    return this.log.since(cursor, MAX_LOG_LINES);
  }

  /** What the session tells. */
  session({ messages, states, gaps, events }: SessionBatch): void {
    for (const event of events)
      if (event.type === 'logged') this.log.add(event);
      else this.#isStale = true;
    if (gaps.length > 0) this.gaps = [...this.gaps, ...gaps].slice(-MAX_GAPS);
    const delta = { messages, rows: messages.map(rowOf), states, gaps };
    for (const stream of this.#streams) stream.push(delta);
    if (messages.length + states.length + gaps.length > 0) this.#wake();
  }

  /** Something of the node changed that no event tells. */
  touch(): void {
    this.#isStale = true;
    this.#pump();
    this.#wake();
  }

  /** A line of the host's own. */
  note(level: 'info' | 'warn' | 'error', text: string): void {
    this.log.add({ level, component: 'waku-desk', text, atNs: BigInt(Date.now()) * 1_000_000n });
    this.#pump();
  }

  /** A stream behind the snapshot that is made in this turn. It waits until it is opened. */
  attach(send: (batch: Batch) => void): OutgoingStream {
    this.#counters = this.#ask.counters();
    this.#refresh();
    const stream = new OutgoingStream(++this.#lastStream, this, this.log.end, send, this.#bounds);
    this.#streams.add(stream);
    this.#wake();
    return stream;
  }

  detach(stream: OutgoingStream): void {
    stream.end();
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#counting.stop();
  }

  #wake(): void {
    if (this.#streams.size > 0) this.#counting.wake();
  }

  /** What the node's process takes is never the same: it is told, and keeps nobody awake. */
  #count(): boolean {
    const before = this.#counters;
    const counters = this.#ask.counters();
    if (!isSame(counters, before)) this.#counters = counters;
    this.#pump();
    return !isSame({ ...counters, resources: null }, { ...before, resources: null });
  }

  #pump(): void {
    for (const stream of this.#streams) stream.pump();
  }

  /** The node's parts are replaced when they change, so that identity tells. */
  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const node = this.#ask.node();
    if (!isSameNode(node, this.#node)) this.#node = node;
    const peers = this.#ask.peers();
    if (!isSameList(peers, this.#peers)) this.#peers = peers;
  }
}

function isSameNode(a: NodeStatus, b: NodeStatus): boolean {
  return (
    a.state === b.state &&
    a.error === b.error &&
    a.identity === b.identity &&
    isSameList(a.crashes, b.crashes) &&
    a.restart?.attempt === b.restart?.attempt &&
    a.filters === b.filters &&
    isSameList(a.topics, b.topics)
  );
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
