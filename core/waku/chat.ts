/** The payload of nwaku's chat2 and the web chats: protobuf `{uint64 timestamp = 1; string nick = 2; bytes payload = 3}`. */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The room where everybody meets. */
export const DEFAULT_CHAT_TOPIC = '/toy-chat/2/huilong/proto';

export interface ChatMessage {
  /** When it was written: Unix time in seconds. */
  timestampS: number;
  nick: string;
  text: string;
}

const utf8 = new TextEncoder();
/** Lenient: a chat line of somebody else is shown as well as it can be. */
const lenientUtf8 = new TextDecoder();

export function encodeChat({ timestampS, nick, text }: ChatMessage): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .uint64(BigInt(timestampS))
    .tag(2, WireType.LengthDelimited)
    .string(nick)
    .tag(3, WireType.LengthDelimited)
    .bytes(utf8.encode(text))
    .finish();
}

/** @returns null for a payload that is no chat message */
export function decodeChat(payload: Uint8Array): ChatMessage | null {
  const chat: ChatMessage = { timestampS: 0, nick: '', text: '' };
  try {
    const reader = new BinaryReader(payload);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1 && wireType === WireType.Varint) chat.timestampS = Number(reader.uint64());
      else if (field === 2 && wireType === WireType.LengthDelimited)
        chat.nick = lenientUtf8.decode(reader.bytes());
      else if (field === 3 && wireType === WireType.LengthDelimited)
        chat.text = lenientUtf8.decode(reader.bytes());
      else if (field <= 3) return null;
      else reader.skip(wireType, field);
    }
  } catch {
    return null;
  }
  return chat.nick === '' && chat.text === '' ? null : chat;
}
