/** A message of a room as the page holds it: what it says, bounded, and what became of it. */
import type { MessageDetails } from '../../core/operations/message-values.ts';
import { decodeChat } from '../../core/waku/chat.ts';
import type { HashText } from '../../core/waku/hash.ts';
import { joinStates } from './sends.ts';
import type { SendState } from './state.ts';

/** A stranger may write 150 KiB; hundreds of messages are held. The whole is in the list of messages. */
const MAX_TEXT = 20_000;

export type ChatContent =
  | { kind: 'chat'; nick: string; text: string; isCut: boolean; writtenS: number }
  /** Something else was published under this content topic. */
  | { kind: 'other' }
  /** The disk refused the message, and memory has let it go since. */
  | { kind: 'gone' };

export interface ChatEntry {
  position: number;
  own: boolean;
  hash: HashText;
  pubsubTopic: string;
  receivedNs: bigint;
  payloadBytes: number;
  content: ChatContent;
  /** Of an own message, oldest first. */
  states: readonly SendState[];
}

export function entryOf({ row, message, states }: MessageDetails): ChatEntry {
  const { position, dir, hash, pubsubTopic, receivedNs, payloadBytes } = row;
  return {
    position,
    own: dir === 'out',
    hash,
    pubsubTopic,
    receivedNs,
    payloadBytes,
    content: message === null ? { kind: 'gone' } : contentOf(message.payload),
    states: joinStates([], states),
  };
}

export function withState(entry: ChatEntry, { atNs, delivery }: SendState): ChatEntry {
  return { ...entry, states: joinStates(entry.states, [{ atNs, delivery }]) };
}

function contentOf(payload: Uint8Array): ChatContent {
  const chat = decodeChat(payload);
  if (chat === null) return { kind: 'other' };
  const { nick, text, timestampS } = chat;
  return {
    kind: 'chat',
    nick: nick.slice(0, MAX_TEXT),
    text: text.slice(0, MAX_TEXT),
    isCut: text.length > MAX_TEXT,
    writtenS: timestampS,
  };
}
