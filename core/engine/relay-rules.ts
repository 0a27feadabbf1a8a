/**
 * The relay rules: what a node may publish and what it accepts. Native libraries do not check before they
 * publish (they answer OK and nobody receives), so the harness does, the same for every engine. A rule's
 * verdict has a code; each host maps the code to its own words.
 */
import type { WakuMessage } from '../waku/message.ts';
import { MAX_META_BYTES, maxPayloadBytes } from '../waku/limits.ts';
import { parsePubsubTopic } from '../waku/topics.ts';
import { WakuDeskError, type ErrorCode } from './errors.ts';

/** Passed, or refused with a code, a sentence and the next step. */
export type Verdict = { ok: true } | { ok: false; code: ErrorCode; message: string; hint: string };

export interface RelayLimits {
  /** Largest whole message of the network, in bytes. */
  maxMessageBytes: number;
}

const PASSED: Verdict = { ok: true };
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT32_MAX = 4_294_967_295;

/** Whether text is a topic that a relay of static shards can subscribe. */
export function checkTopic(pubsubTopic: string): Verdict {
  if (parsePubsubTopic(pubsubTopic) !== null) return PASSED;
  return refused(
    'TOPIC_INVALID',
    `${JSON.stringify(shorten(pubsubTopic))} is not a pubsub topic.`,
    'Write /waku/2/rs/<cluster>/<shard>, both from 0 to 65535.',
  );
}

/**
 * Whether a message may be published. The timestamp is already set: 0 would make the hash of what is sent
 * differ from the one that was announced.
 * @param subscribed the node relays this topic (auto-sharding publishes without that)
 */
export function checkPublish(
  pubsubTopic: string,
  message: WakuMessage,
  { subscribed, ...limits }: RelayLimits & { subscribed: boolean },
): Verdict {
  const topic = checkTopic(pubsubTopic);
  if (!topic.ok) return topic;
  if (!subscribed)
    return refused(
      'NOT_SUBSCRIBED',
      `The node is not subscribed to ${pubsubTopic}.`,
      'Subscribe to the topic first, or publish on one that is subscribed.',
    );
  if (!Number.isInteger(message.version) || message.version < 0 || message.version > UINT32_MAX)
    return refused('VERSION_INVALID', 'The version is not a uint32.', 'Use 0, 1 or 2.');
  if (message.timestampNs === 0n || message.timestampNs < INT64_MIN || message.timestampNs > INT64_MAX)
    return refused(
      'TIMESTAMP_INVALID',
      'The timestamp is not a signed 64-bit number of nanoseconds other than 0.',
      'Give Unix time in nanoseconds, or none to use the clock.',
    );
  const fields = checkFields(message);
  return fields.ok ? checkFits(pubsubTopic, message, limits) : fields;
}

/**
 * Whether a message from the network is one that nwaku would accept as well. Its size is what its fields hold at
 * least: writers that omit empty fields, such as go-waku, fit a few bytes more into a message than nwaku does.
 */
export function checkReceived(message: WakuMessage, { maxMessageBytes }: RelayLimits): Verdict {
  const fields = checkFields(message);
  if (!fields.ok) return fields;
  const { payload, contentTopic, meta, rateLimitProof } = message;
  const bytes = payload.length + contentTopic.length + meta.length + rateLimitProof.length;
  return bytes <= maxMessageBytes ? PASSED : tooLarge(payload.length, maxMessageBytes, maxMessageBytes);
}

/** Whether the hash that an engine claims is the message's own. Case does not count, nor does 0x. */
export function checkHash(computed: string, claimed: string | null): Verdict {
  if (claimed === null || bare(claimed) === bare(computed)) return PASSED;
  return refused(
    'HASH_MISMATCH',
    `The engine calls the message ${shorten(claimed)}, its fields hash to ${computed}.`,
    'Report this with the engine and its version: the message was kept under the computed hash.',
  );
}

/** A message that was published or heard within the duplicate window. */
export function duplicate(hash: string): Verdict {
  return refused(
    'MESSAGE_DUPLICATE',
    `The message ${hash} was published less than two minutes ago.`,
    'Change a field or the timestamp to send it as a new message.',
  );
}

/** @throws WakuDeskError with the verdict's code */
export function passOrThrow(verdict: Verdict, operation: string): void {
  if (!verdict.ok) throw new WakuDeskError(verdict.code, verdict.message, { operation, hint: verdict.hint });
}

function checkFields(message: WakuMessage): Verdict {
  if (message.payload.length === 0)
    return refused('PAYLOAD_EMPTY', 'The payload is empty.', 'Give a payload of at least one byte.');
  if (message.contentTopic === '')
    return refused(
      'CONTENT_TOPIC_EMPTY',
      'The content topic is empty.',
      'Give one, such as /app/1/name/proto.',
    );
  if (message.meta.length > MAX_META_BYTES)
    return refused(
      'META_TOO_LARGE',
      `Meta has ${String(message.meta.length)} bytes.`,
      `Meta is ${String(MAX_META_BYTES)} bytes at most.`,
    );
  return PASSED;
}

function checkFits(pubsubTopic: string, message: WakuMessage, limits: RelayLimits): Verdict {
  // Sizes are computed field by field only where the payload alone does not settle it.
  const bytes = message.payload.length + message.rateLimitProof.length + 3 * message.contentTopic.length;
  if (bytes < limits.maxMessageBytes / 2) return PASSED;
  const most = maxPayloadBytes(pubsubTopic, message, limits.maxMessageBytes);
  return message.payload.length <= most
    ? PASSED
    : tooLarge(message.payload.length, Math.max(0, most), limits.maxMessageBytes);
}

function tooLarge(payloadBytes: number, most: number, maxMessageBytes: number): Verdict {
  return refused(
    'MESSAGE_TOO_LARGE',
    `The payload has ${String(payloadBytes)} bytes; with these fields ${String(most)} fit at most.`,
    `A whole message is ${String(maxMessageBytes)} bytes at most: send less, or split it.`,
  );
}

function refused(code: ErrorCode, message: string, hint: string): Verdict {
  return { ok: false, code, message, hint };
}

function bare(hash: string): string {
  return hash.replace(/^0x/i, '').toLowerCase();
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
