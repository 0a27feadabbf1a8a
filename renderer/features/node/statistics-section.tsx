/** What went through, what did not, what it costs, and what is on disk. */
import type { ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { Fact } from '../../ui/facts.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatInstant, formatMany, formatPercent, formatSize } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';

const SHOWN_GAPS = 20;

export function StatisticsSection(): ReactNode {
  const counters = useDeskState(({ live }) => live?.counters);
  const gaps = useDeskState(({ live }) => live?.gaps) ?? [];
  if (counters === undefined) return null;
  const { statistics: s, capture, resources, clients } = counters;
  const diskError = capture?.lastError ?? null;
  const refused = Object.entries(s.refused);
  return (
    <section className="panel" aria-label="Traffic and capture">
      <h3>Traffic and capture</h3>
      <dl className="facts facts-numbers">
        <Fact name="received">
          {formatMany(s.received, 'message')}, {formatSize(s.receivedBytes)}
        </Fact>
        <Fact name="published">
          {formatMany(s.published, 'message')}, {formatSize(s.publishedBytes)}
        </Fact>
        <Fact name="heard again">{formatCount(s.duplicates)}</Fact>
        <Fact name="refused">
          {refused.length === 0 ? '0' : refused.map(([code, n]) => `${formatCount(n)} ${code}`).join(', ')}
        </Fact>
        <Fact name="dropped">{formatCount(s.dropped)}</Fact>
        <Fact name="not captured">{formatCount(s.notCaptured)}</Fact>
        <Fact name="process">
          {resources === null
            ? 'not measured'
            : `${formatPercent(resources.cpuPercent)} of a core, ${formatSize(resources.rssBytes)} memory`}
        </Fact>
        <Fact name="pages">
          {formatCount(clients.connected)} connected, {formatCount(clients.dropped)} let go
        </Fact>
        {capture === null ? (
          <Fact name="capture">nothing is captured: memory only</Fact>
        ) : (
          <>
            <Fact name="captured">
              {formatMany(capture.messages, 'message')}, {formatSize(capture.bytes)} in{' '}
              {formatMany(capture.segments, 'segment')}
            </Fact>
            <Fact name="removed">{formatCount(capture.removedMessages)} to keep within the size</Fact>
            <Fact name="folder">
              <code className="mono breakable">{visibleLine(capture.folder)}</code>
            </Fact>
          </>
        )}
      </dl>
      {diskError !== null && <ErrorNotice error={diskError} />}
      {gaps.length > 0 && (
        <>
          <h4>Gaps: {formatCount(gaps.length)}</h4>
          <ul className="plain-list gaps">
            {gaps.slice(-SHOWN_GAPS).map(({ atNs, reason, lost, afterSeq, detail }) => (
              <li key={`${atNs}${afterSeq}${reason}`}>
                <span className="mono muted">{formatInstant(atNs).slice(0, 19)}</span> after number{' '}
                {formatCount(afterSeq)}: {lost === null ? 'an unknown number' : formatCount(lost)} lost (
                {reason}) <span className="muted">{visibleLine(detail)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
