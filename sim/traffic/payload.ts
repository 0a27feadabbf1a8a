/** What a payload of traffic says of itself; README.md has the bytes. */
import { Random } from '../random.ts';

/** The header alone. */
export const MIN_PAYLOAD_BYTES = 32;
/** Of one sender in one run. */
export const MAX_MESSAGES = 16_777_216;
export const MAX_SENDER = 0xffff;

const MAGIC = 0x57444d54; // 'WDMT'
const VERSION = 1;
const MAX_LATE_MS = 0xffff_ffff / 1_000;

export interface TrafficHeader {
  /** Tells the messages of one run from those of every other. */
  run: number;
  sender: number;
  /** 0 for the sender's first message. */
  sequence: number;
  /** How many messages the sender means to send. */
  planned: number;
  /** How late the sender was against its schedule, in ms with three digits; 0 without a schedule. */
  lateMs: number;
  /** Just before it was published, Unix ns. */
  sentNs: bigint;
}

/** So that no link and no disk can make it smaller. */
const filler = randomBytes(64 * 1024);

/** @param payloadBytes {@link MIN_PAYLOAD_BYTES} at least */
export function encodeTraffic(header: TrafficHeader, payloadBytes: number): Uint8Array {
  if (payloadBytes < MIN_PAYLOAD_BYTES)
    throw new RangeError(`a payload has ${MIN_PAYLOAD_BYTES} bytes at least`);
  const payload = new Uint8Array(payloadBytes);
  const view = new DataView(payload.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, VERSION);
  view.setUint16(6, header.sender);
  view.setUint32(8, header.run);
  view.setUint32(12, header.sequence);
  view.setUint32(16, header.planned);
  view.setUint32(20, Math.round(Math.min(header.lateMs, MAX_LATE_MS) * 1_000));
  view.setBigInt64(24, header.sentNs);
  for (let at = MIN_PAYLOAD_BYTES; at < payloadBytes; at += filler.length)
    payload.set(filler.subarray(0, payloadBytes - at), at);
  return payload;
}

/** @returns null for a payload that is no traffic, of another version, or at odds with itself */
export function decodeTraffic(payload: Uint8Array): TrafficHeader | null {
  if (payload.length < MIN_PAYLOAD_BYTES) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (view.getUint32(0) !== MAGIC || view.getUint16(4) !== VERSION) return null;
  const header = {
    sender: view.getUint16(6),
    run: view.getUint32(8),
    sequence: view.getUint32(12),
    planned: view.getUint32(16),
    lateMs: view.getUint32(20) / 1_000,
    sentNs: view.getBigInt64(24),
  };
  return header.sequence < header.planned && header.planned <= MAX_MESSAGES ? header : null;
}

function randomBytes(length: number): Uint8Array {
  const random = Random.seeded(0, 'traffic.filler');
  return new Uint8Array(Uint32Array.from({ length: length / 4 }, () => random.uint32()).buffer);
}
