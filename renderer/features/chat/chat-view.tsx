/** The relay chat: rooms, what is said in one of them, and a line to write. */
import { useEffect, type ReactNode } from 'react';
import { useDesk } from '../../store/use-desk.ts';
import { ChatLog } from './chat-log.tsx';
import { Composer } from './composer.tsx';
import { RoomHead } from './room-head.tsx';
import { RoomList } from './room-list.tsx';
import './chat.css';

export function ChatView(): ReactNode {
  const { chat } = useDesk();
  useEffect(() => chat.enter(), [chat]);
  return (
    <div className="chat">
      <RoomList />
      <section className="chat-room" aria-label="Room">
        <RoomHead />
        <ChatLog />
        <Composer />
      </section>
    </div>
  );
}
