/** The open room and its way. */
import { useMemo } from 'react';
import { routeOf, type ChatRoute } from '../../store/chat-route.ts';
import type { ChatRoom } from '../../store/state.ts';
import { DEFAULT_ROOM } from '../../store/state.ts';
import { useDeskState } from '../../store/use-desk.ts';

/** @returns the route is null before the host has answered */
export function useRoom(): { room: ChatRoom; route: ChatRoute | null } {
  const room =
    useDeskState(({ chat }) => chat.rooms.find(({ contentTopic }) => contentTopic === chat.open)) ??
    DEFAULT_ROOM;
  const settings = useDeskState(({ live }) => live?.settings);
  const node = useDeskState(({ live }) => live?.node);
  const route = useMemo(
    () => (settings === undefined || node === undefined ? null : routeOf(room, { settings, node })),
    [room, settings, node],
  );
  return { room, route };
}
