/** Messages in the JSON of wakunode2's REST API. */
import * as z from 'zod';
import type { WakuMessage } from '../../core/waku/message.ts';

const INT64_MAX = 2n ** 63n - 1n;

const nonEmpty = z.string().min(1);
/** What a client posts. Bytes are checked apart: their refusal has words of its own. */
export const messageSchema = z.strictObject({
  payload: nonEmpty,
  contentTopic: nonEmpty,
  // wakunode2 keeps the lowest 32 bits.
  version: z
    .bigint()
    .min(0n)
    .max(INT64_MAX)
    .transform((version) => Number(BigInt.asUintN(32, version)))
    .exactOptional(),
  timestamp: z
    .bigint()
    .min(-INT64_MAX - 1n)
    .max(INT64_MAX)
    .exactOptional(),
  meta: z.string().exactOptional(),
  ephemeral: z.boolean().exactOptional(),
  proof: z.string().exactOptional(),
});
export type MessageJson = z.output<typeof messageSchema>;

/** What a client gets. */
export const messageAnswerSchema = z.object({
  payload: z.string(),
  contentTopic: z.string(),
  version: z.int(),
  timestamp: z.bigint(),
  meta: z.string().optional(),
  ephemeral: z.boolean(),
  proof: z.string(),
});

export const INCORRECT_BASE64 = 'Incorrect base64 string';

/** The message, with timestamp 0 where none was given; null where payload, meta or proof are not base64. */
export function messageOf(message: MessageJson): WakuMessage | null {
  const payload = bytesOf(message.payload);
  const meta = bytesOf(message.meta ?? '');
  const rateLimitProof = bytesOf(message.proof ?? '');
  if (payload === null || meta === null || rateLimitProof === null) return null;
  return {
    payload,
    contentTopic: message.contentTopic,
    timestampNs: message.timestamp ?? 0n,
    version: message.version ?? 0,
    meta,
    rateLimitProof,
    ephemeral: message.ephemeral ?? false,
  };
}

/** By hand: messages are what this API answers most, and JSON.stringify knows no 64-bit numbers. */
export function messageText(message: WakuMessage): string {
  const meta = message.meta.length === 0 ? '' : `"meta":"${base64Of(message.meta)}",`;
  return (
    `{"payload":"${base64Of(message.payload)}","contentTopic":${JSON.stringify(message.contentTopic)},` +
    `"version":${message.version},"timestamp":${message.timestampNs},${meta}` +
    `"ephemeral":${String(message.ephemeral)},"proof":"${base64Of(message.rateLimitProof)}"}`
  );
}

/** Padding may be missing; nothing else may stand there. */
function bytesOf(text: string): Uint8Array | null {
  const bare = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return null;
  return new Uint8Array(Buffer.from(bare, 'base64'));
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
