/** Fixtures, for tests: values of the live stream of a host with nothing in it. */
import { settingsSchema, type Batch, type Snapshot } from './live-values.ts';

export const EMPTY_BATCH: Batch = {
  stream: 1,
  number: 1,
  rows: [],
  matching: null,
  states: [],
  gaps: [],
  node: null,
  peers: null,
  log: [],
  counters: null,
  missed: 0,
};

export function fixtureCounters(firstPosition: number, nextPosition: number): Snapshot['counters'] {
  return {
    statistics: {
      received: 0,
      receivedBytes: 0,
      published: 0,
      publishedBytes: 0,
      duplicates: 0,
      refused: {},
      notCaptured: 0,
      dropped: 0,
      messagesPerSecond: 0,
    },
    capture: null,
    resources: null,
    firstPosition,
    nextPosition,
    clients: { connected: 1, dropped: 0 },
  };
}

export function fixtureSnapshot(): Snapshot {
  const yes = { supported: true } as const;
  return {
    stream: 1,
    sessionId: 'one',
    version: '0.0.0',
    profile: 'harness',
    host: 'browser',
    engineHost: null,
    previousEnd: null,
    engine: {
      kind: 'js',
      version: '1',
      capabilities: {
        relay: yes,
        lightClient: yes,
        storeQuery: yes,
        rln: yes,
        metrics: yes,
        discovery: { mdns: yes, discv5: yes, dns: yes, peerExchange: yes },
        dialUnnamed: yes,
        restartInProcess: yes,
        messageOrigin: yes,
        sendCount: yes,
      },
    },
    settings: settingsSchema.parse({}),
    meshTarget: 6,
    node: {
      state: 'running',
      error: null,
      restart: null,
      crashes: [],
      identity: null,
      topics: [],
      filters: [],
    },
    peers: [],
    counters: fixtureCounters(0, 0),
    rows: [],
    gaps: [],
    log: [],
  };
}
