/** The rooms with what is unread in them, one more, and the nick. */
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { chatRoomName, MAX_CHAT_TOPIC_CHARACTERS, readNick } from '../../../core/waku/chat.ts';
import { addRoom, removeRoom, setNick } from '../../store/chat-actions.ts';
import type { ChatRoom } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { formatCount } from '../../ui/format.ts';

export function RoomList(): ReactNode {
  const rooms = useDeskState(({ chat }) => chat.rooms);
  return (
    <div className="chat-side">
      <ul className="plain-list chat-rooms" aria-label="Rooms">
        {rooms.map((room) => (
          <RoomItem key={room.contentTopic} room={room} isOnly={rooms.length === 1} />
        ))}
      </ul>
      <AddRoom />
      <Nick />
    </div>
  );
}

function RoomItem({ room: { contentTopic }, isOnly }: { room: ChatRoom; isOnly: boolean }): ReactNode {
  const desk = useDesk();
  const isOpen = useDeskState(({ chat }) => chat.open === contentTopic);
  const unread = useDeskState(({ chat }) => chat.unread[contentTopic] ?? 0);
  const name = chatRoomName(contentTopic);
  return (
    <li className={isOpen ? 'chat-room-item is-open' : 'chat-room-item'}>
      <button
        type="button"
        className="chat-room-button"
        aria-current={isOpen}
        title={contentTopic}
        onClick={() => {
          desk.chat.open(contentTopic);
        }}
      >
        <span className="chat-room-name">{name}</span>
        {unread > 0 && (
          <span className="chat-unread number">
            {formatCount(unread)}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </button>
      {!isOnly && (
        <IconButton
          icon="close"
          label={`Remove the room ${name}`}
          onClick={() => {
            removeRoom(desk, contentTopic);
          }}
        />
      )}
    </li>
  );
}

function AddRoom(): ReactNode {
  const desk = useDesk();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fault = addRoom(desk, text);
    setProblem(fault);
    if (fault === null) setText('');
  };
  return (
    <form className="chat-add" onSubmit={submit}>
      <Field label="Another room" hint="By name or content topic" problem={problem ?? undefined}>
        {(props) => (
          <div className="chat-add-line">
            <input
              {...props}
              className="input grow"
              placeholder="dogs"
              autoComplete="off"
              spellCheck={false}
              maxLength={MAX_CHAT_TOPIC_CHARACTERS}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setProblem(null);
              }}
            />
            <Button type="submit" disabled={text.trim() === ''}>
              Add
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}

function Nick(): ReactNode {
  const desk = useDesk();
  const nick = useDeskState(({ chat }) => chat.nick);
  const named = readNick(nick);
  return (
    <Field
      className="chat-nick-field"
      label="Your nick"
      hint={nick === '' ? 'The others see it beside what you write' : 'Kept on this machine'}
      problem={nick !== '' && 'problem' in named ? named.problem : undefined}
    >
      {(props) => (
        <input
          {...props}
          className="input"
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={nick}
          onChange={(event) => {
            setNick(desk, event.target.value);
          }}
        />
      )}
    </Field>
  );
}
