/** A message as text for the list, the details and the clipboard. */
import { base64 } from '@scure/base';
import type { DeliveryState } from '../../../core/capture/records.ts';
import type { MessageDetails } from '../../../core/operations/message-values.ts';
import { formatMany } from '../../ui/format.ts';

/** What became of an own message, in a word or two. */
export function deliveryWords(delivery: DeliveryState): string {
  switch (delivery.state) {
    case 'accepted':
      return 'accepted';
    case 'echoed':
      return 'echoed';
    case 'sent':
      return `sent to ${formatMany(delivery.peers, 'peer')}`;
    case 'confirmed':
      return 'confirmed by a store';
    case 'failed':
      return `failed: ${delivery.code}`;
  }
}

/** The class of {@link deliveryWords}. */
export function deliveryTone(delivery: DeliveryState): 'bad' | 'notice-text' | 'own' {
  if (delivery.state === 'failed') return 'bad';
  return delivery.state === 'sent' && delivery.peers === 0 ? 'notice-text' : 'own';
}

/** The whole message, bytes as base64 and 64-bit numbers as text. */
export function messageJson({ row, message, states }: MessageDetails): string {
  const { seq, captured, dir, pubsubTopic, contentTopic, payloadBytes, hash, fromPeer, ephemeral, version } =
    row;
  const value = {
    seq,
    captured,
    dir,
    pubsubTopic,
    contentTopic,
    payloadBytes,
    hash,
    receivedNs: String(row.receivedNs),
    timestampNs: String(row.timestampNs),
    fromPeer,
    ephemeral,
    version,
    ...(message === null
      ? {}
      : {
          payload: base64.encode(message.payload),
          meta: base64.encode(message.meta),
          rateLimitProof: base64.encode(message.rateLimitProof),
        }),
    ...(row.dir === 'out'
      ? { states: states.map(({ atNs, delivery }) => ({ atNs: String(atNs), ...delivery })) }
      : {}),
  };
  return JSON.stringify(value, null, 2);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The payload as text; `exact` is false where bytes had to be replaced. */
export function payloadText(payload: Uint8Array): { text: string; exact: boolean } {
  try {
    return { text: strictUtf8.decode(payload), exact: true };
  } catch {
    return { text: lenientUtf8.decode(payload), exact: false };
  }
}

/** Deeper than this the indentation alone would fill memory. */
const MAX_JSON_DEPTH = 64;

/** The payload indented, when it is JSON; otherwise why not. */
export function payloadJson(text: string): { json: string } | { problem: string } {
  if (depthOf(text) > MAX_JSON_DEPTH)
    return { problem: `The payload nests deeper than ${MAX_JSON_DEPTH} levels; it is shown as text only.` };
  try {
    return { json: JSON.stringify(JSON.parse(text), null, 2) };
  } catch {
    return { problem: 'The payload is not JSON.' };
  }
}

/** At least the depth of JSON text; brackets in strings count too. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5b || unit === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return deepest;
}

const PRINTABLE = /[\x20-\x7e]/;

/** A line of bytes as `offset`, hex in groups of eight, and ASCII with dots. */
export function hexLine(
  bytes: Uint8Array,
  line: number,
  perLine: 8 | 16,
): { offset: string; hex: string; ascii: string } {
  const start = line * perLine;
  const part = [...bytes.subarray(start, start + perLine)];
  const pairs = part.map((byte) => byte.toString(16).padStart(2, '0'));
  const groups = [pairs.slice(0, 8), pairs.slice(8)].map((group) => group.join(' '));
  // As wide when the line is short, so that the text behind it stands in a column.
  const hex = groups
    .join('  ')
    .trimEnd()
    .padEnd(perLine === 8 ? 23 : 48);
  const ascii = part.map((byte) => String.fromCharCode(byte)).map((c) => (PRINTABLE.test(c) ? c : '·'));
  return { offset: start.toString(16).padStart(6, '0'), hex, ascii: ascii.join('') };
}
