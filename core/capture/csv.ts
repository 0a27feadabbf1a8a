/** A capture as CSV (RFC 4180), safe to open in a spreadsheet, and back. */
import { gapText, readRecord, stateText, type Line } from './lines.ts';
import type { DeliveryState, GapRecord, StoredMessage } from './records.ts';

/** Of messages; `received`, `state` and `payload_bytes` say again for people what others say, and are not read back. */
const COLUMNS = [
  ['seq', ({ seq }) => String(seq)],
  ['dir', ({ dir }) => dir],
  ['received', ({ receivedNs }) => isoTime(receivedNs)],
  ['received_ns', ({ receivedNs }) => String(receivedNs)],
  ['timestamp_ns', ({ message }) => String(message.timestampNs)],
  ['pubsub_topic', ({ pubsubTopic }) => pubsubTopic],
  ['content_topic', ({ message }) => message.contentTopic],
  ['version', ({ message }) => String(message.version)],
  ['ephemeral', ({ message }) => String(message.ephemeral)],
  ['from_peer', ({ fromPeer }) => fromPeer ?? ''],
  ['hash', ({ hash }) => hash],
  ['state', ({ states }) => deliveryText(states[states.length - 1]?.delivery)],
  /** Every state as its line of NDJSON has it. */
  ['states', ({ states }) => (states.length === 0 ? '' : `[${states.map(stateText).join(',')}]`)],
  /** As its line of NDJSON, in a row that has nothing else. */
  ['gap', () => ''],
  ['payload_bytes', ({ message }) => String(message.payload.length)],
  ['meta_base64', ({ message }) => base64(message.meta)],
  ['rate_limit_proof_base64', ({ message }) => base64(message.rateLimitProof)],
  ['payload_base64', ({ message }) => base64(message.payload)],
] as const satisfies readonly (readonly [string, (message: StoredMessage) => string])[];

type Column = (typeof COLUMNS)[number][0];

/** Where what a line of NDJSON calls otherwise stands. */
const COLUMN_OF: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['receivedNs', 'received_ns'],
  ['timestampNs', 'timestamp_ns'],
  ['pubsubTopic', 'pubsub_topic'],
  ['contentTopic', 'content_topic'],
  ['fromPeer', 'from_peer'],
  ['meta', 'meta_base64'],
  ['rateLimitProof', 'rate_limit_proof_base64'],
  ['payload', 'payload_base64'],
]);

export const CSV_COLUMNS: readonly Column[] = COLUMNS.map(([name]) => name);
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`;

export function csvLine(message: StoredMessage): string {
  return `${COLUMNS.map(([, of]) => csvCell(of(message))).join(',')}\r\n`;
}

export function csvGapLine(gap: GapRecord): string {
  return `${CSV_COLUMNS.map((name) => (name === 'gap' ? csvCell(gapText(gap)) : '')).join(',')}\r\n`;
}

/**
 * What a row stands for: a message and its states, or a gap, or one line that says in which column the row is wrong.
 * Never throws, whatever the row is.
 * @param cell of a column, as it stands in the file
 */
export function readCsvRow(cell: (column: Column) => string): Line[] {
  const text = (column: Column): string => csvText(cell(column));
  if (text('gap') !== '') return readJson(text('gap'), 'gap', (value) => [value]);
  const message = readRecord({
    kind: 'message',
    seq: numberIn(text('seq')),
    dir: text('dir'),
    receivedNs: text('received_ns'),
    hash: text('hash'),
    pubsubTopic: text('pubsub_topic'),
    contentTopic: text('content_topic'),
    timestampNs: text('timestamp_ns'),
    version: numberIn(text('version')),
    ephemeral: { true: true, false: false }[text('ephemeral')],
    fromPeer: text('from_peer') === '' ? null : text('from_peer'),
    meta: text('meta_base64'),
    rateLimitProof: text('rate_limit_proof_base64'),
    payload: text('payload_base64'),
  });
  if (message.kind === 'bad') return [{ ...message, field: COLUMN_OF.get(message.field) ?? message.field }];
  if (text('states') === '') return [message];
  const states = readJson(text('states'), 'state', (value) => (Array.isArray(value) ? value : [value]));
  return states.some(({ kind }) => kind === 'bad') ? states : [message, ...states];
}

/**
 * One cell. A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@`, a tab or a line end as a formula, quoted or
 * not and whatever blank comes before, and one that separates by semicolons sees cells inside of ours: an apostrophe
 * goes in front, also of base64 that starts with `+`, and of a number below zero. Where apostrophes are already, one
 * more goes in front, so that {@link csvText} knows which one is ours.
 */
export function csvCell(text: string): string {
  const safe = text
    .replace(/^(?='*(?:[\s\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n]))/u, "'")
    .replace(/(;[\s\p{Cf}]*)(?='*[=+\-@＝＋－＠])/gu, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** What {@link csvCell} was given, without the quotes of CSV. */
export function csvText(cell: string): string {
  return cell
    .replace(/^'(?='*(?:[\s\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n]))/u, '')
    .replace(/(;[\s\p{Cf}]*)'(?='*[=+\-@＝＋－＠])/gu, '$1');
}

function readJson(text: string, column: 'gap' | 'state', partsOf: (value: unknown) => unknown[]): Line[] {
  const field = column === 'gap' ? 'gap' : 'states';
  const bad = (problem: string): Line[] => [{ kind: 'bad', code: 'NOT_A_RECORD', problem, field }];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('is not JSON');
  }
  const lines = partsOf(value).map(readRecord);
  const wrong = lines.find(({ kind }) => kind !== column);
  if (wrong === undefined) return lines;
  return bad(wrong.kind === 'bad' ? wrong.problem : `is no ${column}`);
}

/** The text itself where it is no number: the schema says so. */
function numberIn(text: string): number | string {
  return /^\d{1,16}$/.test(text) ? Number(text) : text;
}

function deliveryText(delivery: DeliveryState | undefined): string {
  if (delivery === undefined) return '';
  if (delivery.state === 'sent') return `sent ${String(delivery.peers)}`;
  return delivery.state === 'failed' ? `failed ${delivery.code}` : delivery.state;
}

/** ISO 8601 with nanoseconds; empty for a time that no date can name. */
function isoTime(ns: bigint): string {
  const seconds = ns / 1_000_000_000n;
  if (ns < 0n) return '';
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
