/**
 * WakuMessage of 14/WAKU2-MESSAGE and its protobuf form.
 *
 * Two habits of writing exist: nwaku writes every field, also empty ones; proto3 writers (go-waku, this one)
 * omit fields with default values. Both are read. So one message has several byte forms, and therefore several
 * gossipsub ids: compare messages by their deterministic hash only (hash.ts).
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A Waku message. Structured-cloneable. */
export interface WakuMessage {
  /** Field 1. Relay refuses an empty one: nwaku's decoder requires the field and proto3 writers drop it. */
  payload: Uint8Array;
  /** Field 2, UTF-8. Relay refuses an empty one. */
  contentTopic: string;
  /** Field 3: 0 none, 1 symmetric or asymmetric encryption (Status), 2 noise. uint32. */
  version: number;
  /** Field 10: Unix time in nanoseconds, a signed 64-bit integer; 0 when the sender gave none. */
  timestampNs: bigint;
  /** Field 11: application data that counts in the hash; 64 bytes at most; absent and empty are the same. */
  meta: Uint8Array;
  /** Field 21: RLN proof, opaque here. */
  rateLimitProof: Uint8Array;
  /** Field 31: store nodes must not keep it. */
  ephemeral: boolean;
}

/** Why bytes are not a WakuMessage. `field` is the protobuf field's name, or null for a broken frame. */
export class MalformedMessageError extends Error {
  readonly field: string | null;

  constructor(message: string, field: string | null, cause?: unknown) {
    super(message, { cause });
    this.name = 'MalformedMessageError';
    this.field = field;
  }
}

const EMPTY = new Uint8Array(0);
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** A message with every field set, from those that matter. */
export function createMessage(fields: Partial<WakuMessage>): WakuMessage {
  return {
    payload: EMPTY,
    contentTopic: '',
    version: 0,
    timestampNs: 0n,
    meta: EMPTY,
    rateLimitProof: EMPTY,
    ephemeral: false,
    ...fields,
  };
}

/** The protobuf form, written as proto3 writers do: default values are omitted. */
export function encodeMessage(message: WakuMessage): Uint8Array {
  const writer = new BinaryWriter();
  if (message.payload.length > 0) writer.tag(1, WireType.LengthDelimited).bytes(message.payload);
  if (message.contentTopic !== '') writer.tag(2, WireType.LengthDelimited).string(message.contentTopic);
  if (message.version !== 0) writer.tag(3, WireType.Varint).uint32(message.version);
  if (message.timestampNs !== 0n) writer.tag(10, WireType.Varint).sint64(message.timestampNs);
  if (message.meta.length > 0) writer.tag(11, WireType.LengthDelimited).bytes(message.meta);
  if (message.rateLimitProof.length > 0)
    writer.tag(21, WireType.LengthDelimited).bytes(message.rateLimitProof);
  if (message.ephemeral) writer.tag(31, WireType.Varint).bool(true);
  return writer.finish();
}

/**
 * Reads either writer's form. Unknown fields are skipped, a repeated field's last value counts.
 * @throws MalformedMessageError on a broken frame, a wrong wire type of a known field, or a content topic that is not UTF-8.
 */
export function decodeMessage(bytes: Uint8Array): WakuMessage {
  const message = createMessage({});
  try {
    // A plain view: fields of a Buffer would be Buffers, which change their type when they are cloned.
    const reader = new BinaryReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      readField(reader, field, wireType, message);
    }
  } catch (error) {
    if (error instanceof MalformedMessageError) throw error;
    throw new MalformedMessageError('the bytes are not a protobuf message', null, error);
  }
  return message;
}

function readField(reader: BinaryReader, field: number, wireType: WireType, into: WakuMessage): void {
  const name = FIELD_NAMES[field];
  if (name === undefined) {
    reader.skip(wireType, field);
    return;
  }
  const expected = field === 3 || field === 10 || field === 31 ? WireType.Varint : WireType.LengthDelimited;
  if (wireType !== expected)
    throw new MalformedMessageError(`field ${name} has wire type ${String(wireType)}`, name);
  switch (field) {
    case 1:
      into.payload = reader.bytes();
      break;
    case 2:
      into.contentTopic = readText(reader.bytes(), name);
      break;
    case 3:
      into.version = reader.uint32();
      break;
    case 10:
      into.timestampNs = BigInt(reader.sint64());
      break;
    case 11:
      into.meta = reader.bytes();
      break;
    case 21:
      into.rateLimitProof = reader.bytes();
      break;
    default:
      into.ephemeral = reader.bool();
  }
}

const FIELD_NAMES: Readonly<Record<number, string>> = {
  1: 'payload',
  2: 'content_topic',
  3: 'version',
  10: 'timestamp',
  11: 'meta',
  21: 'rate_limit_proof',
  31: 'ephemeral',
};

/** Strict: a lenient decoder would change the text, and with it the deterministic hash. */
function readText(bytes: Uint8Array, field: string): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    throw new MalformedMessageError(`field ${field} is not valid UTF-8`, field, error);
  }
}

/**
 * Size in bytes of the message as nwaku writes it, with every field present: the form that must fit into
 * nwaku's limit (limits.ts).
 */
export function nwakuEncodedSize(message: WakuMessage): number {
  return (
    delimitedSize(1, message.payload.length) +
    delimitedSize(1, utf8.encode(message.contentTopic).length) +
    1 +
    varintSize(BigInt(message.version)) +
    1 +
    varintSize(zigZag(message.timestampNs)) +
    delimitedSize(1, message.meta.length) +
    delimitedSize(2, message.rateLimitProof.length) +
    3
  );
}

function delimitedSize(tagBytes: number, length: number): number {
  return tagBytes + varintSize(BigInt(length)) + length;
}

function zigZag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

function varintSize(value: bigint): number {
  let bytes = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) bytes++;
  return bytes;
}
