/** The line codec: one record as one line of JSON, and back. README.md shows the lines. */
import * as z from 'zod';
import type { GapRecord, MessageRecord, NewMessage, StateRecord } from './records.ts';

/** The longest line that is read or written, in bytes: 200 times the network's default message. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** The first line of each segment. */
export interface SegmentHead {
  captureId: string;
  /** 1 for the first segment of the capture, also after older ones have been removed. */
  ordinal: number;
  firstSeq: number;
  createdNs: bigint;
}

/** Lines under construction: a buffer that grows and is used again. */
export class LineBuffer {
  bytes = Buffer.allocUnsafeSlow(256 * 1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  text(text: string): void {
    this.reserve(text.length * 3);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  base64(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    this.reserve(text.length);
    this.length += this.bytes.write(text, this.length, 'latin1');
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** The payload comes last, so that a scan finds it from the end of the line without reading JSON. */
export const PAYLOAD_KEY = ',"payload":"';
export const MESSAGE_END = '"}\n';

/** 64-bit values are written as text: a JSON number would lose digits. */
export function writeMessage(out: LineBuffer, record: NewMessage, seq: number): void {
  const { message } = record;
  out.text(
    `{"kind":"message","seq":${String(seq)},"dir":"${record.dir}","receivedNs":"${int64(record.receivedNs)}"` +
      `,"hash":${quote(record.hash)},"pubsubTopic":${quote(record.pubsubTopic)}` +
      `,"contentTopic":${quote(message.contentTopic)},"timestampNs":"${int64(message.timestampNs)}"` +
      `,"version":${String(message.version)},"ephemeral":${String(message.ephemeral)}` +
      `,"fromPeer":${quote(record.fromPeer)}`,
  );
  writeBytes(out, ',"meta":"', message.meta);
  writeBytes(out, ',"rateLimitProof":"', message.rateLimitProof);
  out.text(PAYLOAD_KEY);
  out.base64(message.payload);
  out.text(MESSAGE_END);
}

export function writeState(out: LineBuffer, state: StateRecord): void {
  out.text(`${stateText(state)}\n`);
}

export function stateText({ seq, atNs, delivery }: StateRecord): string {
  return JSON.stringify({ kind: 'state', seq, atNs: int64(atNs), ...delivery });
}

export function writeGap(out: LineBuffer, gap: GapRecord): void {
  out.text(`${gapText(gap)}\n`);
}

export function gapText(gap: GapRecord): string {
  return JSON.stringify({ kind: 'gap', ...gap, atNs: int64(gap.atNs) });
}

export function writeHead(out: LineBuffer, head: SegmentHead): void {
  out.text(`${JSON.stringify({ kind: 'segment', ...head, createdNs: int64(head.createdNs) })}\n`);
}

function writeBytes(out: LineBuffer, key: string, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  out.text(key);
  out.base64(bytes);
  out.text('"');
}

const quote = (text: string | null): string => JSON.stringify(text);
const int64 = (value: bigint): string => String(BigInt.asIntN(64, value));

/** What a line holds. `bad`: it is none of our records, and `problem` says why in plain words. */
export type Line =
  | { kind: 'message'; record: MessageRecord }
  | { kind: 'state'; record: StateRecord }
  | { kind: 'gap'; record: GapRecord }
  | { kind: 'segment'; head: SegmentHead }
  | {
      kind: 'bad';
      code: 'NOT_JSON' | 'NOT_A_RECORD';
      problem: string;
      /** The member of the record that is wrong; '' for the whole. */
      field: string;
    };

/** Reads one line without its line feed. Never throws, whatever the text is. */
export function parseLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'bad', code: 'NOT_JSON', problem: 'the line is not JSON', field: '' };
  }
  return readRecord(value);
}

/** What a line's JSON, or something like it, stands for. Never throws, whatever the value is. */
export function readRecord(value: unknown): Line {
  const schema = lineSchemas.get(kindOf(value));
  if (schema === undefined)
    return {
      kind: 'bad',
      code: 'NOT_A_RECORD',
      problem: 'the line is none of the known records',
      field: '',
    };
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return { kind: 'bad', code: 'NOT_A_RECORD', problem: issue?.message ?? 'not valid', field };
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : null;
}

type Context = z.core.$RefinementCtx;

const int64Text = z.string().regex(/^-?\d{1,19}$/, 'must be a whole number of at most 19 digits');

/** @param field of the value that the context is of; none: it is the value itself */
function readInt64(text: string, context: Context, ...field: string[]): bigint {
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value)
    context.addIssue({ code: 'custom', message: 'a number is beyond 64 bits', path: field });
  return value;
}

