/** Messages as the node libraries write them in JSON: bytes in base64, 64-bit numbers beyond what JSON.parse keeps. */
import * as z from 'zod';
import type { WakuMessage } from '../../core/waku/message.ts';

const base64 = z.string().transform(bytesOf);
/** Generation B answers a store query with bytes as a list of numbers. */
const bytes = z.union([base64, z.array(z.int().min(0).max(255)).transform((list) => Uint8Array.from(list))]);
const noBytes = new Uint8Array(0);

/** As in events and store answers, after {@link parseExact}: 64-bit numbers are text. */
export const libraryMessageSchema = z
  .object({
    payload: bytes.default(noBytes),
    contentTopic: z.string().default(''),
    version: z.coerce.number().int().min(0).default(0),
    timestamp: z.union([z.string(), z.number()]).default('0'),
    ephemeral: z.boolean().default(false),
    meta: bytes.nullish(),
    proof: bytes.nullish(),
  })
  .transform((message): WakuMessage => ({
    payload: message.payload,
    contentTopic: message.contentTopic,
    version: message.version,
    timestampNs: BigInt(message.timestamp),
    meta: message.meta ?? noBytes,
    rateLimitProof: message.proof ?? noBytes,
    ephemeral: message.ephemeral,
  }));

/** What the schema makes of a message with all its fields in their usual types. Null: the schema decides. */
export function plainMessage(value: unknown): WakuMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('payload' in value) || typeof value.payload !== 'string') return null;
  if (!('contentTopic' in value) || typeof value.contentTopic !== 'string') return null;
  if (!('version' in value) || !isVersion(value.version)) return null;
  if (!('timestamp' in value) || typeof value.timestamp !== 'string' || !DIGITS.test(value.timestamp))
    return null;
  if (!('ephemeral' in value) || typeof value.ephemeral !== 'boolean') return null;
  if (!('meta' in value) || typeof value.meta !== 'string') return null;
  if (!('proof' in value) || typeof value.proof !== 'string') return null;
  return {
    payload: bytesOf(value.payload),
    contentTopic: value.contentTopic,
    version: value.version,
    timestampNs: BigInt(value.timestamp),
    meta: bytesOf(value.meta),
    rateLimitProof: bytesOf(value.proof),
    ephemeral: value.ephemeral,
  };
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** What waku_relay_publish and waku_lightpush_publish take. */
export function libraryMessage(message: WakuMessage): string {
  return JSON.stringify({
    payload: base64Of(message.payload),
    contentTopic: message.contentTopic,
    version: message.version,
    timestamp: message.timestampNs.toString(),
    ephemeral: message.ephemeral,
    ...(message.meta.length > 0 && { meta: base64Of(message.meta) }),
    ...(message.rateLimitProof.length > 0 && { proof: base64Of(message.rateLimitProof) }),
  });
}

const DIGITS = /^-?\d+$/;

/** Behind this many digits a number may not be the one that was written. */
const INEXACT = /("timestamp"\s*:\s*)(-?\d{15,})/g;

/** JSON in which timestamps are kept as text. A quote inside of a JSON text is escaped, so none is mistaken for the key. */
export function parseExact(json: string): unknown {
  return JSON.parse(json.replace(INEXACT, '$1"$2"'));
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** Plain arrays that own their bytes: a Buffer changes when it is cloned, and a small one is part of a shared pool. */
function bytesOf(text: string): Uint8Array {
  if (text === '') return noBytes;
  const buffer = Buffer.from(text, 'base64');
  const isAlone = buffer.byteOffset === 0 && buffer.length === buffer.buffer.byteLength;
  return isAlone ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}
