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
  const placed = useRef<Layout | null>(null);
  const place = useCallback(
    (element: HTMLElement) => {
      const { anchor } = chat;
      if (chat.following) element.scrollTop = element.scrollHeight;
      else if (anchor !== null) {
        const line = element.querySelector<HTMLElement>(`[data-position="${anchor.position}"]`);
        if (line !== null) element.scrollTop = line.offsetTop + anchor.abovePx;
      }
      placed.current = layoutOf(element);
      const isShort = element.scrollHeight <= element.clientHeight;
      if (isShort && chat.window.entries.length > 0) tell(element, chat);
    },
    [chat],
  );
  useLayoutEffect(() => {
    if (box.current !== null) place(box.current);
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onScroll = (): void => {
      const { widthPx, heightPx, listPx } = layoutOf(element);
      const before = placed.current;
      // What another size of the page moves, the user did not.
      if (before?.widthPx !== widthPx || before.heightPx !== heightPx || before.listPx !== listPx) {
        place(element);
        return;
      }
      chat.anchor = anchorOf(element);
      tell(element, chat);
    };
    // At once, also while messages pour in.
    const onWheel = ({ deltaY }: WheelEvent): void => {
      if (deltaY >= 0 || !chat.following || element.scrollTop === 0) return;
      chat.anchor = anchorOf(element);
      chat.moved({ isAtStart: false, isAtEnd: false });
    };
    const observer = new ResizeObserver(() => {
      place(element);
    });
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [box, chat, place]);
}

interface Layout {
  widthPx: number;
  heightPx: number;
  listPx: number;
}

function layoutOf(element: HTMLElement): Layout {
  return { widthPx: element.clientWidth, heightPx: element.clientHeight, listPx: element.scrollHeight };
}

function tell(element: HTMLElement, chat: Chat): void {
  const endPx = element.scrollHeight - element.clientHeight;
  chat.moved({ isAtStart: element.scrollTop <= START_PX, isAtEnd: endPx - element.scrollTop <= END_PX });
}

function anchorOf(element: HTMLElement): Chat['anchor'] {
  for (const line of element.querySelectorAll<HTMLElement>('[data-position]')) {
    if (line.offsetTop + line.offsetHeight <= element.scrollTop) continue;
    return { position: Number(line.dataset.position), abovePx: element.scrollTop - line.offsetTop };
  }
  return null;
}
