/** Relay messages in the bytes of native/abi/gowaku.h: many in one call and in one event. */
import type { WakuMessage } from '../../core/waku/message.ts';

const HEAD_BYTES = 40;
const BATCH_HEAD_BYTES = 8;
const HASH_BYTES = 32;
const EPHEMERAL = 1;
/** Of UTF-8, for one unit of a JavaScript string. */
const MOST_BYTES_PER_UNIT = 3;

/** Messages to be sent, in one piece. Its memory is used again. */
export class OutgoingBatch {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @throws RangeError when a number does not fit; then nothing is added */
  add(pubsubTopic: string, message: WakuMessage): void {
    const { payload, meta, rateLimitProof, contentTopic } = message;
    const textBytes = (pubsubTopic.length + contentTopic.length) * MOST_BYTES_PER_UNIT;
    this.#makeRoom(HEAD_BYTES + textBytes + payload.length + meta.length + rateLimitProof.length);
    const buffer = this.#buffer;
    const head = this.#sizeBytes;
    const contentTopicAt = head + HEAD_BYTES + buffer.write(pubsubTopic, head + HEAD_BYTES);
    const payloadAt = contentTopicAt + buffer.write(contentTopic, contentTopicAt);
    const metaAt = payloadAt + payload.length;
    const proofAt = metaAt + meta.length;
    buffer.set(payload, payloadAt);
    buffer.set(meta, metaAt);
    buffer.set(rateLimitProof, proofAt);
    buffer.writeUInt32LE(contentTopicAt - head - HEAD_BYTES, head);
    buffer.writeUInt32LE(payloadAt - contentTopicAt, head + 4);
    buffer.writeUInt32LE(payload.length, head + 8);
    buffer.writeUInt32LE(meta.length, head + 12);
    buffer.writeUInt32LE(rateLimitProof.length, head + 16);
    buffer.writeUInt32LE(message.version, head + 20);
    buffer.writeUInt32LE(message.ephemeral ? EPHEMERAL : 0, head + 24);
    buffer.writeUInt32LE(0, head + 28);
    buffer.writeBigInt64LE(message.timestampNs, head + 32);
    this.#sizeBytes = proofAt + rateLimitProof.length;
  }

  /** Empties the batch. @returns bytes that are valid until the next message is added */
  take(): Uint8Array {
    const taken = this.#buffer.subarray(0, this.#sizeBytes);
    this.#sizeBytes = 0;
    return taken;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#sizeBytes + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#sizeBytes));
    this.#buffer = larger;
  }
}

export interface IncomingMessage {
  pubsubTopic: string;
  message: WakuMessage;
  /** 0x and 64 digits. */
  hash: string;
  /** Null: this node itself, for a lightpush client. */
  fromPeer: string | null;
  /** Unix ns */
  receivedNs: bigint;
}

/** Whether an event is a batch of messages: JSON begins with something else than a 0. */
export function isBatch(event: Uint8Array): boolean {
  return event[0] === 0;
}

/** Tells the messages of a batch, each with bytes of its own. @throws RangeError when they end in the middle of one */
export function readBatch(event: Uint8Array, tell: (message: IncomingMessage) => void): void {
  const buffer = Buffer.from(event.buffer, event.byteOffset, event.length);
  for (let at = BATCH_HEAD_BYTES; at < event.length;) {
    const peerAt = at + HASH_BYTES + 12;
    const head = peerAt + buffer.readUInt32LE(peerAt - 4);
    const pubsubTopicAt = head + HEAD_BYTES;
    const contentTopicAt = pubsubTopicAt + buffer.readUInt32LE(head);
    const payloadAt = contentTopicAt + buffer.readUInt32LE(head + 4);
    const metaAt = payloadAt + buffer.readUInt32LE(head + 8);
    const proofAt = metaAt + buffer.readUInt32LE(head + 12);
    const end = proofAt + buffer.readUInt32LE(head + 16);
    if (end > event.length) throw new RangeError('a batch of messages ends in the middle of one');
    tell({
      hash: `0x${buffer.toString('hex', at, at + HASH_BYTES)}`,
      receivedNs: buffer.readBigInt64LE(at + HASH_BYTES),
      fromPeer: head === peerAt ? null : buffer.toString('latin1', peerAt, head),
      pubsubTopic: buffer.toString('utf8', pubsubTopicAt, contentTopicAt),
      message: {
        payload: copyOf(event, payloadAt, metaAt),
        contentTopic: buffer.toString('utf8', contentTopicAt, payloadAt),
        version: buffer.readUInt32LE(head + 20),
        timestampNs: buffer.readBigInt64LE(head + 32),
        meta: copyOf(event, metaAt, proofAt),
        rateLimitProof: copyOf(event, proofAt, end),
        ephemeral: (buffer.readUInt32LE(head + 24) & EPHEMERAL) !== 0,
      },
    });
    at = end;
  }
}

const noBytes = new Uint8Array(0);

function copyOf(event: Uint8Array, start: number, end: number): Uint8Array {
  return start === end ? noBytes : event.slice(start, end);
}
