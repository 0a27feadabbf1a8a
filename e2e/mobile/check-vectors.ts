/** Runs inside a page: every vector of core/waku against the bundle of the profile `mobile`. */
import type * as Mobile from '../../core/mobile.ts';
import type autosharding from '../../core/waku/vectors/autosharding.json';
import type hashes from '../../core/waku/vectors/message-hash.json';
import type topics from '../../core/waku/vectors/topics.json';
import type wire from '../../core/waku/vectors/wire.json';

export interface Vectors {
  autosharding: typeof autosharding;
  hashes: typeof hashes;
  topics: typeof topics;
  wire: typeof wire;
}

export interface Outcome {
  name: string;
  actual: string;
  expected: string;
}

/** Sent to the page as its source, so it may use nothing from around it. */
export function checkVectors({ mobile, vectors }: { mobile: typeof Mobile; vectors: Vectors }): Outcome[] {
  const { autosharding, hashes, topics, wire } = vectors;
  const outcomes: Outcome[] = [];
  const expectSame = (name: string, actual: unknown, expected: unknown): void => {
    outcomes.push({ name, actual: JSON.stringify(actual), expected: JSON.stringify(expected) });
  };
  const fromHex = (hex: string | null): Uint8Array =>
    Uint8Array.from((hex ?? '').match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const toHex = (bytes: Uint8Array): string =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

  for (const { id, pubsubTopic, payload, meta, hash } of hashes.cases) {
    const message = mobile.createMessage({
      payload: fromHex(payload),
      contentTopic: hashes.contentTopic,
      meta: fromHex(meta),
      timestampNs: BigInt(hashes.timestamp),
    });
    expectSame(`hash ${id}`, toHex(mobile.messageHash(pubsubTopic, message)), hash);
  }
  for (const { contentTopic, shard } of autosharding.cases)
    expectSame(`autosharding ${contentTopic}`, mobile.autoShard(contentTopic, autosharding.shards), shard);
  for (const { text, ...parts } of topics.contentTopic.valid) {
    const { generation, application, version, name, encoding } = mobile.parseContentTopic(text) ?? {};
    expectSame(
      `content topic ${text}`,
      { generation, application, version, name, encoding },
      {
        generation: parts.generation,
        application: parts.application,
        version: parts.version,
        name: parts.name,
        encoding: parts.encoding,
      },
    );
  }
  for (const text of topics.contentTopic.invalid)
    expectSame(`content topic ${text}`, mobile.parseContentTopic(text), null);
  for (const { text, cluster, shard } of topics.pubsubTopic.valid) {
    expectSame(`pubsub topic ${text}`, mobile.parsePubsubTopic(text), { cluster, shard });
    expectSame(`pubsub topic of ${cluster}/${shard}`, mobile.formatPubsubTopic({ cluster, shard }), text);
  }
  for (const text of topics.pubsubTopic.invalid)
    expectSame(`pubsub topic ${text}`, mobile.parsePubsubTopic(text), null);
  for (const { writer, meta, bytes } of wire.cases) {
    const { payload, contentTopic, version, timestamp, ephemeral } = wire.message;
    const message = mobile.createMessage({
      payload: fromHex(payload),
      contentTopic,
      version,
      timestampNs: BigInt(timestamp),
      meta: fromHex(meta),
      ephemeral,
    });
    const read = mobile.decodeMessage(fromHex(bytes));
    expectSame(
      `wire of ${writer}, read`,
      toHex(mobile.encodeMessage(read)),
      toHex(mobile.encodeMessage(message)),
    );
    if (writer === 'proto3') expectSame('wire, written', toHex(mobile.encodeMessage(message)), bytes);
    else expectSame('size as nwaku writes', mobile.nwakuEncodedSize(message), bytes.length / 2);
  }
  return outcomes;
}
