/** Messages as CSV (RFC 4180), safe to open in a spreadsheet. */
import type { DeliveryState, StoredMessage } from './records.ts';

const COLUMNS: readonly [string, (message: StoredMessage) => string][] = [
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
  ['state', ({ states }) => stateText(states[states.length - 1]?.delivery)],
  ['payload_bytes', ({ message }) => String(message.payload.length)],
  ['meta_base64', ({ message }) => base64(message.meta)],
  ['payload_base64', ({ message }) => base64(message.payload)],
];

export const CSV_HEADER = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

export function csvLine(message: StoredMessage): string {
  return `${COLUMNS.map(([, of]) => csvCell(of(message))).join(',')}\r\n`;
}

/**
 * One cell. A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@`, a tab or a line end as a formula, quoted or
 * not and whatever blank comes before, and one that separates by semicolons sees cells inside of ours: an apostrophe
 * goes in front, also of base64 that starts with `+`, and of a number below zero.
 */
export function csvCell(text: string): string {
  const safe = text
    .replace(/^(?=[\s\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u, "'")
    .replace(/(;[\s\p{Cf}]*)(?=[=+\-@＝＋－＠])/gu, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function stateText(delivery: DeliveryState | undefined): string {
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
