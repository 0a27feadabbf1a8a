import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { messageHash } from './hash.ts';
import { maxPayloadBytes } from './limits.ts';
import {
  createMessage,
  decodeMessage,
  encodeMessage,
  MalformedMessageError,
  nwakuEncodedSize,
} from './message.ts';
import { autoShard } from './sharding.ts';
import { formatPubsubTopic, parseContentTopic, parsePubsubTopic } from './topics.ts';
import autosharding from './vectors/autosharding.json' with { type: 'json' };
import hashes from './vectors/message-hash.json' with { type: 'json' };
import topics from './vectors/topics.json' with { type: 'json' };
import wire from './vectors/wire.json' with { type: 'json' };

const fromHex = (hex: string | null): Uint8Array => new Uint8Array(Buffer.from(hex ?? '', 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('message hash', () => {
  it.each(hashes.cases)('$id is the published hash', ({ pubsubTopic, payload, meta, hash }) => {
    const message = createMessage({
      payload: fromHex(payload),
      contentTopic: hashes.contentTopic,
      meta: fromHex(meta),
      timestampNs: BigInt(hashes.timestamp),
    });
    expect(toHex(messageHash(pubsubTopic, message))).toBe(hash);
  });

  it('takes a negative timestamp as two complement', () => {
    const message = createMessage({ payload: fromHex('01'), contentTopic: '/a/1/b/c', timestampNs: -1n });
    const expected = createHash('sha256')
      .update('/t')
      .update(Buffer.from([1]))
      .update('/a/1/b/c');
    expect(toHex(messageHash('/t', message))).toBe(
      expected.update(Buffer.from('ffffffffffffffff', 'hex')).digest('hex'),
    );
  });
});

describe('wire form', () => {
  const fields = wire.message;
  const messageOf = (meta: string | null) =>
    createMessage({
      payload: fromHex(fields.payload),
      contentTopic: fields.contentTopic,
      version: fields.version,
      timestampNs: BigInt(fields.timestamp),
      meta: fromHex(meta),
      ephemeral: fields.ephemeral,
    });

  it.each(wire.cases)('reads what $writer writes (meta $meta)', ({ meta, bytes, gossipsubId }) => {
    expect(decodeMessage(fromHex(bytes))).toEqual(messageOf(meta));
    expect(createHash('sha256').update(fromHex(bytes)).digest('hex')).toBe(gossipsubId);
  });

  it.each(wire.cases.filter((c) => c.writer === 'proto3'))('writes as proto3 does', ({ meta, bytes }) => {
    expect(toHex(encodeMessage(messageOf(meta)))).toBe(bytes);
  });

  it.each(wire.cases.filter((c) => c.writer === 'nwaku'))(
    'knows the size nwaku writes',
    ({ meta, bytes }) => {
      expect(nwakuEncodedSize(messageOf(meta))).toBe(bytes.length / 2);
    },
  );

  it('reads back every field it writes', () => {
    const message = createMessage({
      payload: fromHex('00ff'),
      contentTopic: '/ünïcode/1/✓/proto',
      version: 4_294_967_295,
      timestampNs: -(2n ** 63n),
      meta: new Uint8Array(64).fill(7),
      rateLimitProof: fromHex('abcdef'),
      ephemeral: true,
    });
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
    const latest = { ...message, timestampNs: 2n ** 63n - 1n };
    expect(decodeMessage(encodeMessage(latest)).timestampNs).toBe(2n ** 63n - 1n);
  });

  it('skips fields it does not know', () => {
    const known = encodeMessage(messageOf(null));
    const unknown = fromHex('a00601' + 'a20603616263'); // fields 100 (varint) and 100 (bytes)
    expect(decodeMessage(new Uint8Array([...unknown, ...known]))).toEqual(messageOf(null));
  });

  it('gives plain Uint8Arrays, also from a Buffer', () => {
    const message = decodeMessage(Buffer.from(encodeMessage(messageOf('0102'))));
    expect(message.payload.constructor).toBe(Uint8Array);
    expect(message).toEqual(messageOf('0102'));
  });

  it('keeps a byte-order mark, which counts in the hash', () => {
    const message = createMessage({ payload: fromHex('01'), contentTopic: '\ufeff/a/1/b/c' });
    expect(decodeMessage(encodeMessage(message)).contentTopic).toBe('\ufeff/a/1/b/c');
  });

  it.each([
    ['a truncated field', '0a05aa'],
    ['a length beyond the buffer', '0affffffff0f'],
    ['a varint that never ends', '18ffffffffffffffffffffffff'],
    ['a wrong wire type', '080a'],
    ['a content topic that is not UTF-8', '0a01011202c328'],
    ['an end-group without a start', '0c'],
    ['nested groups without end', '0b'.repeat(10_000)],
  ])('refuses %s', (_what, hex) => {
    expect(() => decodeMessage(fromHex(hex))).toThrow(MalformedMessageError);
  });

  it('survives every truncation and a flip of every bit', () => {
    const bytes = fromHex(wire.cases[0]?.bytes ?? '');
    for (let end = 0; end < bytes.length; end++) decodesOrRefuses(bytes.slice(0, end));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      decodesOrRefuses(flipped);
    }
  });

  function decodesOrRefuses(bytes: Uint8Array): void {
    try {
      const message = decodeMessage(bytes);
      expect(decodeMessage(encodeMessage(message))).toEqual(message);
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessageError);
    }
  }
});

describe('topics', () => {
  it.each(topics.contentTopic.valid)('$text is a content topic', ({ text, ...parts }) => {
    expect(parseContentTopic(text)).toEqual(parts);
  });
  it.each(topics.contentTopic.invalid)('%s is not namespaced', (text) => {
    expect(parseContentTopic(text)).toBeNull();
  });
  it.each(topics.pubsubTopic.valid)('$text is a pubsub topic', ({ text, ...shard }) => {
    expect(parsePubsubTopic(text)).toEqual(shard);
    expect(formatPubsubTopic(shard)).toBe(text);
  });
  it.each(topics.pubsubTopic.invalid)('%s is not a pubsub topic', (text) => {
    expect(parsePubsubTopic(text)).toBeNull();
  });
  it('formats only uint16 numbers', () => {
    expect(() => formatPubsubTopic({ cluster: 16, shard: 65_536 })).toThrow(RangeError);
    expect(() => formatPubsubTopic({ cluster: -1, shard: 0 })).toThrow(RangeError);
  });
});

describe('auto-sharding', () => {
  it.each(autosharding.cases)('$contentTopic is on shard $shard', ({ contentTopic, shard }) => {
    expect(autoShard(contentTopic, autosharding.shards)).toBe(shard);
  });
  it('has no shard for a generation it does not know, nor for other text', () => {
    expect(autoShard('/1/toychat/2/huilong/proto', 8)).toBeNull();
    expect(autoShard('toychat', 8)).toBeNull();
    expect(() => autoShard('/toychat/2/huilong/proto', 0)).toThrow(RangeError);
  });
});

describe('limits', () => {
  it('leaves 153,524 bytes of payload at 150 KiB', () => {
    const message = createMessage({
      contentTopic: '/waku-desk/1/limit/proto',
      timestampNs: 1_700_000_000_000_000_000n,
    });
    expect(message.contentTopic).toHaveLength(24);
    expect(maxPayloadBytes('/waku/2/rs/16/32', message, 153_600)).toBe(153_524);
  });
});
