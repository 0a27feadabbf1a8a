/** Reads messages out of segments: whole ones through their lines, summaries through the index alone. */
import { open, type FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES, parseLine } from './lines.ts';
import type { MessageRecord, MessageSummary, StateRecord, StoredMessage } from './records.ts';
import type { Segment } from './segment.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { SegmentStore } from './segment-store.ts';
import type { SummaryRing } from './summary-ring.ts';
import { codeOf } from './system-error.ts';

/** Lines this near to each other are read at once. */
const SPAN_BYTES = 4 * 1024 * 1024;

/** A page ends before it holds more than this many bytes of lines. */
export const MAX_PAGE_BYTES = 64 * 1024 * 1024;

interface Found {
  segment: Segment;
  index: SegmentIndex;
  rows: number[];
}

/**
 * The captured messages among `seqs` (ascending) with their states. `rest`: those that were not looked at,
 * because of {@link MAX_PAGE_BYTES}. `unreadable` counts messages whose lines are no longer what the index says.
 */
export async function readMessages(
  store: SegmentStore,
  seqs: readonly number[],
): Promise<{ messages: StoredMessage[]; unreadable: number; rest: number[] }> {
  const records: MessageRecord[] = [];
  let wanted = 0;
  let budget = MAX_PAGE_BYTES;
  let lastSeq = 0;
  for (const found of await locate(store, seqs)) {
    const rows: number[] = [];
    for (const row of found.rows) {
      if (budget <= 0) break;
      rows.push(row);
      lastSeq = found.index.firstSeq + row;
      budget -= found.index.rows.lineBytes(row);
    }
    wanted += rows.length;
    for (const record of await readLinesOf({ ...found, rows })) records.push(record);
  }
  const states = await statesOf(
    store,
    records.map((record) => record.seq),
  );
  return {
    messages: records.map((record) => ({ ...record, states: states.get(record.seq) ?? [] })),
    unreadable: wanted - records.length,
    rest: budget > 0 ? [] : seqs.filter((seq) => seq > lastSeq),
  };
}

/** The captured messages among `seqs` (ascending), each with its latest state. */
export async function readSummaries(store: SegmentStore, seqs: readonly number[]): Promise<MessageSummary[]> {
  const summaries: MessageSummary[] = [];
  for (const { index, rows } of await locate(store, seqs))
    for (const row of rows) summaries.push(index.rows.summary(row, index.strings));
  const states = await statesOf(store, seqs);
  for (const summary of summaries) {
    const known = summary.seq === null ? undefined : states.get(summary.seq);
    summary.state = known?.[known.length - 1]?.delivery ?? null;
  }
  return summaries;
}

/** The states of these messages (ascending), oldest first. They lie in a message's segment or in later ones. */
export async function statesOf(
  store: SegmentStore,
  seqs: readonly number[],
): Promise<Map<number, StateRecord[]>> {
  const states = new Map<number, StateRecord[]>();
  const from = seqs[0] ?? Infinity;
  const to = seqs[seqs.length - 1] ?? 0;
  for (const segment of store.segments) {
    const { statesFrom, statesTo } = segment.totals;
    if (statesFrom > to || statesTo < from) continue;
    const index = await indexOf(store, segment);
    if (index === null) continue;
    for (const seq of seqs) {
      if (seq < statesFrom || seq > statesTo) continue;
      const here = index.states.of(seq, index.strings);
      if (here.length > 0) states.set(seq, [...(states.get(seq) ?? []), ...here]);
    }
  }
  return states;
}

/** Fills an empty ring with the newest messages and their latest states. */
export async function fillRing(store: SegmentStore, ring: SummaryRing): Promise<void> {
  const from = Math.max(store.firstSeq, store.nextSeq - ring.capacity);
  for (const segment of store.between(from, store.nextSeq - 1)) {
    const index = await indexOf(store, segment);
    if (index === null) continue;
    const { rows, strings } = index;
    for (let row = Math.max(0, from - segment.firstSeq); row < rows.count; row++)
      if (rows.captured(row)) ring.pushRow(rows, row, strings);
  }
  const seqs = Array.from({ length: store.nextSeq - from }, (_, i) => from + i);
  for (const [seq, states] of await statesOf(store, seqs)) {
    const position = ring.positionOf(seq);
    const latest = states[states.length - 1];
    if (position !== null && latest !== undefined) ring.setState(position, latest.delivery);
  }
}

/** null when the segment has been removed meanwhile. */
async function indexOf(store: SegmentStore, segment: Segment): Promise<SegmentIndex | null> {
  return store.index(segment).catch(ignoreRemoved);
}

async function locate(store: SegmentStore, seqs: readonly number[]): Promise<Found[]> {
  const found: Found[] = [];
  const [first] = seqs;
  const last = seqs[seqs.length - 1];
  if (first === undefined || last === undefined) return found;
  for (const segment of store.between(first, last)) {
    const here = seqs.filter((seq) => seq >= segment.firstSeq && seq <= segment.lastSeq);
    const index = here.length === 0 ? null : await indexOf(store, segment);
    if (index !== null) found.push({ segment, index, rows: here.flatMap((seq) => index.rowOf(seq) ?? []) });
  }
  return found;
}

async function readLinesOf({ segment, index, rows }: Found): Promise<MessageRecord[]> {
  const file = await open(segment.path, 'r').catch(ignoreRemoved);
  if (file === null) return [];
  try {
    const records: MessageRecord[] = [];
    for (const span of spans(index, rows))
      for (const record of await readSpan(file, index, span)) records.push(record);
    return records;
  } finally {
    await file.close();
  }
}

/** Groups rows whose lines lie within {@link SPAN_BYTES}. */
function spans(index: SegmentIndex, rows: readonly number[]): number[][] {
  const groups: number[][] = [];
  let start = -Infinity;
  for (const row of rows) {
    const end = index.rows.offset(row) + index.rows.lineBytes(row);
    // Sane also with an index that someone forged.
    if (index.rows.lineBytes(row) > MAX_LINE_BYTES || end > index.segmentBytes) continue;
    const group = groups[groups.length - 1];
    if (group !== undefined && end > start && end - start <= SPAN_BYTES) group.push(row);
    else {
      groups.push([row]);
      start = index.rows.offset(row);
    }
  }
  return groups;
}

async function readSpan(
  file: FileHandle,
  { rows, firstSeq }: SegmentIndex,
  span: readonly number[],
): Promise<MessageRecord[]> {
  const last = span[span.length - 1] ?? 0;
  const start = rows.offset(span[0] ?? 0);
  const bytes = Buffer.allocUnsafe(rows.offset(last) + rows.lineBytes(last) - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return span.flatMap((row) => {
    const at = rows.offset(row) - start;
    const end = at + rows.lineBytes(row);
    if (end > bytesRead) return [];
    const line = parseLine(bytes.toString('utf8', at, end));
    return line.kind === 'message' && line.record.seq === firstSeq + row ? [line.record] : [];
  });
}

function ignoreRemoved(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}
