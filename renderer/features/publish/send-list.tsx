/** What was sent, newest first, with its states as they come. */
import type { ReactNode } from 'react';
import { deliveryTone, deliveryWords } from '../messages/message-format.ts';
import { cancelSend, clearSends } from '../../store/publish-actions.ts';
import type { Send } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { CopyableId } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes, formatCount, formatRate, formatTime, shortenMiddle } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';

export function SendList(): ReactNode {
  const desk = useDesk();
  const sends = useDeskState(({ publish }) => publish.sends);
  return (
    <section className="sends" aria-label="Sent from here">
      <header className="section-head">
        <h2>Sent from here</h2>
        <Button
          kind="quiet"
          disabled={sends.length === 0}
          onClick={() => {
            clearSends(desk);
          }}
        >
          Clear
        </Button>
      </header>
      <div className="sends-list" tabIndex={0} role="region" aria-label="Sends">
        {sends.length === 0 && (
          <EmptyState title="Nothing sent yet" text="Each message and what becomes of it is listed here." />
        )}
        {sends.map((send) => (
          <SendItem key={send.id} send={send} />
        ))}
      </div>
    </section>
  );
}

function SendItem({ send }: { send: Send }): ReactNode {
  const { startedMs, contentTopic, sizeBytes, published, error, many } = send;
  return (
    <article className="send">
      <div className="send-head">
        <span className="mono muted">{formatTime(BigInt(startedMs) * 1_000_000n, startedMs)}</span>
        <span className="send-topic">{visibleLine(contentTopic)}</span>
        <span className="mono align-end">{formatBytes(sizeBytes)}</span>
      </div>
      {many === null && published !== null && (
        <CopyableId
          text={published.hash}
          shown={shortenMiddle(published.hash, 10, 8)}
          label="Copy the hash"
        />
      )}
      {many === null ? <States send={send} /> : <Progress id={send.id} many={many} error={error} />}
      {error !== null && <ErrorNotice error={error} />}
    </article>
  );
}

function States({ send: { published, error, states } }: { send: Send }): ReactNode {
  if (error !== null) return null;
  if (published === null) return <p className="muted">sending</p>;
  const deliveries = states.map(({ delivery }) => delivery);
  const { sentToPeers } = published;
  if (sentToPeers !== null && !deliveries.some(({ state }) => state === 'sent'))
    deliveries.push({ state: 'sent', peers: sentToPeers });
  const last = deliveries.find(({ state }) => state === 'failed') ?? deliveries.at(-1);
  if (last === undefined) return <p className="own">taken by the node</p>;
  return <p className={deliveryTone(last)}>{deliveries.map(deliveryWords).join(' → ')}</p>;
}

function Progress({
  id,
  many,
  error,
}: Pick<Send, 'id' | 'error'> & { many: NonNullable<Send['many']> }): ReactNode {
  const { count, progress, done } = many;
  const sent = progress?.sent ?? 0;
  const failed = progress?.failed ?? 0;
  // What the host sent between its last word and the cancel is not told.
  const endedEarly = done && sent + failed < count;
  const lastError = progress?.lastError ?? null;
  const rate = progress === null || progress.elapsedMs === 0 ? 0 : (sent * 1_000) / progress.elapsedMs;
  return (
    <>
      <div className="send-progress">
        <progress max={count} value={sent + failed} aria-label="Sent of all" />
        {!done && (
          <Button
            onClick={() => {
              cancelSend(id);
            }}
          >
            Cancel
          </Button>
        )}
      </div>
      <p className="number">
        {endedEarly && error === null && 'at least '}
        {formatCount(sent)} of {formatCount(count)} sent · {formatRate(rate)}
        {failed > 0 && <span className="bad"> · {formatCount(failed)} failed</span>}
        {endedEarly && <span className="muted"> · ended early</span>}
      </p>
      {lastError !== null && <ErrorNotice error={lastError} />}
    </>
  );
}
