/** What was said: the newest at the end, older ones as the top comes near. */
import {
  useCallback,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import type { Chat } from '../../store/chat.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ChatEmpty } from './chat-empty.tsx';
import { EntryLine, OutgoingLineView } from './chat-line.tsx';
import { logLines } from './chat-lines.ts';

/** Yesterday's messages get their date. */
const DAY_CHECK_MS = 60_000;
/** So near to an end counts as there. */
const END_PX = 4;
const START_PX = 400;
const LOG_ID = 'chat-log';

/** Where the keyboard goes when the line is left. */
export function focusLog(): void {
  document.getElementById(LOG_ID)?.focus();
}

export function ChatLog(): ReactNode {
  const desk = useDesk();
  const { chat } = desk;
  useDeskState((state) => state.chat.version);
  const open = useDeskState((state) => state.chat.open);
  const outgoing = useDeskState((state) => state.chat.outgoing);
  const loading = useDeskState((state) => state.chat.loading);
  const error = useDeskState((state) => state.chat.error);
  const nowMs = useNow(DAY_CHECK_MS);
  const box = useRef<HTMLDivElement>(null);
  usePlace(box);
  const { entries, hasOlder, beyond } = chat.window;
  const lines = logLines(
    entries,
    outgoing.filter(({ contentTopic }) => contentTopic === open),
    nowMs,
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'End') return;
    event.preventDefault();
    chat.toNewest();
  };
  return (
    <div className="chat-log-frame">
      <div
        ref={box}
        id={LOG_ID}
        className="chat-log"
        role="log"
        aria-label="What was said"
        aria-busy={loading}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {hasOlder && <p className="chat-more muted">Older messages are loading</p>}
        {lines.map((line) => {
          switch (line.kind) {
            case 'day':
              return (
                <p key={line.key} className="chat-day">
                  {line.words}
                </p>
              );
            case 'entry':
              return <EntryLine key={line.key} entry={line.entry} failed={line.failed} />;
            case 'outgoing':
              return <OutgoingLineView key={line.key} line={line.line} />;
          }
        })}
        {lines.length === 0 && error === null && <ChatEmpty isLoading={loading} />}
      </div>
      {error !== null && (
        <div className="chat-error">
          <ErrorNotice error={error}>
            <Button
              onClick={() => {
                chat.retry();
              }}
            >
              Load again
            </Button>
          </ErrorNotice>
        </div>
      )}
      {(chat.unseen > 0 || beyond > 0) && (
        <Button
          className="pill"
          title="Show the newest and follow (End)"
          onClick={() => {
            chat.toNewest();
          }}
        >
          <Icon name="down" />
          {chat.unseen > 0 ? `${formatCount(chat.unseen)} new` : 'Newest'}
        </Button>
      )}
    </div>
  );
}

/** Keeps the end in view while it is followed; otherwise the message that was at the top. */
function usePlace(box: RefObject<HTMLDivElement | null>): void {
  const { chat } = useDesk();
  /** Where the list put the box: what differs from it when it is looked at again, the user did. */
  const placedPx = useRef<number | null>(null);
  const place = useCallback(
    (element: HTMLElement) => {
      const movedPx = placedPx.current === null ? 0 : movedBy(element, placedPx.current);
      const topPx =
        chat.following && movedPx === 0
          ? endOf(element)
          : anchoredPx(element, chat.anchor, element.scrollTop - movedPx) + movedPx;
      if (Math.abs(element.scrollTop - topPx) >= 1) element.scrollTop = topPx;
      placedPx.current = element.scrollTop;
      chat.anchor = anchorOf(element);
      const isShort = endOf(element) <= 0 && chat.window.entries.length > 0;
      if (movedPx === 0 && !isShort) return;
      const { scrollTop } = element;
      // However little it is: also while messages pour in, one may leave the end.
      const isAtEnd = movedPx >= 0 && endOf(element) - scrollTop <= END_PX;
      chat.moved({ isAtStart: scrollTop <= START_PX, isAtEnd });
    },
    [chat],
  );
  useLayoutEffect(() => {
    if (box.current !== null) place(box.current);
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => {
      place(element);
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [box, place]);
}

function endOf({ scrollHeight, clientHeight }: HTMLElement): number {
  return scrollHeight - clientHeight;
}

/** A list that became shorter ends the box earlier: that is no move of the user. */
function movedBy(element: HTMLElement, placedPx: number): number {
  const movedPx = element.scrollTop - placedPx;
  const isCut = movedPx < 0 && endOf(element) - element.scrollTop < 1;
  return Math.abs(movedPx) < 1 || isCut ? 0 : movedPx;
}

/** @param elsePx where the anchor is not there */
function anchoredPx(element: HTMLElement, anchor: Chat['anchor'], elsePx: number): number {
  const line =
    anchor === null ? null : element.querySelector<HTMLElement>(`[data-position="${anchor.position}"]`);
  return line === null || anchor === null ? elsePx : line.offsetTop + anchor.abovePx;
}

function anchorOf(element: HTMLElement): Chat['anchor'] {
  for (const line of element.querySelectorAll<HTMLElement>('[data-position]')) {
    if (line.offsetTop + line.offsetHeight <= element.scrollTop) continue;
    return { position: Number(line.dataset.position), abovePx: element.scrollTop - line.offsetTop };
  }
  return null;
}
