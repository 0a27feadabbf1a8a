/** What is known of one segment without reading its lines: rows, texts, states, gaps. */
import type { SegmentHead } from './lines.ts';
import type { GapRecord, MessageRecord, NewMessage, StateRecord } from './records.ts';
import { ROW_BYTES, RowBlock } from './rows.ts';
import { STATE_BYTES, StateTable } from './states.ts';
import { Strings } from './strings.ts';

/** The totals of a segment: enough to open a capture. */
export interface SegmentTotals {
  /** 1 for the first segment that the capture ever had. */
  ordinal: number;
  createdNs: bigint;
  /** Bytes of the segment that this is about. */
  segmentBytes: number;
  /** Message numbers from the first one of the segment, also those of damaged lines. */
  rows: number;
  /** Messages that can be read. */
  messages: number;
  damagedLines: number;
  states: number;
  /** Smallest and largest message number with a state here; from > to when there is none. */
  statesFrom: number;
  statesTo: number;
  gaps: GapRecord[];
}

/** Shortest line that a message can have: what bounds the rows that a hostile number can ask for. */
const MIN_MESSAGE_BYTES = 64;

export class SegmentIndex {
  readonly firstSeq: number;
  ordinal: number;
  createdNs: bigint;
  segmentBytes = 0;
  messages = 0;
  damagedLines = 0;
  gaps: GapRecord[] = [];
  readonly rows: RowBlock;
  readonly strings: Strings;
  readonly states: StateTable;

  constructor(
    firstSeq: number,
    ordinal: number,
    createdNs: bigint,
    { rows = new RowBlock(), strings = new Strings(), states = new StateTable() } = {},
  ) {
    this.firstSeq = firstSeq;
    this.ordinal = ordinal;
    this.createdNs = createdNs;
    this.rows = rows;
    this.strings = strings;
    this.states = states;
  }

  /** The number that the next message gets. */
  get nextSeq(): number {
    return this.firstSeq + this.rows.count;
  }

  setHead(head: SegmentHead): void {
    this.ordinal = head.ordinal;
    this.createdNs = head.createdNs;
  }

  /** Adds the message with the next number. */
  addMessage(message: NewMessage, offset: number, lineBytes: number): void {
    const row = this.rows.count;
    const seq = this.firstSeq + row;
    this.rows.reserve(row + 1);
    this.rows.set(row, message, this.strings, { seq, after: seq, offset, lineBytes });
    this.rows.count = row + 1;
    this.messages++;
  }

  /**
   * Adds a message as read from the segment. Numbers that lie between are missing: their lines are damaged.
   * @returns false when its number cannot stand here
   */
  addRead(record: MessageRecord, offset: number, lineBytes: number): boolean {
    if (record.seq < this.nextSeq || !this.noteMissing(record.seq - 1, offset + lineBytes)) return false;
    this.addMessage(record, offset, lineBytes);
    return true;
  }

  /**
   * Sees to it that nobody gets the number `seq` again: a damaged line or a state says that it was given.
   * @param end where that line ends in the segment
   * @returns false when the segment is too short to have held so many messages
   */
  noteMissing(seq: number, end: number): boolean {
    const rows = seq - this.firstSeq + 1;
    if (rows <= this.rows.count) return true;
    if (rows > 1000 + end / MIN_MESSAGE_BYTES) return false;
    this.rows.reserve(rows);
    this.rows.count = rows;
    return true;
  }

  addState(state: StateRecord): void {
    this.states.push(state, this.strings);
  }

  /** Row of a message, or null when it is not in this segment or its line is damaged. */
  rowOf(seq: number): number | null {
    const row = seq - this.firstSeq;
    return row >= 0 && row < this.rows.count && this.rows.captured(row) ? row : null;
  }

  totals(): SegmentTotals {
    return {
      ordinal: this.ordinal,
      createdNs: this.createdNs,
      segmentBytes: this.segmentBytes,
      rows: this.rows.count,
      messages: this.messages,
      damagedLines: this.damagedLines,
      states: this.states.count,
      statesFrom: this.states.from,
      statesTo: this.states.to,
      gaps: this.gaps,
    };
  }

  /** Memory in bytes, roughly; also about the size of the index file. */
  get sizeBytes(): number {
    const tables = this.rows.count * ROW_BYTES + this.states.count * STATE_BYTES;
    return tables + this.strings.bytes + this.gaps.length * 200;
  }
}
