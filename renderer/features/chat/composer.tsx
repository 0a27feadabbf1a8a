/** The line that is written: its size against the limit, and what keeps it from being sent. */
import { useMemo, type KeyboardEvent, type ReactNode, type SubmitEvent } from 'react';
import { sendTyped, setTyped } from '../../store/chat-actions.ts';
import { checkLine } from '../../store/chat-draft.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useSendNote } from '../publish/send-note.ts';
import { focusLog } from './chat-log.tsx';
import { useRoom } from './use-room.ts';

/** Any of today: only its length counts. */
const SOME_TIME_NS = 1_763_800_000_000_000_000n;
const MAX_ROWS = 6;
/** About what a row holds. */
const ROW_CHARACTERS = 90;

export function Composer(): ReactNode {
  const desk = useDesk();
  const { room, route } = useRoom();
  const { contentTopic } = room;
  const nick = useDeskState(({ chat }) => chat.nick);
  const text = useDeskState(({ chat }) => chat.typed[contentTopic] ?? '');
  const settings = useDeskState(({ live }) => live?.settings);
  const { isReady, note } = useSendNote();
  const checked = useMemo(
    () =>
      route === null || settings === undefined
        ? null
        : checkLine({ contentTopic, nick, text, timestampNs: SOME_TIME_NS }, route, settings),
    [contentTopic, nick, text, route, settings],
  );
  const { draft = null, problem = null, payloadBytes = 0, maxPayloadBytes = null } = checked ?? {};
  const canSend = isReady && draft !== null;
  const isTyped = text.trim() !== '';
  const isTooLarge = maxPayloadBytes !== null && payloadBytes > maxPayloadBytes;
  const words = isReady && isTyped ? (problem ?? note) : note;
  const send = (): void => {
    if (canSend) sendTyped(desk);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') focusLog();
    // Enter that ends a composed character is no sending.
    else if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    else send();
    event.preventDefault();
  };
  return (
    <form className="chat-composer" onSubmit={submit} aria-label="Write">
      <div className="chat-composer-line">
        <textarea
          id="chat-line"
          className="input grow"
          aria-label="Message"
          aria-describedby="chat-line-note"
          aria-invalid={isTooLarge}
          placeholder="Write a message"
          rows={rowsOf(text)}
          value={text}
          onChange={(event) => {
            setTyped(desk, event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <Button type="submit" kind="primary" icon="publish" disabled={!canSend} title="Send (Enter)">
          Send
        </Button>
      </div>
      <p id="chat-line-note" className="chat-composer-note muted">
        <span className={isTooLarge ? 'bad' : ''}>{words}</span>
        <span className="number chat-size">
          {isTyped && maxPayloadBytes !== null
            ? `${formatCount(payloadBytes)} of ${formatBytes(maxPayloadBytes)}`
            : 'Shift Enter: new line'}
        </span>
      </p>
    </form>
  );
}

function rowsOf(text: string): number {
  const rows = text
    .slice(0, MAX_ROWS * ROW_CHARACTERS)
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / ROW_CHARACTERS)), 0);
  return Math.min(MAX_ROWS, rows);
}
