/**
 * A fixture: a node that answers store queries as 13/WAKU2-STORE v3 has it. The node of go-waku serves the protocol
 * before that only, and nwaku is not built here; the asking side is go-waku's own.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { lpStream } from '@libp2p/utils';
import { onTestFinished } from 'vitest';
import { parseNodeConfig } from '../core/engine/config.ts';
import { messageHash } from '../core/waku/hash.ts';
import { encodeMessage, type WakuMessage } from '../core/waku/message.ts';
import { nodeKey, startNode } from '../engines/js/node.ts';
import { Peers } from '../engines/js/peers.ts';
import { TOPIC } from './nodes.ts';

const PROTOCOL = '/vac/waku/store-query/3.0.0';
const MAX_BYTES = 1024 * 1024;

interface Query {
  requestId: string;
  includeData: boolean;
  pubsubTopic: string | null;
  contentTopics: string[];
  fromNs: bigint | null;
  toNs: bigint | null;
  hashes: string[];
  cursor: string | null;
  forward: boolean;
  limit: number;
}

export interface FixtureStore {
  /** With its peer id. */
  address: string;
  /** What it was asked, in order. */
  queries: Query[];
  /** Answers with this status from now on; null: as asked. */
  refuseWith: { code: number; text: string } | null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Keeps these messages, of the default topic, until the test ends. */
export async function startFixtureStore(messages: readonly WakuMessage[]): Promise<FixtureStore> {
  const config = parseNodeConfig({});
  const nothing = (): void => undefined;
  const node = await startNode({ config, privateKey: await nodeKey(null), onLog: nothing });
  onTestFinished(() => node.stop());
  await new Peers({ node, config, emit: nothing, log: nothing }).start([]);
  const [address] = node.getMultiaddrs();
  if (address === undefined) throw new Error('the fixture listens nowhere');
  const store: FixtureStore = { address: address.toString(), queries: [], refuseWith: null };
  const kept = messages
    .map((message) => ({ message, hash: messageHash(TOPIC, message) }))
    .sort((a, b) => (a.message.timestampNs < b.message.timestampNs ? -1 : 1));
  await node.handle(PROTOCOL, async (stream) => {
    const frames = lpStream(stream, { maxDataLength: MAX_BYTES });
    const query = readQuery((await frames.read()).subarray());
    store.queries.push(query);
    await frames.write(store.refuseWith === null ? answer(kept, query) : refusal(query, store.refuseWith));
    await stream.close();
  });
  return store;
}

interface Kept {
  message: WakuMessage;
  hash: Uint8Array;
}

function answer(kept: readonly Kept[], query: Query): Uint8Array {
  const { fromNs, toNs, hashes, contentTopics, pubsubTopic } = query;
  const found = kept.filter(({ message, hash }) =>
    hashes.length > 0
      ? hashes.includes(hex(hash))
      : (pubsubTopic === null || pubsubTopic === TOPIC) &&
        (contentTopics.length === 0 || contentTopics.includes(message.contentTopic)) &&
        (fromNs === null || message.timestampNs >= fromNs) &&
        (toNs === null || message.timestampNs <= toNs),
  );
  const ordered = query.forward ? found : found.reverse();
  const start = query.cursor === null ? 0 : ordered.findIndex(({ hash }) => hex(hash) === query.cursor) + 1;
  const page = ordered.slice(start, start + query.limit);
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(query.requestId);
  writer.tag(10, WireType.Varint).uint32(200);
  for (const { message, hash } of query.forward ? page : [...page].reverse()) {
    writer.tag(20, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).bytes(hash);
    if (query.includeData) {
      writer.tag(2, WireType.LengthDelimited).bytes(encodeMessage(message));
      writer.tag(3, WireType.LengthDelimited).string(TOPIC);
    }
    writer.join();
  }
  const last = page.at(-1);
  if (last !== undefined && start + page.length < ordered.length)
    writer.tag(51, WireType.LengthDelimited).bytes(last.hash);
  return writer.finish();
}

function refusal({ requestId }: Query, { code, text }: { code: number; text: string }): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(requestId);
  writer.tag(10, WireType.Varint).uint32(code);
  writer.tag(11, WireType.LengthDelimited).string(text);
  return writer.finish();
}

function readQuery(bytes: Uint8Array): Query {
  const reader = new BinaryReader(bytes);
  const query: Query = {
    requestId: '',
    includeData: false,
    pubsubTopic: null,
    contentTopics: [],
    fromNs: null,
    toNs: null,
    hashes: [],
    cursor: null,
    forward: false,
    limit: 20,
  };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) query.requestId = reader.string();
    else if (field === 2) query.includeData = reader.bool();
    else if (field === 10) query.pubsubTopic = reader.string();
    else if (field === 11) query.contentTopics.push(reader.string());
    else if (field === 12) query.fromNs = BigInt(reader.sint64());
    else if (field === 13) query.toNs = BigInt(reader.sint64());
    else if (field === 20) query.hashes.push(hex(reader.bytes()));
    else if (field === 51) query.cursor = hex(reader.bytes());
    else if (field === 52) query.forward = reader.bool();
    else if (field === 53) query.limit = Number(reader.uint64());
    else reader.skip(wireType, field);
  }
  return query;
}
