/** What the engine says. Lines wrap, so their heights differ; the list is at most a few thousand lines. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogLevel } from '../../../core/engine/events.ts';
import type { LogLine } from '../../../core/operations/live-values.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Choice } from '../../ui/field.tsx';
import { formatCount, formatInstant, formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { visibleLine } from '../../ui/visible-text.ts';

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
const LINE_PX = 20;
/** Yesterday's times have their date. */
const DAY_CHECK_MS = 60_000;
const NO_LINES: readonly LogLine[] = [];

export function LogTab(): ReactNode {
  const desk = useDesk();
  const log = useDeskState(({ live }) => live?.log) ?? NO_LINES;
  const engineLevel = useDeskState(({ live }) => live?.settings.logLevel) ?? 'info';
  const [least, setLeast] = useState<LogLevel>('trace');
  const lines = log.filter(({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf(least));
  return (
    <div className="log">
      <div className="bar-line">
        <span className="muted">From level</span>
        <Choice
          label="Least level"
          value={least}
          options={LEVELS.map((level) => ({ value: level, label: level }))}
          onChange={setLeast}
        />
        <span className="grow" />
        <span className="number muted">
          {formatCount(lines.length)} of {formatCount(log.length)} lines
        </span>
        <CopyButton text={() => lines.map(lineText).join('\n')} label="Copy the shown lines">
          Copy
        </CopyButton>
      </div>
      {log.length === 0 ? (
        <EmptyState
          title="The engine has said nothing yet"
          text={`It is set to log from level ${engineLevel} on.`}
        >
          <Button
            onClick={() => {
              desk.update('node', { tab: 'settings' });
            }}
          >
            Change the log level
          </Button>
        </EmptyState>
      ) : lines.length === 0 ? (
        <EmptyState title="No line of this level">
          <Button
            onClick={() => {
              setLeast('trace');
            }}
          >
            Show every level
          </Button>
        </EmptyState>
      ) : (
        <LogLines lines={lines} />
      )}
    </div>
  );
}

function LogLines({ lines }: { lines: readonly LogLine[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 10,
    paddingEnd: 6,
  });
  const nowMs = useNow(DAY_CHECK_MS);
  const last = lines.at(-1)?.id;
  useEffect(() => {
    if (following && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, last, lines.length, virtual]);
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < LINE_PX);
  };
  return (
    <div className="log-frame">
      <div
        ref={box}
        className="log-lines mono"
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label="Log lines"
      >
        <ol className="log-box" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index];
            if (line === undefined) return null;
            return (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={`log-line level-${line.level}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <LineView line={line} nowMs={nowMs} />
              </li>
            );
          })}
        </ol>
      </div>
      {!following && (
        <Button
          className="pill"
          onClick={() => {
            setFollowing(true);
          }}
        >
          <Icon name="down" /> Newest
        </Button>
      )}
    </div>
  );
}

function LineView({ line, nowMs }: { line: LogLine; nowMs: number }): ReactNode {
  const { level, component, text, firstNs, repeats } = line;
  return (
    <>
      <span className="muted">{formatTime(firstNs, nowMs)}</span>
      <span className={`log-level ${level === 'error' ? 'bad' : level === 'warn' ? 'notice-text' : 'muted'}`}>
        {level}
      </span>
      <span className="log-component muted">{visibleLine(component)}</span>
      <span className="log-text">
        {visibleLine(text)}
        {repeats > 1 && <span className="badge">×{formatCount(repeats)}</span>}
      </span>
    </>
  );
}

function lineText({ level, component, text, firstNs, repeats }: LogLine): string {
  const times = repeats > 1 ? ` (×${repeats})` : '';
  return `${formatInstant(firstNs)} ${level} ${component} ${text}${times}`;
}
