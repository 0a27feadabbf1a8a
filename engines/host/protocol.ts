/**
 * What crosses the port. The harness connects, calls, cancels and acknowledges; the engine's side greets, and tells
 * events and answers in batches. Schemas check the envelope only: what is inside has a schema of its own, so that a
 * bad call is answered and a bad event is counted. Calls, events and answers cross many in one piece, for a piece costs
 * a process more than a message.
 */
import * as z from 'zod';
import type { EngineInfo } from '../../core/engine/engine.ts';
import type { ErrorData } from '../../core/engine/errors.ts';
import type { EngineState } from '../../core/engine/events.ts';
import type { Resources } from '../../core/engine/crash-report.ts';
import type { WireEvent } from './contract-schemas.ts';

/** Both sides are of one build as a rule; this tells when they are not. */
export const PROTOCOL_VERSION = 3;

const id = z.int().min(0);
const inside = z.unknown().optional();

const callSchema = z.object({ id, method: inside, args: inside, timeoutMs: inside });

export const clientMessageSchema = z.discriminatedUnion('kind', [
  /** Asks for the greeting, and for events from then on. */
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('calls'), calls: z.array(callSchema) }),
  z.object({ kind: z.literal('cancel'), id }),
  /** The batch, which had events, was delivered. */
  z.object({ kind: z.literal('ack'), batch: id }),
  /** Asks what the engine's process takes of its machine. */
  z.object({ kind: z.literal('measure') }),
]);

export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('greeting'), protocol: id, info: inside, state: inside }),
  /** Instead of a greeting: there is no engine, for this reason. */
  z.object({ kind: z.literal('refused'), error: inside }),
  z.object({ kind: z.literal('measured'), resources: inside }),
  /** Events, which have a type, and answers, in the order in which they came about. `batch` is null without events. */
  z.object({ kind: z.literal('batch'), batch: id.nullable(), items: z.array(inside) }),
]);

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), id, value: inside }),
  z.object({ kind: z.literal('failed'), id, error: inside }),
]);

export type ClientMessage = z.output<typeof clientMessageSchema>;
export type Call = z.output<typeof callSchema>;

export interface Greeting {
  kind: 'greeting';
  protocol: number;
  info: EngineInfo;
  state: EngineState;
}

export interface Refusal {
  kind: 'refused';
  error: ErrorData;
}

export interface Measurement {
  kind: 'measured';
  /** null where the engine has no process of its own. */
  resources: Resources | null;
}

export type Answer =
  { kind: 'answered'; id: number; value: unknown } | { kind: 'failed'; id: number; error: ErrorData };

export interface Batch {
  kind: 'batch';
  batch: number | null;
  items: (WireEvent | Answer)[];
}

export type ServerMessage = Greeting | Refusal | Measurement | Batch;

/** As it arrives: what is inside has not been checked. */
export type Incoming<K extends z.output<typeof serverMessageSchema>['kind']> = Extract<
  z.output<typeof serverMessageSchema>,
  { kind: K }
>;
