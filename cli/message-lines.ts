/** A message as a line of JSON and as a line for people. */
import type { NewMessage } from '../core/capture/records.ts';
import { printable } from './output.ts';

const MAX_TEXT = 80;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Field names as in a capture; bytes are base64, 64-bit numbers decimal strings. */
export function messageFields(message: NewMessage, seq: number | null): object {
  const { payload, meta, contentTopic, timestampNs, version, ephemeral } = message.message;
  return {
    seq,
    dir: message.dir,
    hash: message.hash,
    pubsubTopic: message.pubsubTopic,
    contentTopic,
    timestampNs,
    receivedNs: message.receivedNs,
    fromPeer: message.fromPeer,
    version,
    ephemeral,
    meta: base64(meta),
    payload: base64(payload),
  };
}

/** `12:02:14.128  in  32  /toy-chat/2/huilong/proto  212 B  0x9c…41  hello` */
export function messageLine(message: NewMessage): string {
  const { payload, contentTopic } = message.message;
  const time = clockTime(message.receivedNs);
  const shard = message.pubsubTopic.replace(/^\/waku\/2\/rs\//, '');
  const size = `${payload.length.toLocaleString('en')} B`;
  const dir = message.dir.padEnd(3);
  return printable(
    [time, dir, shard, contentTopic, size, shortHash(message.hash), payloadText(payload)].join('  '),
  );
}

/** `1 peer`, `2 peers` */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
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
