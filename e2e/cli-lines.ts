/** The lines that the program prints with --json. */

export interface ReadyLine {
  engine: string;
  engineVersion: string;
  peerId: string;
  listenAddresses: string[];
  enr: string | null;
  restPort: number | null;
  metricsPort: number | null;
  clusterId: number;
  pubsubTopics: string[];
  light: boolean;
  capture: string | null;
  pid: number;
}

/** Bytes are base64, 64-bit numbers decimal strings. */
export interface MessageLine {
  seq: number | null;
  dir: 'in' | 'out';
  hash: string;
  pubsubTopic: string;
  contentTopic: string;
  timestampNs: string;
  receivedNs: string;
  fromPeer: string | null;
  version: number;
  ephemeral: boolean;
  meta: string;
  payload: string;
}

export interface PublishedLine {
  hash: string;
  pubsubTopic: string;
  contentTopic: string;
  timestampNs: string;
  payloadBytes: number;
  sentToPeers: number | null;
  states: string[];
}

/** Of the command `chat`. */
export interface ChatLine extends MessageLine {
  nick: string;
  text: string;
  /** Unix time in seconds, as its writer has it. */
  writtenS: number;
}

export interface PeerLine {
  peerId: string;
  addresses: string[];
  protocols: string[];
  agent: string;
  direction: string;
  origin: string;
  shards: number[] | null;
  latencyMs: number | null;
  connectedSinceNs: string;
}

export interface ErrorLine {
  code: string;
  operation: string;
  message: string;
  hint: string;
  cause?: string;
}

/** Of the command `listen`. */
export interface SenderLine {
  run: number;
  sender: number;
  planned: number;
  received: number;
  lost: number;
  notSeen: number;
  missing: { from: number; to: number }[];
  duplicates: number;
  outOfOrder: number;
  latencyMs: { count: number; min: number; p50: number; max: number } | null;
  firstLatencyMs: number | null;
  beforeSent: number;
  lateMs: { max: number } | null;
}

/** Every kind of line that the tests read, by its `event`. */
export interface Lines {
  ready: ReadyLine;
  message: MessageLine;
  messageRefused: { code: string; fromPeer: string | null; sizeBytes: number };
  gap: { reason: string; lost: number | null; detail: string; afterSeq: number };
  missed: { count: number };
  meshChanged: { pubsubTopic: string; peerIds: string[] };
  peerJoined: PeerLine;
  peerIdentified: PeerLine;
  peerLeft: { peerId: string; reason: string | null };
  stopped: {
    received: number;
    published: number;
    duplicates: number;
    notCaptured: number;
    dropped: number;
    refused: Record<string, number>;
  };
  published: PublishedLine;
  chat: ChatLine;
  notChat: MessageLine;
  delivery: { hash: string; atNs: string; state: string; peers?: number };
  filtersChanged: {
    filters: { pubsubTopic: string; contentTopics: string[]; served: boolean; error: ErrorLine | null }[];
  };
  /** Of the command `store`. */
  stored: Omit<MessageLine, 'seq' | 'dir' | 'receivedNs' | 'fromPeer'>;
  end: { messages: number; complete: boolean };
  /** Of the command `peers`. */
  peer: PeerLine & { meshTopics: string[] };
  pong: { peerId: string; latencyMs: number };
  summary: { sent: number; answered: number; minMs: number; medianMs: number; maxMs: number };
  /** Of the command `traffic`. */
  sent: { run: number; sequence: number; sentNs: string; payloadBytes: number; failure: string | null };
  received: { run: number; sequence: number; latencyMs: number; payloadBytes: number; contentTopic: string };
  trafficSummary: {
    planned: number;
    sent: number;
    accepted: number;
    failed: Record<string, number>;
    sentToPeers: number | null;
    lateMs: { max: number } | null;
    interrupted: boolean;
  };
  sender: SenderLine;
  listenSummary: {
    senders: number;
    planned: number;
    received: number;
    lost: number;
    others: number;
    missedHere: number;
    latencyMs: { count: number; p50: number; max: number } | null;
  };
  /** Of the command `capture`. */
  converted: { messages: number; badCount?: number };
  badLine: { line: number; code: string };
  filtered: { messages: number; scanned: number; to: string };
  merged: { messages: number; duplicates: number; gaps: number; unreadable: number; to: string };
  difference: { missedBy: string; onlyIn: string; hash: string; contentTopic: string };
  diffSummary: { both: number; onlyA: number; onlyB: number; againA: number; againB: number };
  /** Of the commands `canary` and `conformance`. */
  check: { name: string; outcome: 'pass' | 'fail' | 'notApplicable'; expected: string; seen: string };
  checkSummary: { pass: number; fail: number; notApplicable: number };
  error: ErrorLine;
}

export type LineName = keyof Lines;

/** Nothing but one JSON object per line, each with its `event` first. @throws Error that quotes the line */
export function parseLines(text: string): { event: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

export function parseLine(line: string): { event: string } {
  if (!line.startsWith('{"event":"')) throw new Error(`not a line of NDJSON with its event first: ${line}`);
  return JSON.parse(line) as { event: string };
}

/** The payload of a message as bytes. */
export function payloadOf(line: Pick<MessageLine, 'payload'>): Buffer {
  return Buffer.from(line.payload, 'base64');
}

/** The payload of a message as text. */
export function textOf(line: Pick<MessageLine, 'payload'>): string {
  return payloadOf(line).toString('utf8');
}
