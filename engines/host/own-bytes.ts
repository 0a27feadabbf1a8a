/** Bytes that own their buffer: a view of a part would drag the whole buffer through the structured clone. */
import type { EngineEvent } from '../../core/engine/events.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

/** The same bytes with a buffer of exactly their length; copied only where they have not. */
export function ownBytes(view: Uint8Array): Uint8Array {
  return view.byteLength === view.buffer.byteLength ? view : new Uint8Array(view);
}

export function ownMessage(message: WakuMessage): WakuMessage {
  return {
    ...message,
    payload: ownBytes(message.payload),
    meta: ownBytes(message.meta),
    rateLimitProof: ownBytes(message.rateLimitProof),
  };
}

export function ownEvent(event: EngineEvent): EngineEvent {
  return event.type === 'messageReceived' ? { ...event, message: ownMessage(event.message) } : event;
}

/** What an object costs beside its bytes and texts: near enough to keep a bound. */
const OBJECT_BYTES = 64;

/** About how much memory a structured-cloneable value takes, in bytes. */
export function approximateBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return OBJECT_BYTES + value.byteLength;
  let bytes = OBJECT_BYTES;
  for (const part of Object.values(value)) bytes += approximateBytes(part);
  return bytes;
}
