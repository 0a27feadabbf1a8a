/** What windows are told of the node and of the capture. */
import type { Capture } from '../../core/capture/capture.ts';
import type { Counters, NodeStatus } from '../../core/operations/live-values.ts';
import type { CrashBook } from './crash-book.ts';
import type { NodeRunner } from './node-runner.ts';

export function captureStatus(capture: Capture | null): Counters['capture'] {
  if (capture === null) return null;
  const { id, messages, bytes, segments, removedMessages, gaps, lastError } = capture.stats();
  return { folder: capture.dir, id, messages, bytes, segments, removedMessages, gaps, lastError };
}

export function nodeStatus({ session, restart, gaveUp }: NodeRunner, crashes: CrashBook): NodeStatus {
  const { state, error, identity, topics, filters } = session.snapshot();
  // The session tells a failure behind what it stores before it: until then the node runs, and waits for nothing.
  const waiting =
    restart === null || state !== 'failed'
      ? null
      : { attempt: restart.attempt, inMs: Math.max(0, restart.atMs - Date.now()) };
  return {
    state,
    error: gaveUp ?? error,
    restart: waiting,
    crashes: [...crashes.summaries],
    identity,
    topics,
    filters,
  };
}
