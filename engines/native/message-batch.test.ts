import { describe, expect, it } from 'vitest';
import { createMessage } from '../../core/waku/message.ts';
import { isBatch, OutgoingBatch, readBatch, type IncomingMessage } from './message-batch.ts';

const TOPIC = '/waku/2/rs/16/32';
const PEER = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';
const messages = [
  createMessage({ payload: Uint8Array.of(1), contentTopic: '/a', timestampNs: 1n }),
  createMessage({
    payload: Uint8Array.from({ length: 100_000 }, (_none, index) => index % 251),
    contentTopic: '/wäku/1/消息/proto',
    version: 2 ** 32 - 1,
    timestampNs: -(2n ** 63n),
    meta: Uint8Array.of(0, 1, 2),
    rateLimitProof: Uint8Array.of(3),
    ephemeral: true,
  }),
];

function written(): Uint8Array {
  const batch = new OutgoingBatch();
  for (const message of messages) batch.add(TOPIC, message);
  return batch.take().slice();
}

/** As libgowaku tells them: what is sent, with what is known of it before each. */
function event(): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(messages.length, 4);
  const parts: Uint8Array[] = [head];
  for (const [index, message] of messages.entries()) {
    const peer = index === 0 ? '' : PEER;
    const known = Buffer.alloc(44);
    known.fill(index + 1, 0, 32);
    known.writeBigInt64LE(1_700_000_000_123_456_789n, 32);
    known.writeUInt32LE(peer.length, 40);
    const one = new OutgoingBatch();
    one.add(TOPIC, message);
    parts.push(known, Buffer.from(peer), one.take());
  }
  return new Uint8Array(Buffer.concat(parts));
}

function read(bytes: Uint8Array): IncomingMessage[] {
  const told: IncomingMessage[] = [];
  readBatch(bytes, (message) => told.push(message));
  return told;
}

describe('a batch of messages', () => {
  it('is read as it was written, with every field', () => {
    expect(read(event())).toEqual(
      messages.map((message, index) => ({
        pubsubTopic: TOPIC,
        message,
        hash: `0x0${index + 1}`.padEnd(66, `0${index + 1}`),
        fromPeer: index === 0 ? null : PEER,
        receivedNs: 1_700_000_000_123_456_789n,
      })),
    );
  });

  it('gives each message bytes of its own', () => {
    const bytes = event();
    const told = read(bytes);
    bytes.fill(0xff);
    expect(told.map(({ message }) => message)).toEqual(messages);
    for (const { message } of told) expect(message.payload.buffer.byteLength).toBe(message.payload.length);
  });

  it('is told from JSON by its first byte', () => {
    expect(isBatch(event())).toBe(true);
    expect(isBatch(Buffer.from('{"eventType":"message"}'))).toBe(false);
    expect(isBatch(new Uint8Array(0))).toBe(false);
  });

  it('is refused when it ends anywhere in the middle of a message', () => {
    const bytes = event();
    const whole: number[] = [];
    for (let size = 9; size < 500; size++)
      try {
        read(bytes.subarray(0, size));
        whole.push(size);
      } catch (error) {
        expect(error, String(size)).toBeInstanceOf(RangeError);
      }
    // Behind the first message.
    expect(whole).toEqual([8 + 44 + 40 + TOPIC.length + '/a'.length + 1]);
  });

  it('takes nothing when a number does not fit, and goes on', () => {
    const batch = new OutgoingBatch();
    const [first] = messages;
    if (first === undefined) return;
    expect(() => {
      batch.add(TOPIC, { ...first, version: 2 ** 32 });
    }).toThrow(RangeError);
    expect(() => {
      batch.add(TOPIC, { ...first, timestampNs: 2n ** 63n });
    }).toThrow(RangeError);
    expect(batch.sizeBytes).toBe(0);
    for (const message of messages) batch.add(TOPIC, message);
    expect(batch.take()).toEqual(Buffer.from(written()));
  });
});
