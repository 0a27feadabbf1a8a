/** Whole messages that no capture has: the newest ones, within a bound. */
import type { DeliveryState } from '../../core/capture/records.ts';
import type { LiveMessage, LiveState } from '../../core/session/types.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

const MAX_BYTES = 32 * 1024 * 1024;
/** About what a message takes beside its payload. */
const OVERHEAD_BYTES = 512;

export interface UncapturedMessage {
  message: WakuMessage;
  states: { atNs: bigint; delivery: DeliveryState }[];
}

export class Uncaptured {
  readonly #maxBytes: number;
  readonly #messages = new Map<number, UncapturedMessage>();
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  add({ position, seq, message }: LiveMessage): void {
    if (seq !== null) return;
    this.#messages.set(position, { message, states: [] });
    this.#bytes += bytesOf(message);
    for (const [oldest, { message: old }] of this.#messages) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#messages.delete(oldest);
      this.#bytes -= bytesOf(old);
    }
  }

  addState({ position, atNs, delivery }: LiveState): void {
    this.#messages.get(position)?.states.push({ atNs, delivery });
  }

  get(position: number): UncapturedMessage | undefined {
    return this.#messages.get(position);
  }
}

function bytesOf({ payload, contentTopic }: WakuMessage): number {
  return OVERHEAD_BYTES + payload.length + 2 * contentTopic.length;
}
