/** The states of a segment as a table: 24 bytes each (seq f64, atNs i64, state u8, 3 spare, value u32). */
import { deliveryOf, stateByte, stateValue } from './delivery.ts';
import type { StateRecord } from './records.ts';
import type { Strings } from './strings.ts';

export const STATE_BYTES = 24;

/** In the order of arrival; looked up by message through a map that is made at the first question. */
export class StateTable {
  count: number;
  /** The smallest and the largest message number in the table; from > to when it is empty. */
  from = Infinity;
  to = 0;
  private bytes: Buffer;
  private bySeq: Map<number, number[]> | null = null;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.bytes = bytes;
    this.count = bytes.length / STATE_BYTES;
    for (let row = 0; row < this.count; row++) this.widen(bytes.readDoubleLE(row * STATE_BYTES));
  }

  used(): Buffer {
    return this.bytes.subarray(0, this.count * STATE_BYTES);
  }

  push({ seq, atNs, delivery }: StateRecord, strings: Strings): void {
    const at = this.count * STATE_BYTES;
    if (at + STATE_BYTES > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(64, this.count * 2) * STATE_BYTES);
      this.bytes.copy(grown, 0, 0, at);
      this.bytes = grown;
    }
    this.bytes.writeDoubleLE(seq, at);
    this.bytes.writeBigInt64LE(BigInt.asIntN(64, atNs), at + 8);
    this.bytes.writeUInt32LE(stateByte(delivery), at + 16);
    this.bytes.writeUInt32LE(stateValue(delivery, strings), at + 20);
    if (this.bySeq !== null) addTo(this.bySeq, seq, this.count);
    this.count++;
    this.widen(seq);
  }

  /** The states of one message, oldest first. */
  of(seq: number, strings: Strings): StateRecord[] {
    return (this.map().get(seq) ?? []).flatMap((row) => this.at(row, strings) ?? []);
  }

  private widen(seq: number): void {
    this.from = Math.min(this.from, seq);
    this.to = Math.max(this.to, seq);
  }

  private at(row: number, strings: Strings): StateRecord | null {
    const at = row * STATE_BYTES;
    const value = this.bytes.readUInt32LE(at + 20);
    const delivery = deliveryOf(this.bytes.readUInt8(at + 16), value, strings);
    if (delivery === null) return null;
    return { seq: this.bytes.readDoubleLE(at), atNs: this.bytes.readBigInt64LE(at + 8), delivery };
  }

  private map(): Map<number, number[]> {
    if (this.bySeq !== null) return this.bySeq;
    this.bySeq = new Map();
    for (let row = 0; row < this.count; row++)
      addTo(this.bySeq, this.bytes.readDoubleLE(row * STATE_BYTES), row);
    return this.bySeq;
  }
}

function addTo(map: Map<number, number[]>, seq: number, row: number): void {
  const rows = map.get(seq);
  if (rows === undefined) map.set(seq, [row]);
  else rows.push(row);
}
