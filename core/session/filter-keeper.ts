/**
 * Light client: keeps filter subscriptions alive. A service node forgets them when it goes, so what is wanted is asked
 * for again when one has left or a new one shows up, and with growing pauses while nobody serves it.
 */
import { asWakuDeskError, type ErrorData } from '../engine/errors.ts';
import type { Engine, TimedCallOptions } from '../engine/engine.ts';
import type { PeerInfo } from '../engine/events.ts';
import { offers } from '../engine/services.ts';
import type { FilterStatus, SessionEvent } from './types.ts';

/** Pauses between two rounds of asking while nobody serves: doubled from the first to the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** After a change among the peers: several often come together. */
const SETTLE_MS = 100;
const ASK_TIMEOUT_MS = 10_000;
/** Of one request: the limit of nwaku and go-waku. */
const MAX_CONTENT_TOPICS = 100;

interface Filter {
  contentTopics: Set<string>;
  served: boolean;
  /** Why nobody serves it. */
  error: ErrorData | null;
}

export interface FilterKeeperOptions {
  engine: Pick<Engine, 'filterSubscribe' | 'filterUnsubscribe'>;
  /** Hears the state of every filter whenever one changed. */
  changed: (filters: FilterStatus[]) => void;
}

export class FilterKeeper {
  readonly #engine: FilterKeeperOptions['engine'];
  readonly #changed: FilterKeeperOptions['changed'];
  /** By pubsub topic. */
  readonly #filters = new Map<string, Filter>();
  readonly #servicePeers = new Set<string>();
  /** Ends with the running node; null while there is none. */
  #up: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueMs = Infinity;
  #asking = false;
  #failures = 0;
  /** Raised whenever a service node left: what was asked before may be forgotten. */
  #departures = 0;

  constructor({ engine, changed }: FilterKeeperOptions) {
    this.#engine = engine;
    this.#changed = changed;
  }

  /** The node is up. */
  start(): void {
    if (this.#up !== null) return;
    this.#up = new AbortController();
    this.#failures = 0;
    this.#schedule(0);
  }

  /** Every content topic that is wanted anywhere. */
  get contentTopics(): string[] {
    return [...new Set([...this.#filters.values()].flatMap(({ contentTopics }) => [...contentTopics]))];
  }

  status(): FilterStatus[] {
    return [...this.#filters].map(([pubsubTopic, { contentTopics, served, error }]) => ({
      pubsubTopic,
      contentTopics: [...contentTopics],
      served,
      error,
    }));
  }

  /** Asks for them as soon as a node serves them. */
  want(pubsubTopic: string, contentTopics: readonly string[]): void {
    if (contentTopics.length === 0) return;
    const filter = this.#filter(pubsubTopic);
    for (const contentTopic of contentTopics) filter.contentTopics.add(contentTopic);
    filter.served = false;
    this.#schedule(0);
  }

  /** Asks now; they are wanted from then on. @throws as Engine.filterSubscribe: then nothing changed */
  async subscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void> {
    await this.#ask(pubsubTopic, contentTopics, options);
    const filter = this.#filter(pubsubTopic);
    // With nothing else wanted on this topic, all of it is served.
    filter.served ||= filter.contentTopics.size === 0;
    for (const contentTopic of contentTopics) filter.contentTopics.add(contentTopic);
    this.#tell();
  }

  /** They are wanted no more, also where no service node is left to be told. @throws as Engine.filterUnsubscribe */
  async unsubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void> {
    const filter = this.#filters.get(pubsubTopic);
    const wanted = contentTopics.filter(
      (contentTopic) => filter?.contentTopics.delete(contentTopic) === true,
    );
    if (filter?.contentTopics.size === 0) this.#filters.delete(pubsubTopic);
    this.#tell();
    if (this.#servicePeers.size === 0) return;
    for (const part of partsOf(wanted)) await this.#engine.filterUnsubscribe(pubsubTopic, part, options);
  }

  heard(event: SessionEvent): void {
    switch (event.type) {
      case 'stateChanged':
        if (event.state !== 'running') this.#end();
        break;
      case 'peerJoined':
      case 'peerIdentified':
        this.#met(event.peer);
        break;
      case 'peerLeft':
        if (this.#servicePeers.delete(event.peerId)) this.#left();
        break;
      default:
    }
  }

  #end(): void {
    this.#up?.abort();
    this.#up = null;
    clearTimeout(this.#timer);
    this.#dueMs = Infinity;
    this.#servicePeers.clear();
    this.#left();
  }

  #met(peer: PeerInfo): void {
    if (!offers(peer, 'filter') || this.#servicePeers.has(peer.peerId)) return;
    this.#servicePeers.add(peer.peerId);
    this.#failures = 0;
    this.#schedule(SETTLE_MS);
  }

  #left(): void {
    this.#departures++;
    for (const filter of this.#filters.values()) filter.served = false;
    if (this.#filters.size > 0) this.#tell();
    this.#schedule(SETTLE_MS);
  }

  /** The next round, at the earlier of two times. */
  #schedule(afterMs: number): void {
    const dueMs = performance.now() + afterMs;
    if (this.#up === null || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      if (this.#up !== null && !this.#asking) void this.#round(this.#up.signal);
    }, afterMs);
  }

  /** Never rejects. */
  async #round(signal: AbortSignal): Promise<void> {
    this.#asking = true;
    let told = false;
    for (const [pubsubTopic, filter] of [...this.#filters])
      if (!filter.served && !signal.aborted) told = (await this.#serve(pubsubTopic, filter, signal)) || told;
    this.#asking = false;
    if (told) this.#tell();
    const isOpen = [...this.#filters.values()].some(({ served }) => !served);
    if (!isOpen) this.#failures = 0;
    else this.#schedule(Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS));
  }

  /** @returns whether there is something new to tell. Never rejects. */
  async #serve(pubsubTopic: string, filter: Filter, signal: AbortSignal): Promise<boolean> {
    const departures = this.#departures;
    try {
      await this.#ask(pubsubTopic, [...filter.contentTopics], { signal, timeoutMs: ASK_TIMEOUT_MS });
      filter.served = departures === this.#departures;
      filter.error = null;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const before = filter.error?.code;
      filter.error = asWakuDeskError(error, {
        code: 'ENGINE_FAILED',
        operation: 'session.filter',
        hint: 'Look at the log.',
      }).toData();
      return filter.error.code !== before;
    }
  }

  async #ask(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void> {
    for (const part of partsOf(contentTopics)) await this.#engine.filterSubscribe(pubsubTopic, part, options);
  }

  #filter(pubsubTopic: string): Filter {
    const known = this.#filters.get(pubsubTopic);
    if (known !== undefined) return known;
    const filter: Filter = { contentTopics: new Set(), served: false, error: null };
    this.#filters.set(pubsubTopic, filter);
    return filter;
  }

  #tell(): void {
    this.#changed(this.status());
  }
}

function partsOf(contentTopics: readonly string[]): string[][] {
  const count = Math.ceil(contentTopics.length / MAX_CONTENT_TOPICS);
  return Array.from({ length: count }, (_none, i) =>
    contentTopics.slice(i * MAX_CONTENT_TOPICS, (i + 1) * MAX_CONTENT_TOPICS),
  );
}
