/** One node with its session and what is remembered of it; new settings make a new one. */
import { randomUUID } from 'node:crypto';
import type { Capture } from '../../core/capture/capture.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { ProcessFailure } from '../../core/engine/crash-report.ts';
import { describeCause } from '../../core/engine/errors.ts';
import type { HostedEngine } from '../../core/engine/hosting.ts';
import type { EngineHost } from '../../core/engine/profiles.ts';
import type { Counters } from '../../core/operations/live-values.ts';
import type { CrashBook } from './crash-book.ts';
import type { EndWatch } from './end-watch.ts';
import { History } from './history.ts';
import { LiveFeed } from './live-feed.ts';
import { NodeRunner } from './node-runner.ts';
import { captureStatus, nodeStatus } from './status.ts';
import type { StreamBounds } from './stream-parts.ts';

export interface Run {
  id: string;
  config: NodeConfig;
  engineHost: EngineHost | null;
  node: NodeRunner;
  history: History;
  feed: LiveFeed;
}

export interface RunParts {
  config: NodeConfig;
  engineHost: EngineHost | null;
  version: string;
  capture: Capture | null;
  /** Of the harness: they outlast a run. */
  clients: Counters['clients'];
  crashes: CrashBook;
  endWatch: EndWatch | null;
  maxSummaries: number | undefined;
  streamBounds: Partial<StreamBounds> | undefined;
  /** Hears that the engine's process ended. @param count of failures in a row */
  crashed: (failure: ProcessFailure, count: number, node: NodeRunner, feed: LiveFeed) => void;
}

/** Nothing of it is started. */
export function makeRun(engine: HostedEngine, parts: RunParts): Run {
  const { config, engineHost, version, capture, crashes, endWatch } = parts;
  const node = new NodeRunner({
    engine,
    config,
    capture,
    maxSummaries: parts.maxSummaries,
    changed: () => {
      feed.touch();
    },
    note: (level, text) => {
      feed.note(level, text);
    },
    crashed: (failure, count) => {
      parts.crashed(failure, count, node, feed);
    },
  });
  engine.onEvent((event) => {
    if (event.type !== 'stateChanged') return;
    try {
      endWatch?.noteState(event.state, node, version, engineHost);
    } catch (error) {
      feed.note('warn', `A crash of the program would not be noticed: ${describeCause(error)}`);
    }
  });
  const { session } = node;
  const history = new History(session.summaries, capture);
  const feed: LiveFeed = new LiveFeed(
    {
      node: () => nodeStatus(node, crashes),
      peers: () => session.snapshot().peers,
      counters: () => ({
        statistics: session.snapshot().statistics,
        capture: captureStatus(capture),
        resources: engine.resources ?? null,
        firstPosition: history.first,
        nextPosition: history.next,
        clients: { ...parts.clients },
      }),
    },
    capture?.gaps() ?? [],
    parts.streamBounds,
  );
  session.attach((batch) => {
    history.add(batch.messages, batch.states);
    feed.session(batch);
  });
  return { id: randomUUID(), config, engineHost, node, history, feed };
}
