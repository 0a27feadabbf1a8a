/** What the form means: the message that it would send, and what is wrong with it. Pure. */
import { checkPublish } from '../../../core/engine/relay-rules.ts';
import { MAX_RATE, MAX_REPEAT, type Draft } from '../../../core/operations/message-operations.ts';
import type { Settings } from '../../../core/operations/live-values.ts';
import { messageHashText, type HashText } from '../../../core/waku/hash.ts';
import { maxPayloadBytes } from '../../../core/waku/limits.ts';
import { createMessage, type WakuMessage } from '../../../core/waku/message.ts';
import { autoShard } from '../../../core/waku/sharding.ts';
import { formatPubsubTopic, parsePubsubTopic } from '../../../core/waku/topics.ts';
import type { PublishForm } from '../../store/state.ts';
import { readMeta, readNumber, readPayload, readTimestamp, readVersion, type Bytes } from './read-fields.ts';

export type FieldName =
  'route' | 'contentTopic' | 'payload' | 'timestampNs' | 'version' | 'meta' | 'count' | 'rate';

export interface NodeFacts {
  settings: Pick<Settings, 'clusterId' | 'shardsInNetwork' | 'maxMessageBytes' | 'light'>;
  /** Subscribed pubsub topics. */
  topics: readonly string[];
}

export interface CheckedForm {
  problems: Partial<Record<FieldName, string>>;
  /** null while there are problems. */
  draft: Draft | null;
  /** Where the message goes; null when that is not clear yet. */
  pubsubTopic: string | null;
  payloadBytes: number;
  /** The most that fits with the other fields; null without a pubsub topic. */
  maxPayloadBytes: number | null;
  /** Only where the timestamp is fixed: otherwise it follows from the clock. */
  hash: HashText | null;
  repeat: { count: number; ratePerSecond: number | null } | null;
}

const NO_BYTES = new Uint8Array(0);
/** Any of today: only its length counts. */
const SOME_TIME_NS = 1_700_000_000_000_000_000n;

export function checkForm(form: PublishForm, facts: NodeFacts): CheckedForm {
  const problems: CheckedForm['problems'] = {};
  const read = <T>(field: FieldName, fallback: T, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      problems[field] = error instanceof Error ? error.message : String(error);
      return fallback;
    }
  };
  const pubsubTopic = read('route', null, () => readRoute(form, facts));
  const payload = read('payload', NO_BYTES, () => readPayload(form));
  const meta = read('meta', NO_BYTES, () => readMeta(form));
  const version = read('version', 0, () => readVersion(form.version));
  // Of many, each gets the time of its sending.
  const fixedNs = form.repeats ? null : read('timestampNs', null, () => readTimestamp(form));
  const repeat = form.repeats
    ? {
        count: read('count', 1, () => readNumber(form.count, 1, MAX_REPEAT, true)),
        ratePerSecond: read('rate', null, () =>
          form.rate.trim() === '' ? null : readNumber(form.rate, 0.01, MAX_RATE, false),
        ),
      }
    : null;
  const { contentTopic, ephemeral } = form;
  const message = createMessage({
    payload,
    contentTopic,
    version,
    meta,
    ephemeral,
    timestampNs: fixedNs ?? SOME_TIME_NS,
  });
  const { maxMessageBytes } = facts.settings;
  if (pubsubTopic !== null) addVerdict(problems, pubsubTopic, message, maxMessageBytes);
  const isGood = pubsubTopic !== null && Object.keys(problems).length === 0;
  return {
    problems,
    draft: isGood ? draftOf(form, { payload, meta, version, fixedNs, pubsubTopic }) : null,
    pubsubTopic,
    payloadBytes: payload.length,
    maxPayloadBytes:
      pubsubTopic === null ? null : Math.max(0, maxPayloadBytes(pubsubTopic, message, maxMessageBytes)),
    hash:
      fixedNs === null || pubsubTopic === null || problems.payload !== undefined
        ? null
        : messageHashText(pubsubTopic, message),
    repeat,
  };
}

/** An empty payload is not a fault yet; the button says what is missing. */
export function isUntouched({ encoding, payload }: PublishForm): boolean {
  return payload === '' && encoding !== 'file';
}

/** Which field the rule's code belongs to. */
const FIELD_OF_CODE: Readonly<Record<string, FieldName>> = {
  CONTENT_TOPIC_EMPTY: 'contentTopic',
  PAYLOAD_EMPTY: 'payload',
  MESSAGE_TOO_LARGE: 'payload',
  META_TOO_LARGE: 'meta',
  VERSION_INVALID: 'version',
  TIMESTAMP_INVALID: 'timestampNs',
};

function addVerdict(
  problems: CheckedForm['problems'],
  topic: string,
  message: WakuMessage,
  maxMessageBytes: number,
): void {
  const verdict = checkPublish(topic, message, { maxMessageBytes, subscribed: true });
  if (verdict.ok) return;
  const field = FIELD_OF_CODE[verdict.code] ?? 'route';
  problems[field] ??= `${verdict.message} ${verdict.hint}`;
}

interface DraftParts {
  payload: Bytes;
  meta: Bytes;
  version: number;
  fixedNs: bigint | null;
  pubsubTopic: string;
}

function draftOf(form: PublishForm, { payload, meta, version, fixedNs, pubsubTopic }: DraftParts): Draft {
  return {
    payload,
    contentTopic: form.contentTopic,
    version,
    meta,
    ephemeral: form.ephemeral,
    // The host computes the shard of an auto-sharded message itself: that needs no subscription.
    ...(form.route === 'auto' ? {} : { pubsubTopic }),
    ...(fixedNs === null ? {} : { timestampNs: fixedNs }),
  };
}

function readRoute(form: PublishForm, { settings, topics }: NodeFacts): string {
  switch (form.route) {
    case 'shard': {
      const topic = topics.includes(form.shardTopic) ? form.shardTopic : topics[0];
      if (topic === undefined) throw new Error('The node has no shard: switch one on in the node view.');
      return topic;
    }
    case 'topic': {
      const topic = form.pubsubTopic.trim();
      if (parsePubsubTopic(topic) === null) throw new Error('Write /waku/2/rs/<cluster>/<shard>.');
      // A service node relays what a light client pushes.
      if (!settings.light && !topics.includes(topic))
        throw new Error('The node does not relay this topic: switch it on first.');
      return topic;
    }
    case 'auto': {
      const { clusterId, shardsInNetwork } = settings;
      if (shardsInNetwork === 0)
        throw new Error('Auto-sharding needs the number of shards in the network (settings).');
      const shard = autoShard(form.contentTopic, shardsInNetwork);
      if (shard === null)
        throw new Error('The content topic must be /application/version/name/encoding to have a shard.');
      return formatPubsubTopic({ cluster: clusterId, shard });
    }
  }
}
