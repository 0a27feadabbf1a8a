/** Nick and rooms, as this browser keeps them. */
import * as z from 'zod';
import { chatRoomName, readChatRoom, readNick } from '../../core/waku/chat.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { keep, readKept } from './kept.ts';
import { DEFAULT_ROOM, type ChatRoom, type ChatState } from './state.ts';

export const MAX_ROOMS = 50;
const KEY = 'waku-desk.chat';

/** What storage holds may come from another version, or from anybody. */
const keptSchema = z.object({
  nick: z.string().transform((nick) => ('nick' in readNick(nick) ? nick : '')),
  rooms: z
    .array(
      z.object({
        contentTopic: z
          .string()
          .refine((topic) => topic.startsWith('/') && 'contentTopic' in readChatRoom(topic)),
        pubsubTopic: z
          .string()
          .refine((topic) => parsePubsubTopic(topic) !== null)
          .nullable(),
      }),
    )
    .min(1)
    .max(MAX_ROOMS)
    .refine((rooms) => new Set(rooms.map(({ contentTopic }) => contentTopic)).size === rooms.length),
});

export function readChat(): Pick<ChatState, 'nick' | 'rooms' | 'open'> {
  const { nick, rooms } = parseKept(readKept(KEY)) ?? { nick: '', rooms: [DEFAULT_ROOM] };
  return { nick, rooms, open: (rooms[0] ?? DEFAULT_ROOM).contentTopic };
}

export function keepChat({ nick, rooms }: Pick<ChatState, 'nick' | 'rooms'>): void {
  keep(KEY, JSON.stringify({ nick, rooms }));
}

function parseKept(text: string | null): z.output<typeof keptSchema> | null {
  if (text === null) return null;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Adds a room by name or content topic. */
export function withRoom(
  rooms: readonly ChatRoom[],
  typed: string,
): { rooms: readonly ChatRoom[]; contentTopic: string } | { problem: string } {
  const room = readChatRoom(typed);
  if ('problem' in room) return room;
  const { contentTopic } = room;
  if (rooms.some((one) => one.contentTopic === contentTopic))
    return { problem: `The room ${chatRoomName(contentTopic)} is in the list.` };
  if (rooms.length >= MAX_ROOMS) return { problem: `${MAX_ROOMS} rooms are the most: remove one first.` };
  return { rooms: [...rooms, { contentTopic, pubsubTopic: null }], contentTopic };
}

/** Of all rooms together. */
export function unreadOf({ rooms, unread }: Pick<ChatState, 'rooms' | 'unread'>): number {
  return rooms.reduce((sum, { contentTopic }) => sum + (unread[contentTopic] ?? 0), 0);
}
