/** The records that wb_drain writes, as bridge.h describes them. */
import { RECORD_KINDS, STATUS } from './declarations.ts';

/** Nanoseconds of the bridge's clock, the one of process.hrtime. */
interface Timed {
  timeNs: bigint;
}

/** The first record: the library was loaded, or refused. */
export type LoadedRecord = Timed & { kind: 'loaded' } & (
    { ok: true; generation: 'B' | 'C'; missing: string[]; batches: boolean } | { ok: false; reason: string }
  );

/** The answer to a call. `ret`: 0 OK, 1 error, 2 missing callback; below 0 a STATUS of the bridge's own. */
export interface ReplyRecord extends Timed {
  kind: 'reply';
  callId: number;
  ret: number;
  text: string;
}

/** An event's text as bytes: most are messages, and most of those are base64 or a batch that is decoded elsewhere. */
export interface EventRecord extends Timed {
  kind: 'event';
  /** Events that the library has sent until this one, lost ones included. */
  number: number;
  ret: number;
  /** In the buffer that was drained into: valid until the next drain. */
  bytes: Uint8Array;
}

/** So many events are missing here. */
export interface GapRecord extends Timed {
  kind: 'gap';
  lost: number;
}

/** The last record. */
export interface ClosedRecord extends Timed {
  kind: 'closed';
  /** False: something hung in the library and was let go; `text` says what. */
  orderly: boolean;
  text: string;
}

export type BridgeRecord = LoadedRecord | ReplyRecord | EventRecord | GapRecord | ClosedRecord;

const HEADER_BYTES = 32;
const utf8 = new TextDecoder();

/** Decodes what a drain has written. */
export function decodeRecords(buffer: Uint8Array, size: number): BridgeRecord[] {
  const view = new DataView(buffer.buffer, buffer.byteOffset, size);
  const records: BridgeRecord[] = [];
  for (let at = 0; at < size;) {
    const length = view.getUint32(at + 16, true);
    const start = at + HEADER_BYTES;
    records.push(decodeOne(view, at, buffer.subarray(start, start + length)));
    at = start + Math.ceil(length / 8) * 8;
  }
  return records;
}

function decodeOne(view: DataView, at: number, bytes: Uint8Array): BridgeRecord {
  const timeNs = view.getBigUint64(at, true);
  const number = Number(view.getBigUint64(at + 8, true));
  const ret = view.getInt32(at + 20, true);
  const kind = view.getUint32(at + 24, true);
  if (kind === RECORD_KINDS.EVENT) return { kind: 'event', timeNs, number, ret, bytes };
  if (kind === RECORD_KINDS.GAP) return { kind: 'gap', timeNs, lost: number };
  const text = utf8.decode(bytes);
  if (kind === RECORD_KINDS.REPLY) return { kind: 'reply', timeNs, callId: number, ret, text };
  if (kind === RECORD_KINDS.CLOSED) return { kind: 'closed', timeNs, orderly: ret === STATUS.OK, text };
  if (kind === RECORD_KINDS.LOADED) return decodeLoaded(timeNs, ret, text);
  throw new TypeError(`the bridge sent a record of unknown kind ${kind}`);
}

function decodeLoaded(timeNs: bigint, ret: number, text: string): LoadedRecord {
  if (ret !== STATUS.OK) return { kind: 'loaded', timeNs, ok: false, reason: text };
  // Our own library wrote it; its ABI version was compared.
  const told = JSON.parse(text) as { generation: 'B' | 'C'; missing: string[]; batches: boolean };
  return { kind: 'loaded', timeNs, ok: true, ...told };
}
