/** Which room this is, on which shard, and what keeps its messages from being heard. */
import { useState, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ErrorData } from '../../../core/engine/errors.ts';
import { chatRoomName } from '../../../core/waku/chat.ts';
import { chooseShard } from '../../store/chat-actions.ts';
import type { ChatRoute } from '../../store/chat-route.ts';
import { errorData } from '../../store/error-data.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { CopyableId } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatMany } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { shardName } from '../../ui/topic-words.ts';
import { useRoom } from './use-room.ts';

export function RoomHead(): ReactNode {
  const { room, route } = useRoom();
  const { contentTopic } = room;
  const name = chatRoomName(contentTopic);
  return (
    <header className="chat-head">
      <div className="chat-head-line">
        <h2 className="chat-title">{name}</h2>
        {name !== contentTopic && (
          <CopyableId text={contentTopic} shown={contentTopic} label="Copy the content topic" />
        )}
        <span className="grow" />
        <HeldCount />
        {route !== null && (
          <ShardChoice contentTopic={contentTopic} chosen={room.pubsubTopic} route={route} />
        )}
      </div>
      {route !== null && <Unheard contentTopic={contentTopic} route={route} />}
    </header>
  );
}

function HeldCount(): ReactNode {
  const { chat } = useDesk();
  useDeskState((state) => state.chat.version);
  const { entries } = chat.window;
  const others = entries.filter(({ content }) => content.kind === 'other').length;
  if (others === 0) return null;
  return (
    <span className="notice-text" title="Published under this content topic, and no payload of chat2">
      {formatCount(others)} of {formatMany(entries.length, 'message')} shown {others === 1 ? 'is' : 'are'} no
      chat
    </span>
  );
}

function ShardChoice({
  contentTopic,
  chosen,
  route: { pubsubTopic, autoTopic },
}: {
  contentTopic: string;
  chosen: string | null;
  route: ChatRoute;
}): ReactNode {
  const desk = useDesk();
  const topics = useDeskState(
    useShallow(({ live }) => live?.node.topics.map((topic) => topic.pubsubTopic) ?? []),
  );
  // One that was chosen stays in the list, also while the node does not relay it.
  const listed = chosen === null || topics.includes(chosen) ? topics : [...topics, chosen];
  const [first] = topics;
  return (
    <label className="chat-shard">
      <span className="muted">on</span>
      <select
        className="input"
        aria-label="Shard of the room"
        title={pubsubTopic ?? undefined}
        value={chosen ?? ''}
        onChange={(event) => {
          const { value } = event.target;
          chooseShard(desk, contentTopic, value === '' ? null : value);
        }}
      >
        <option value="">
          {autoTopic !== null
            ? `${shardName(autoTopic)}, by content topic`
            : first === undefined
              ? 'no shard'
              : `${shardName(first)}, the first`}
        </option>
        {listed.map((topic) => (
          <option key={topic} value={topic}>
            {shardName(topic)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is published in the room does not come here: why, and the act that changes it. */
function Unheard({ contentTopic, route }: { contentTopic: string; route: ChatRoute }): ReactNode {
  const desk = useDesk();
  const running = useDeskState(({ live }) => live?.node.state === 'running');
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  const { pubsubTopic, isHeard } = route;
  if (!running || isHeard || pubsubTopic === null) return null;
  const hear = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      if (light) await desk.client.call('filter.subscribe', { contentTopics: [contentTopic], pubsubTopic });
      else await desk.client.call('topics.subscribe', { pubsubTopic });
    } catch (caught) {
      setError(errorData(caught, light ? 'filter.subscribe' : 'topics.subscribe'));
    } finally {
      setBusy(false);
    }
  };
  const what = shardName(pubsubTopic);
  return (
    <>
      <div className="notice notice-mild" role="status">
        <Icon name="warn" />
        <div className="notice-words">
          <p>
            {light
              ? 'No service node is asked for this room: what the others write does not come here.'
              : `The room is on ${what}, which this node does not relay: what the others write does not come here.`}
          </p>
        </div>
        <div className="notice-acts">
          <Button busy={busy} onClick={() => void hear()}>
            {light ? 'Hear this room' : `Relay ${what}`}
          </Button>
        </div>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
