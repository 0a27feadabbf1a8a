/**
 * What crosses between a client and its host, over whatever carries structured-cloneable values in order.
 * Schemas check the envelope only: requests, answers and batches have schemas of their own, so that a bad request
 * is answered.
 */
import * as z from 'zod';
import type { ErrorData } from '../engine/errors.ts';
import type { Batch } from './live-values.ts';

const id = z.int().min(0);
const inside = z.unknown().optional();

export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id, name: z.string().max(100), request: inside }),
  z.strictObject({ kind: z.literal('cancel'), id }),
  /** The batch was taken. */
  z.strictObject({ kind: z.literal('ack'), stream: id, number: id }),
]);

export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), id, value: inside }),
  z.object({ kind: z.literal('failed'), id, error: inside }),
  z.object({ kind: z.literal('progress'), id, value: inside }),
  z.object({ kind: z.literal('batch'), batch: inside }),
  /** The stream is of no use any more, such as after new settings: take a snapshot. */
  z.object({ kind: z.literal('stale') }),
]);

export type ClientMessage = z.output<typeof clientMessageSchema>;

export type HostMessage =
  | { kind: 'answered'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: ErrorData }
  | { kind: 'progress'; id: number; value: unknown }
  | { kind: 'batch'; batch: Batch }
  | { kind: 'stale' };
