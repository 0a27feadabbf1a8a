/**
 * What the engine's side has to say, in one order: events and answers in batches, of which the harness acknowledges
 * those with events. Bounded: events beyond the bounds are dropped, newest first, and a `gapped` event in their place
 * counts them. Answers and changes of state are never dropped; there are as many as there are calls.
 */
import { describeCause, WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import type { WireEvent } from './contract-schemas.ts';
import { Fifo } from './fifo.ts';
import { approximateBytes, ownEvent } from './own-bytes.ts';
import type { Answer, Batch, ServerMessage } from './protocol.ts';

export interface OutboxBounds {
  /** A batch is full with so many events or bytes; an event larger than that travels alone. */
  batchEvents: number;
  batchBytes: number;
  /** Batches under way that the harness has not acknowledged. */
  batchesInFlight: number;
  /** Events that wait for a batch. */
  queuedEvents: number;
  queuedBytes: number;
}

export const DEFAULT_BOUNDS: Readonly<OutboxBounds> = {
  batchEvents: 1_024,
  batchBytes: 4 * 1024 * 1024,
  batchesInFlight: 4,
  queuedEvents: 131_072,
  queuedBytes: 256 * 1024 * 1024,
};

type Gap = Extract<EngineEvent, { type: 'gapped' }> & { lost: number };
type Item = { answer: Answer } | { event: WireEvent; sizeBytes: number };

export class Outbox {
  readonly #post: (message: ServerMessage) => void;
  readonly #bounds: OutboxBounds;
  readonly #queue = new Fifo<Item>();
  readonly #inFlight = new Set<number>();
  #queuedEvents = 0;
  #queuedBytes = 0;
  /** The gap at the end of the queue, which grows until an event fits in again or it is sent. */
  #gap: Gap | null = null;
  #lastBatch = 0;
  #flush: ReturnType<typeof setImmediate> | null = null;
  #answersAreDue = false;

  /** @param post throws when the message cannot be cloned */
  constructor(post: (message: ServerMessage) => void, bounds: OutboxBounds) {
    this.#post = post;
    this.#bounds = bounds;
  }

  event(event: EngineEvent): void {
    const own = ownEvent(event);
    const sizeBytes = approximateBytes(own);
    // The harness mirrors the state and counts what was lost: it must hear these two, and they are few.
    const due = event.type === 'stateChanged' || event.type === 'gapped';
    if (!due && !this.#fits(sizeBytes)) this.#send();
    if (due || this.#fits(sizeBytes)) {
      this.#gap = null;
      this.#enqueue(own, sizeBytes);
    } else this.#drop();
  }

  /** Sent with the others that come about in this turn, behind every event before it. */
  answer(answer: Answer): void {
    this.#queue.push({ answer });
    if (this.#answersAreDue) return;
    this.#answersAreDue = true;
    queueMicrotask(() => {
      this.#answersAreDue = false;
      this.#send();
    });
  }

  acknowledge(batch: number): void {
    if (this.#inFlight.delete(batch)) this.#send();
  }

  /** Forgets everything: nobody listens any more. */
  close(): void {
    if (this.#flush !== null) clearImmediate(this.#flush);
    this.#flush = null;
    this.#queue.clear();
  }

  #fits(sizeBytes: number): boolean {
    const { queuedEvents, queuedBytes } = this.#bounds;
    return this.#queuedEvents < queuedEvents && this.#queuedBytes + sizeBytes <= queuedBytes;
  }

  #drop(): void {
    if (this.#gap !== null) {
      this.#gap.lost++;
      return;
    }
    this.#gap = gap(
      'overflow',
      1,
      'The harness fell behind, and the queue between it and the engine is full.',
    );
    this.#enqueue(this.#gap, approximateBytes(this.#gap));
  }

  #enqueue(event: WireEvent, sizeBytes: number): void {
    this.#queue.push({ event, sizeBytes });
    this.#queuedEvents++;
    this.#queuedBytes += sizeBytes;
    if (this.#queuedEvents >= this.#bounds.batchEvents || this.#queuedBytes >= this.#bounds.batchBytes)
      this.#send();
    else
      this.#flush ??= setImmediate(() => {
        this.#flush = null;
        this.#send();
      });
  }

  /** Sends what the window allows. */
  #send(): void {
    for (let batch = this.#nextBatch(); batch.items.length > 0; batch = this.#nextBatch())
      this.#postBatch(batch);
  }

  #nextBatch(): Batch {
    const mayHaveEvents = this.#inFlight.size < this.#bounds.batchesInFlight;
    const items: Batch['items'] = [];
    let events = 0;
    let bytes = 0;
    for (let item = this.#queue.first; item !== undefined; item = this.#queue.first) {
      if ('answer' in item) {
        this.#queue.shift();
        items.push(item.answer);
        continue;
      }
      if (!mayHaveEvents || events >= this.#bounds.batchEvents) break;
      if (events > 0 && bytes + item.sizeBytes > this.#bounds.batchBytes) break;
      this.#queue.shift();
      this.#queuedEvents--;
      this.#queuedBytes -= item.sizeBytes;
      if (item.event === this.#gap) this.#gap = null;
      events++;
      bytes += item.sizeBytes;
      items.push(item.event);
    }
    return { kind: 'batch', batch: events === 0 ? null : ++this.#lastBatch, items };
  }

  #postBatch(batch: Batch): void {
    if (batch.batch !== null) this.#inFlight.add(batch.batch);
    try {
      this.#post(batch);
    } catch {
      for (const item of batch.items) this.#postAlone(item);
      this.#post({ ...batch, items: [] });
    }
  }

  /** What cannot cross is said in its place. */
  #postAlone(item: Batch['items'][number]): void {
    const post = (one: typeof item): void => {
      this.#post({ kind: 'batch', batch: null, items: [one] });
    };
    try {
      post(item);
    } catch (error) {
      const detail = `The engine sent an event that cannot cross to the harness: ${describeCause(error)}`;
      post(
        'kind' in item
          ? { kind: 'failed', id: item.id, error: uncloneable(error) }
          : gap('engine', 1, detail),
      );
    }
  }
}

function gap(reason: Gap['reason'], lost: number, detail: string): Gap {
  return { type: 'gapped', reason, lost, detail };
}

function uncloneable(error: unknown): ErrorData {
  return new WakuDeskError('ENGINE_FAILED', 'The engine answered what cannot cross to the harness.', {
    operation: 'engine.answer',
    hint: 'Report this with the engine and its version.',
    cause: error,
  }).toData();
}
