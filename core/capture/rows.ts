/**
 * The row codec: one message as 96 bytes, the same in a segment's index on disk and in memory. All numbers are
 * little-endian.
 *
 *     0 seq f64          32 hash, 32 bytes    72 pubsub topic u32    88 flags u8
 *     8 offset f64       64 line bytes u32    76 content topic u32   89 state u8
 *    16 receivedNs i64   68 payload bytes u32 80 from peer u32       92 state's value u32
 *    24 timestampNs i64                       84 version u32
 *
 * Topics, peer and failure code are numbers of a {@link Strings}.
 */
import type { HashText } from '../waku/hash.ts';
import { deliveryOf, stateByte, stateValue } from './delivery.ts';
import type { DeliveryState, MessageSummary, NewMessage } from './records.ts';
import type { Strings } from './strings.ts';

export const ROW_BYTES = 96;

const FLAG_OUT = 1;
const FLAG_EPHEMERAL = 2;
/** Not set: in an index the message is missing (its line is damaged), in a ring it never reached the disk. */
const FLAG_CAPTURED = 4;

/** Rows one after the other in one buffer, which grows as rows are added. */
export class RowBlock {
  bytes: Buffer;
  count: number;
  private view: DataView;

  /** Takes over `bytes`, which hold `count` rows; they are copied before they change. */
  constructor(bytes: Buffer = Buffer.alloc(0), count = 0) {
    this.bytes = bytes;
    this.count = count;
    this.view = viewOf(bytes);
  }

  /** Makes room for `rows` rows without adding one. */
  reserve(rows: number): void {
    if (rows * ROW_BYTES <= this.bytes.length) return;
    const bytes = Buffer.alloc(Math.max(rows, Math.ceil(this.count * 1.5), 256) * ROW_BYTES);
    this.bytes.copy(bytes, 0, 0, this.count * ROW_BYTES);
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** The rows in use, without a copy. */
  used(): Buffer {
    return this.bytes.subarray(0, this.count * ROW_BYTES);
  }

  /**
   * Writes row `i`.
   * @param seq null for a message that is not captured; `after` then keeps the rows sorted by number
   */
  set(
    i: number,
    message: NewMessage,
    strings: Strings,
    place: { seq: number | null; after: number; offset: number; lineBytes: number },
  ): void {
    const at = i * ROW_BYTES;
    const { view } = this;
    view.setFloat64(at, place.seq ?? place.after, true);
    view.setFloat64(at + 8, place.offset, true);
    view.setBigInt64(at + 16, message.receivedNs, true);
    view.setBigInt64(at + 24, message.message.timestampNs, true);
    this.bytes.write(message.hash.slice(2), at + 32, 32, 'hex');
    view.setUint32(at + 64, place.lineBytes, true);
    view.setUint32(at + 68, message.message.payload.length, true);
    view.setUint32(at + 72, strings.intern(message.pubsubTopic), true);
    view.setUint32(at + 76, strings.intern(message.message.contentTopic), true);
    view.setUint32(at + 80, strings.intern(message.fromPeer), true);
    view.setUint32(at + 84, message.message.version, true);
    const flags =
      (message.dir === 'out' ? FLAG_OUT : 0) |
      (message.message.ephemeral ? FLAG_EPHEMERAL : 0) |
      (place.seq === null ? 0 : FLAG_CAPTURED);
    view.setUint32(at + 88, flags, true);
    view.setUint32(at + 92, 0, true);
  }

  /** Copies a row of another block; its texts are looked up in `from` and get their numbers from `to`. */
  copyRow(i: number, source: RowBlock, sourceRow: number, from: Strings, to: Strings): void {
    const at = i * ROW_BYTES;
    const start = sourceRow * ROW_BYTES;
    source.bytes.copy(this.bytes, at, start, start + ROW_BYTES);
    for (const field of TEXT_FIELDS) {
      const id = this.view.getUint32(at + field, true);
      this.view.setUint32(at + field, to.intern(from.text(id)), true);
    }
  }

  /** Gives the texts of a row back before the row is overwritten. */
  release(i: number, strings: Strings): void {
    const at = i * ROW_BYTES;
    for (const field of TEXT_FIELDS) strings.release(this.view.getUint32(at + field, true));
    this.releaseState(at, strings);
  }

  setState(i: number, delivery: DeliveryState, strings: Strings): void {
    const at = i * ROW_BYTES;
    this.releaseState(at, strings);
    this.view.setUint8(at + 89, stateByte(delivery));
    this.view.setUint32(at + 92, stateValue(delivery, strings), true);
  }

  seq(i: number): number {
    return this.view.getFloat64(i * ROW_BYTES, true);
  }

  captured(i: number): boolean {
    return (this.view.getUint8(i * ROW_BYTES + 88) & FLAG_CAPTURED) !== 0;
  }

  out(i: number): boolean {
    return (this.view.getUint8(i * ROW_BYTES + 88) & FLAG_OUT) !== 0;
  }

  ephemeral(i: number): boolean {
    return (this.view.getUint8(i * ROW_BYTES + 88) & FLAG_EPHEMERAL) !== 0;
  }

  /** Byte offset of the line in its segment. */
  offset(i: number): number {
    return this.view.getFloat64(i * ROW_BYTES + 8, true);
  }

  /** Length of the line in bytes, with its line feed. */
  lineBytes(i: number): number {
    return this.view.getUint32(i * ROW_BYTES + 64, true);
  }

  receivedNs(i: number): bigint {
    return this.view.getBigInt64(i * ROW_BYTES + 16, true);
  }

  timestampNs(i: number): bigint {
    return this.view.getBigInt64(i * ROW_BYTES + 24, true);
  }

  hash(i: number): HashText {
    const at = i * ROW_BYTES + 32;
    return `0x${this.bytes.toString('hex', at, at + 32)}`;
  }

  payloadBytes(i: number): number {
    return this.view.getUint32(i * ROW_BYTES + 68, true);
  }

  pubsubTopic(i: number, strings: Strings): string {
    return strings.text(this.view.getUint32(i * ROW_BYTES + 72, true)) ?? '';
  }

  contentTopic(i: number, strings: Strings): string {
    return strings.text(this.view.getUint32(i * ROW_BYTES + 76, true)) ?? '';
  }

  fromPeer(i: number, strings: Strings): string | null {
    return strings.text(this.view.getUint32(i * ROW_BYTES + 80, true));
  }

  /** The row as an object; its state is the one in the row, which an index does not keep. */
  summary(i: number, strings: Strings): MessageSummary {
    const at = i * ROW_BYTES;
    const captured = this.captured(i);
    return {
      seq: captured ? this.seq(i) : null,
      captured,
      dir: this.out(i) ? 'out' : 'in',
      pubsubTopic: this.pubsubTopic(i, strings),
      contentTopic: this.contentTopic(i, strings),
      payloadBytes: this.payloadBytes(i),
      hash: this.hash(i),
      receivedNs: this.receivedNs(i),
      timestampNs: this.timestampNs(i),
      fromPeer: this.fromPeer(i, strings),
      ephemeral: this.ephemeral(i),
      version: this.view.getUint32(at + 84, true),
      state: deliveryOf(this.view.getUint8(at + 89), this.view.getUint32(at + 92, true), strings),
    };
  }

  private releaseState(at: number, strings: Strings): void {
    const old = deliveryOf(this.view.getUint8(at + 89), 0, strings);
    if (old?.state === 'failed') strings.release(this.view.getUint32(at + 92, true));
  }
}

const TEXT_FIELDS = [72, 76, 80] as const;

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
