/** The payload of nwaku's chat2 and the web chats: protobuf `{uint64 timestamp = 1; string nick = 2; bytes payload = 3}`. */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The room where everybody meets. */
export const DEFAULT_CHAT_TOPIC = '/toy-chat/2/huilong/proto';

export const MAX_NICK_CHARACTERS = 32;
export const MAX_CHAT_TOPIC_CHARACTERS = 200;

export interface ChatMessage {
  /** When it was written: Unix time in seconds. */
  timestampS: number;
  nick: string;
  text: string;
}

const utf8 = new TextEncoder();
/** Lenient: a chat line of somebody else is shown as well as it can be. */
const lenientUtf8 = new TextDecoder();

export function encodeChat({ timestampS, nick, text }: ChatMessage): Uint8Array<ArrayBuffer> {
  const bytes = new BinaryWriter()
    .tag(1, WireType.Varint)
    .uint64(BigInt(timestampS))
    .tag(2, WireType.LengthDelimited)
    .string(nick)
    .tag(3, WireType.LengthDelimited)
    .bytes(utf8.encode(text))
    .finish();
  return new Uint8Array(bytes);
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

/** Controls, formats, lone surrogates, separators: nobody could tell such a name from another one. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A nick as it was typed: trimmed, or what is wrong with it in a sentence. */
export function readNick(typed: string): { nick: string } | { problem: string } {
  const nick = typed.trim();
  if (nick === '') return { problem: 'Choose a nick: the others see it beside what you write.' };
  if (INVISIBLE.test(nick)) return { problem: 'A nick has visible characters only.' };
  if (Array.from(nick).length > MAX_NICK_CHARACTERS)
    return { problem: `A nick has ${String(MAX_NICK_CHARACTERS)} characters at most.` };
  return { nick };
}

/** A nick of the network, which bounds none: cut between characters where it is long. */
export function shortNick(nick: string): string {
  const most = 4 * MAX_NICK_CHARACTERS;
  const characters = Array.from(nick.slice(0, most));
  const isLong = characters.length > MAX_NICK_CHARACTERS || nick.length > most;
  return `${characters.slice(0, MAX_NICK_CHARACTERS).join('')}${isLong ? '…' : ''}`;
}

/** A room by its name in chat2, `dogs` for `/toy-chat/2/dogs/proto`, or by its whole content topic. */
export function readChatRoom(typed: string): { contentTopic: string } | { problem: string } {
  const text = typed.trim();
  if (text === '') return { problem: 'Write a name such as dogs, or a content topic.' };
  if (INVISIBLE.test(text)) return { problem: 'A room has visible characters only.' };
  if (!text.startsWith('/') && text.includes('/'))
    return { problem: 'A name has no slash; a content topic begins with one.' };
  const contentTopic = text.startsWith('/') ? text : `/toy-chat/2/${text}/proto`;
  if (contentTopic.length > MAX_CHAT_TOPIC_CHARACTERS)
    return { problem: `A content topic has ${String(MAX_CHAT_TOPIC_CHARACTERS)} characters here at most.` };
  return { contentTopic };
}

/** The name of a room of chat2; of any other its content topic. */
export function chatRoomName(contentTopic: string): string {
  return /^\/toy-chat\/2\/([^/]+)\/proto$/.exec(contentTopic)?.[1] ?? contentTopic;
}
