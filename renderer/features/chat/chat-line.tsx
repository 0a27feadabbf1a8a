/** One message of the log. What strangers wrote is text, and what cannot be seen in it is written out. */
import { memo, useState, type ReactNode } from 'react';
import { shortNick } from '../../../core/waku/chat.ts';
import { sendAgain, editAgain } from '../../store/chat-actions.ts';
import type { ChatEntry } from '../../store/chat-entry.ts';
import type { OutgoingLine } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes, formatClock, formatCount, formatInstant } from '../../ui/format.ts';
import { shardName } from '../../ui/topic-words.ts';
import { visibleLine, visibleText } from '../../ui/visible-text.ts';
import { beginningOf, deliveryText, writtenOtherwise } from './chat-lines.ts';
import { useRoom } from './use-room.ts';

interface EntryLineProps {
  entry: ChatEntry;
  failed: OutgoingLine | null;
}

export const EntryLine = memo(function EntryLine({ entry, failed }: EntryLineProps): ReactNode {
  const { position, own, receivedNs, content } = entry;
  return (
    <article className={own ? 'chat-line is-own' : 'chat-line'} data-position={position}>
      <Time ns={receivedNs} />
      <Nick nick={content.kind === 'chat' ? content.nick : null} own={own} />
      <div className="chat-words">
        <Content entry={entry} />
        <Remarks entry={entry} />
        {own && <Delivery entry={entry} failed={failed} />}
      </div>
    </article>
  );
});

function Time({ ns }: { ns: bigint }): ReactNode {
  return (
    <time className="mono muted chat-time" title={formatInstant(ns)}>
      {formatClock(ns)}
    </time>
  );
}

function Nick({ nick, own }: { nick: string | null; own: boolean }): ReactNode {
  return (
    <span className="chat-nick">
      {nick === null || nick === '' ? (
        <span className="muted">{nick === null ? 'no chat' : 'no nick'}</span>
      ) : (
        <bdi className={own ? 'own' : ''} title={visibleLine(nick)}>
          {visibleLine(shortNick(nick))}
        </bdi>
      )}
      {own && <span className="badge chat-you">you</span>}
    </span>
  );
}

function Content({ entry: { position, payloadBytes, content } }: { entry: ChatEntry }): ReactNode {
  switch (content.kind) {
    case 'chat':
      return (
        <>
          <Text text={content.text} />
          {content.isCut && (
            <p className="muted">
              There is more: {formatBytes(payloadBytes)} in all <InMessages position={position} />
            </p>
          )}
        </>
      );
    case 'other':
      return (
        <p className="muted">
          Not a chat message: {formatBytes(payloadBytes)} of something else <InMessages position={position} />
        </p>
      );
    case 'gone':
      return <p className="muted">The disk refused this message, and memory has let it go since.</p>;
  }
}

function Text({ text }: { text: string }): ReactNode {
  const beginning = beginningOf(text);
  const [whole, setWhole] = useState(false);
  if (beginning === null || whole)
    return (
      <p className="chat-text" dir="auto">
        {visibleText(text)}
      </p>
    );
  return (
    <>
      <p className="chat-text" dir="auto">
        {visibleText(beginning)}…
      </p>
      <Button
        kind="quiet"
        className="chat-act"
        onClick={() => {
          setWhole(true);
        }}
      >
        Show all {formatCount(text.length)} characters
      </Button>
    </>
  );
}

function InMessages({ position }: { position: number }): ReactNode {
  const desk = useDesk();
  return (
    <Button
      kind="quiet"
      className="chat-act"
      onClick={() => {
        desk.messages.select(position);
        goTo(desk, 'messages');
      }}
    >
      Show its bytes
    </Button>
  );
}

/** What differs from what a reader would take for granted. */
function Remarks({ entry: { content, receivedNs, pubsubTopic } }: { entry: ChatEntry }): ReactNode {
  const { route } = useRoom();
  const writtenMs = content.kind === 'chat' ? writtenOtherwise(content.writtenS, receivedNs) : null;
  const remarks = [
    ...(writtenMs === null ? [] : [`its clock: ${dateWords(writtenMs)}`]),
    ...(route === null || route.pubsubTopic === pubsubTopic ? [] : [`on ${shardName(pubsubTopic)}`]),
  ];
  if (remarks.length === 0) return null;
  return <p className="chat-small muted">{remarks.join(' · ')}</p>;
}

function dateWords(ms: number): string {
  const date = new Date(ms);
  return ms === 0 || Number.isNaN(date.getTime()) ? 'none' : `${date.toISOString().slice(0, 19)}Z`;
}

function Delivery({ entry, failed }: EntryLineProps): ReactNode {
  const desk = useDesk();
  const { words, tone, isLost } = deliveryText(entry.states);
  const { content } = entry;
  const canAgain = isLost && content.kind === 'chat' && !content.isCut;
  const again = (): void => {
    if (content.kind === 'chat') sendAgain(desk, content.text, failed?.id ?? null);
  };
  if (failed !== null) return <Failure line={failed} />;
  return (
    <p className={`chat-small ${tone}`}>
      {words}
      {canAgain && (
        <Button kind="quiet" className="chat-act" onClick={again}>
          Send again
        </Button>
      )}
    </p>
  );
}

export function OutgoingLineView({ line }: { line: OutgoingLine }): ReactNode {
  const nick = useDeskState(({ chat }) => chat.nick);
  return (
    <article className="chat-line is-own">
      <Time ns={BigInt(line.startedMs) * 1_000_000n} />
      <Nick nick={nick} own />
      <div className="chat-words">
        <Text text={line.text} />
        {line.error === null ? <p className="chat-small muted">sending</p> : <Failure line={line} />}
      </div>
    </article>
  );
}

function Failure({ line }: { line: OutgoingLine }): ReactNode {
  const desk = useDesk();
  if (line.error === null) return null;
  return (
    <ErrorNotice error={line.error}>
      <Button
        onClick={() => {
          sendAgain(desk, line.text, line.id);
        }}
      >
        Send again
      </Button>
      <Button
        onClick={() => {
          editAgain(desk, line);
        }}
      >
        Edit
      </Button>
    </ErrorNotice>
  );
}
