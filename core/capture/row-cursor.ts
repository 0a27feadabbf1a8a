/** A row of an index as the filter sees it: one object that moves, so that a scan makes none per row. */
import type { FilterRow } from '../filter/row.ts';
import type { HashText } from '../waku/hash.ts';
import type { PayloadReader } from './payload-reader.ts';
import type { Direction } from './records.ts';
import type { SegmentIndex } from './segment-index.ts';

export class RowCursor implements FilterRow {
  private row = 0;
  private readonly index: SegmentIndex;
  private readonly payloads: PayloadReader;

  constructor(index: SegmentIndex, payloads: PayloadReader) {
    this.index = index;
    this.payloads = payloads;
  }

  /** @returns this, at another row */
  moveTo(row: number): this {
    this.row = row;
    return this;
  }

  get dir(): Direction {
    return this.index.rows.out(this.row) ? 'out' : 'in';
  }

  get pubsubTopic(): string {
    return this.index.rows.pubsubTopic(this.row, this.index.strings);
  }

  get contentTopic(): string {
    return this.index.rows.contentTopic(this.row, this.index.strings);
  }

  get payloadBytes(): number {
    return this.index.rows.payloadBytes(this.row);
  }

  get hash(): HashText {
    return this.index.rows.hash(this.row);
  }

  get receivedNs(): bigint {
    return this.index.rows.receivedNs(this.row);
  }

  get timestampNs(): bigint {
    return this.index.rows.timestampNs(this.row);
  }

  get fromPeer(): string | null {
    return this.index.rows.fromPeer(this.row, this.index.strings);
  }

  get ephemeral(): boolean {
    return this.index.rows.ephemeral(this.row);
  }

  payloadText(): string {
    return this.payloads.payload(this.row).toString('utf8');
  }
}