function readBase64(text: string, context: Context, field: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // Buffer skips what is not base64, so damage shows as missing bytes.
  if (text.length % 4 !== 0 || bytes.length !== (text.length / 4) * 3 - padding)
    context.addIssue({ code: 'custom', message: 'bytes are not base64', path: [field] });
  // A copy: a Buffer may share its memory with others, and would be cloned together with them.
  return new Uint8Array(bytes);
}

const hashText = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]);
const seqSchema = z.int().positive();
const uint32Schema = z.int().min(0).max(0xffff_ffff);

// One transform for the whole line: transforms of single fields made reading three times as slow.
const messageSchema = z
  .object({
    kind: z.literal('message'),
    seq: seqSchema,
    dir: z.enum(['in', 'out']),
    receivedNs: int64Text,
    hash: hashText,
    pubsubTopic: z.string(),
    contentTopic: z.string(),
    timestampNs: int64Text,
    version: uint32Schema,
    ephemeral: z.boolean(),
    fromPeer: z.string().nullable(),
    meta: z.string().default(''),
    rateLimitProof: z.string().default(''),
    payload: z.string(),
  })
  .transform((line, context): Line => {
    const { seq, dir, hash, pubsubTopic, fromPeer, contentTopic, version, ephemeral } = line;
    const message = {
      payload: readBase64(line.payload, context, 'payload'),
      contentTopic,
      version,
      timestampNs: readInt64(line.timestampNs, context, 'timestampNs'),
      meta: readBase64(line.meta, context, 'meta'),
      rateLimitProof: readBase64(line.rateLimitProof, context, 'rateLimitProof'),
      ephemeral,
    };
    const receivedNs = readInt64(line.receivedNs, context, 'receivedNs');
    return { kind: 'message', record: { seq, dir, receivedNs, hash, pubsubTopic, fromPeer, message } };
  });

/** A signed 64-bit integer as decimal text. */
export const int64Schema = int64Text.transform((text, context) => readInt64(text, context));
const stateFields = { kind: z.literal('state'), seq: seqSchema, atNs: int64Schema };
const stateSchema = z
  .discriminatedUnion('state', [
    z.object({ ...stateFields, state: z.literal('accepted') }),
    z.object({ ...stateFields, state: z.literal('echoed') }),
    z.object({ ...stateFields, state: z.literal('sent'), peers: uint32Schema }),
    z.object({ ...stateFields, state: z.literal('confirmed') }),
    z.object({ ...stateFields, state: z.literal('failed'), code: z.string() }),
  ])
  .transform(({ kind, seq, atNs, ...delivery }): Line => ({ kind, record: { seq, atNs, delivery } }));

/** Also the form of a gap in a segment's index. */
export const gapSchema = z.object({
  reason: z.enum(['disk', 'overflow', 'engine', 'retention']),
  lost: z.int().min(0).nullable(),
  afterSeq: z.int().min(0),
  atNs: int64Schema,
  detail: z.string(),
});

const gapLineSchema = gapSchema
  .extend({ kind: z.literal('gap') })
  .transform(({ kind, ...record }): Line => ({ kind, record }));

const headSchema = z
  .object({
    kind: z.literal('segment'),
    captureId: z.string(),
    ordinal: z.int().positive(),
    firstSeq: seqSchema,
    createdNs: int64Schema,
  })
  .transform(({ kind, ...head }): Line => ({ kind, head }));

const lineSchemas: ReadonlyMap<unknown, z.ZodType<Line>> = new Map<unknown, z.ZodType<Line>>([
  ['message', messageSchema],
  ['state', stateSchema],
  ['gap', gapLineSchema],
  ['segment', headSchema],
]);
