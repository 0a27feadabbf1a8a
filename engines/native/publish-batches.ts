/**
 * Messages on their way into libgowaku, many in one call: those that are published while the event loop works on one
 * thing go together. What the library answers stands in native/abi/gowaku.h.
 */
import type { PublishReceipt } from '../../core/engine/engine.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { LibraryError, PUBLISH_MANY, tooManyCalls, type LibraryNode } from './library-node.ts';
import { OutgoingBatch } from './message-batch.ts';

/** So that the library works on the first ones while more are written down. */
const MOST_MESSAGES = 32;
const MOST_BYTES = 256 * 1024;
/** Messages that the library works on, and that wait here behind them. A batch may exceed it, for it is one call. */
const MOST_IN_FLIGHT = 1_024;
const MOST_READY = 16_384;
const PUBLISH_MS = 20_000;
/** What one message is to the library, in its words. */
const PUBLISH = 'waku_relay_publish';

export interface Published {
  /** Null when the library refused the message before it had one. */
  hash: string | null;
  /** Peers that it was really sent to, or the library's words why to none. */
  outcome: number | LibraryError;
}

/** Makes what the caller gets of what the library answered. @throws WakuDeskError when it did not publish */
export type Answered = (pubsubTopic: string, message: WakuMessage, published: Published) => PublishReceipt;

interface Waiting {
  pubsubTopic: string;
  message: WakuMessage;
  resolve: (receipt: PublishReceipt) => void;
  reject: (error: unknown) => void;
}

interface Batch {
  bytes: Uint8Array;
  waiting: readonly Waiting[];
}

export class PublishBatches {
  readonly #node: LibraryNode;
  readonly #answered: Answered;
  readonly #batch = new OutgoingBatch();
  #waiting: Waiting[] = [];
  readonly #ready: Batch[] = [];
  #messagesReady = 0;
  #messagesInFlight = 0;

  constructor(node: LibraryNode, answered: Answered) {
    this.#node = node;
    this.#answered = answered;
  }

  /**
   * Settles in the turn of the event loop in which the library's answer comes. A number that does not fit into the
   * library's fields is an outcome too.
   * @throws WakuDeskError NOT_RUNNING, TIMED_OUT, ENGINE_FAILED, and what {@link Answered} throws
   */
  publish(pubsubTopic: string, message: WakuMessage): Promise<PublishReceipt> {
    return new Promise((resolve, reject) => {
      const one = { pubsubTopic, message, resolve, reject };
      try {
        this.#batch.add(pubsubTopic, message);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#settle(one, { hash: null, outcome: new LibraryError(PUBLISH, error.message) });
        return;
      }
      this.#waiting.push(one);
      if (this.#waiting.length === 1)
        process.nextTick(() => {
          this.#close();
        });
      if (this.#waiting.length === MOST_MESSAGES || this.#batch.sizeBytes >= MOST_BYTES) this.#close();
    });
  }

  /** Nothing more is added to the batch at hand. */
  #close(): void {
    if (this.#waiting.length === 0) return;
    const batch = { bytes: this.#batch.take(), waiting: this.#waiting };
    this.#waiting = [];
    if (this.#messagesInFlight < MOST_IN_FLIGHT) this.#send(batch);
    else if (this.#messagesReady < MOST_READY) {
      this.#messagesReady += batch.waiting.length;
      this.#ready.push({ ...batch, bytes: new Uint8Array(batch.bytes) });
    } else rejectAll(batch, tooManyCalls(PUBLISH));
  }

  #send(batch: Batch): void {
    this.#messagesInFlight += batch.waiting.length;
    this.#node
      .call(PUBLISH_MANY, [batch.bytes, PUBLISH_MS], { timeoutMs: PUBLISH_MS })
      .then(
        (answer) => {
          this.#settleAll(batch, answer);
        },
        (error: unknown) => {
          rejectAll(batch, error);
        },
      )
      .finally(() => {
        this.#messagesInFlight -= batch.waiting.length;
        this.#sendReady();
      });
  }

  #settleAll({ waiting }: Batch, answer: string): void {
    const lines = answer.split('\n');
    for (const [index, one] of waiting.entries()) {
      const line = lines[index] ?? '- no answer';
      const space = line.indexOf(' ');
      const [hash, words] = [line.slice(0, space), line.slice(space + 1)];
      const peers = Number(words);
      this.#settle(one, {
        hash: hash === '-' ? null : hash,
        outcome: Number.isInteger(peers) ? peers : new LibraryError(PUBLISH, words),
      });
    }
  }

  #settle({ pubsubTopic, message, resolve, reject }: Waiting, published: Published): void {
    try {
      resolve(this.#answered(pubsubTopic, message, published));
    } catch (error) {
      reject(error);
    }
  }

  #sendReady(): void {
    while (this.#messagesInFlight < MOST_IN_FLIGHT) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      this.#messagesReady -= next.waiting.length;
      this.#send(next);
    }
  }
}

function rejectAll({ waiting }: Batch, error: unknown): void {
  for (const { reject } of waiting) reject(error);
}
