/**
 * The metadata protocol (66/WAKU2-METADATA): both sides tell their cluster and shards after connecting, and a
 * peer of another cluster is hung up on.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Connection, Stream } from '@libp2p/interface';
import { lpStream } from '@libp2p/utils';

export const METADATA_PROTOCOL = '/vac/waku/metadata/1.0.0';

/** A node's cluster and shards; a peer's cluster is null when it names none. */
export interface Metadata {
  clusterId: number | null;
  shards: number[];
}

const MAX_METADATA_BYTES = 16 * 1024;

/** Shards go out twice: nwaku reads field 2, go-waku hangs up without field 3 (packed). */
export function encodeMetadata({ clusterId, shards }: Metadata): Uint8Array {
  const writer = new BinaryWriter();
  if (clusterId !== null) writer.tag(1, WireType.Varint).uint32(clusterId);
  for (const shard of shards) writer.tag(2, WireType.Varint).uint32(shard);
  if (shards.length > 0) {
    writer.tag(3, WireType.LengthDelimited).fork();
    for (const shard of shards) writer.uint32(shard);
    writer.join();
  }
  return writer.finish();
}

/** Reads shards from either field, packed or not. @throws Error on a broken frame */
export function decodeMetadata(bytes: Uint8Array): Metadata {
  const reader = new BinaryReader(bytes);
  let clusterId: number | null = null;
  const shards = new Set<number>();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === WireType.Varint) clusterId = reader.uint32();
    else if ((field === 2 || field === 3) && wireType === WireType.Varint) shards.add(reader.uint32());
    else if ((field === 2 || field === 3) && wireType === WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) shards.add(packed.uint32());
    } else reader.skip(wireType, field);
  }
  return { clusterId, shards: [...shards] };
}

/** Asks a connected peer. @throws when it does not speak the protocol, hangs up or sends rubbish */
export async function requestMetadata(
  connection: Connection,
  own: Metadata,
  signal: AbortSignal,
): Promise<Metadata> {
  const stream = await connection.newStream(METADATA_PROTOCOL, { signal });
  try {
    const messages = lpStream(stream, { maxDataLength: MAX_METADATA_BYTES });
    await messages.write(encodeMetadata(own), { signal });
    const answer = decodeMetadata((await messages.read({ signal })).subarray());
    await stream.close({ signal });
    return answer;
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Answers a peer that asks. @returns what it told of itself */
export async function answerMetadata(stream: Stream, own: Metadata, signal: AbortSignal): Promise<Metadata> {
  try {
    const messages = lpStream(stream, { maxDataLength: MAX_METADATA_BYTES });
    const request = decodeMetadata((await messages.read({ signal })).subarray());
    await messages.write(encodeMetadata(own), { signal });
    await stream.close({ signal });
    return request;
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}
