/** A line of chat as the message that it becomes, and what keeps it from being sent. Pure. */
import { checkPublish } from '../../core/engine/relay-rules.ts';
import type { Draft } from '../../core/operations/message-operations.ts';
import type { Settings } from '../../core/operations/live-values.ts';
import { encodeChat, readNick } from '../../core/waku/chat.ts';
import { messageHashText, type HashText } from '../../core/waku/hash.ts';
import { maxPayloadBytes } from '../../core/waku/limits.ts';
import { createMessage } from '../../core/waku/message.ts';
import type { ChatRoute } from './chat-route.ts';

export interface CheckedLine {
  /** What keeps it from being sent; null when nothing does. */
  problem: string | null;
  /** Of the whole chat payload, nick included. */
  payloadBytes: number;
  /** null without a shard. */
  maxPayloadBytes: number | null;
  /** null while there is a problem. */
  draft: Draft | null;
  /** That it will have: the record that comes back by the stream is told by it. */
  hash: HashText | null;
}

interface Line {
  contentTopic: string;
  nick: string;
  text: string;
  timestampNs: bigint;
}

export function checkLine(
  { contentTopic, nick, text, timestampNs }: Line,
  { pubsubTopic, isHeard }: ChatRoute,
  { maxMessageBytes, light }: Pick<Settings, 'maxMessageBytes' | 'light'>,
): CheckedLine {
  const payload = encodeChat({ timestampS: Number(timestampNs / 1_000_000_000n), nick: nick.trim(), text });
  const message = createMessage({ payload, contentTopic, timestampNs });
  const known = { payloadBytes: payload.length, draft: null, hash: null };
  if (pubsubTopic === null)
    return { ...known, problem: 'The node has no shard for this room.', maxPayloadBytes: null };
  const most = Math.max(0, maxPayloadBytes(pubsubTopic, message, maxMessageBytes));
  const refuse = (problem: string): CheckedLine => ({ ...known, problem, maxPayloadBytes: most });
  const named = readNick(nick);
  if ('problem' in named) return refuse(named.problem);
  if (text.trim() === '') return refuse('Write something first.');
  const verdict = checkPublish(pubsubTopic, message, {
    maxMessageBytes,
    subscribed: light || isHeard,
  });
  if (!verdict.ok) return refuse(`${verdict.message} ${verdict.hint}`);
  return {
    problem: null,
    payloadBytes: payload.length,
    maxPayloadBytes: most,
    draft: { payload, contentTopic, pubsubTopic, timestampNs },
    hash: messageHashText(pubsubTopic, message),
  };
}
