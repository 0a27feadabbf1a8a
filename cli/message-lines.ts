/** A message as a line of JSON and as a line for people. */
import type { MessageSummary, NewMessage } from '../core/capture/records.ts';
import { printable } from './output.ts';

const MAX_TEXT = 80;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Field names as in a capture; bytes are base64, 64-bit numbers decimal strings. */
export function messageFields(message: NewMessage, seq: number | null): object {
  const { dir, receivedNs, fromPeer } = message;
  return { seq, dir, receivedNs, fromPeer, ...storedFields(message) };
}

/** Of a message that a store has: it came from nowhere, at no time. */
export function storedFields({ hash, pubsubTopic, message }: NewMessage): object {
  const { payload, meta, contentTopic, timestampNs, version, ephemeral } = message;
  return {
    hash,
    pubsubTopic,
    contentTopic,
    timestampNs,
    version,
    ephemeral,
    meta: base64(meta),
    payload: base64(payload),
  };
}

/** `12:02:14.128  in  32  /toy-chat/2/huilong/proto  212 B  0x9c…41  hello` */
export function messageLine(message: NewMessage): string {
  return printable([clockTime(message.receivedNs), message.dir.padEnd(3), ...fieldWords(message)].join('  '));
}

/** As {@link messageLine}, at the sender's time with its date: a store reaches back. */
export function storedLine(message: NewMessage): string {
  const date = new Date(Number(message.message.timestampNs / 1_000_000n));
  const time = Number.isNaN(date.getTime()) ? 'no date' : date.toISOString();
  return printable([time, ...fieldWords(message)].join('  '));
}

function fieldWords({ pubsubTopic, hash, message: { payload, contentTopic } }: NewMessage): string[] {
  const shard = shardOf(pubsubTopic);
  const size = `${payload.length.toLocaleString('en')} B`;
  return [shard, contentTopic, size, shortHash(hash), payloadText(payload)];
}

/** Of a message whose bytes were not read. */
export function summaryLine({
  receivedNs,
  pubsubTopic,
  contentTopic,
  payloadBytes,
  hash,
}: MessageSummary): string {
  const words = [
    clockTime(receivedNs),
    shardOf(pubsubTopic),
    contentTopic,
    `${payloadBytes.toLocaleString('en')} B`,
    hash,
  ];
  return printable(words.join('  '));
}

/** `1 peer`, `2 peers` */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? what : many}`;
}

function shardOf(pubsubTopic: string): string {
  return pubsubTopic.replace(/^\/waku\/2\/rs\//, '');
}

export function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…${hash.slice(-4)}`;
}

/** Local time with ms. */
export function clockTime(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The start of the payload as text, or as hex where it is none. */
function payloadText(payload: Uint8Array): string {
  const cut = payload.length > MAX_TEXT;
  const start = payload.subarray(0, MAX_TEXT);
  const more = cut ? '…' : '';
  try {
    // A cut in the middle of a character is no reason to show hex.
    const text = cut ? new TextDecoder().decode(start).replace(/\ufffd+$/, '') : strictUtf8.decode(start);
    if (!text.includes('\ufffd')) return text + more;
  } catch {
    // Not text.
  }
  return `hex ${Buffer.from(start.subarray(0, 24)).toString('hex')}${more}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
