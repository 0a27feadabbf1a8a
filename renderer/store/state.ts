/** Everything the window knows and shows, but for the rows themselves (row-store.ts). */
import type { DeliveryState } from '../../core/capture/records.ts';
import type { ErrorData } from '../../core/engine/errors.ts';
import type { FilterProblem } from '../../core/filter/filter.ts';
import type { ConnectionState } from '../../core/operations/client.ts';
import type { DoctorReport } from '../../core/operations/doctor-values.ts';
import type { LiveState } from '../../core/operations/live-state.ts';
import type { Answers, Progress, Requests } from '../../core/operations/operations.ts';
import type { StoreRow } from '../../core/operations/service-operations.ts';
import { DEFAULT_CHAT_TOPIC } from '../../core/waku/chat.ts';
import type { HashText } from '../../core/waku/hash.ts';
import type { SearchState } from './filter-run.ts';

export const VIEWS = ['messages', 'peers', 'publish', 'chat', 'node', 'store', 'doctor'] as const;
export type ViewName = (typeof VIEWS)[number];
export type Theme = 'system' | 'dark' | 'light';
export type DetailsTab = 'fields' | 'text' | 'json' | 'hex';
export type NodeTab = 'overview' | 'log' | 'settings';

export interface MessagesState {
  /** Raised once per frame when rows or the list changed. */
  version: number;
  /** The filter as it stands in the bar. */
  text: string;
  problem: FilterProblem | null;
  /** The last good filter, in force; empty for none. */
  applied: string;
  /** Its meaning. */
  words: string;
  /** null without a filter. */
  search: SearchState | null;
  paused: boolean;
  /** A position. */
  selected: number | null;
  tab: DetailsTab;
}

export type PingState =
  { state: 'waiting' } | { state: 'answered'; latencyMs: number } | { state: 'failed'; error: ErrorData };

export interface PeersState {
  address: string;
  connecting: boolean;
  error: ErrorData | null;
  selected: string | null;
  /** The last ping of each peer, by id. */
  pings: Readonly<Record<string, PingState>>;
}

/** The form of the publish view, as typed. */
export interface PublishForm {
  route: 'shard' | 'auto' | 'topic';
  /** A subscribed pubsub topic; empty: the first. */
  shardTopic: string;
  pubsubTopic: string;
  contentTopic: string;
  encoding: 'text' | 'hex' | 'base64' | 'file';
  payload: string;
  file: { name: string; bytes: Uint8Array<ArrayBuffer> } | null;
  clock: 'now' | 'fixed';
  timestampNs: string;
  version: string;
  metaEncoding: 'text' | 'hex';
  meta: string;
  ephemeral: boolean;
  repeats: boolean;
  count: string;
  rate: string;
}

export interface SendState {
  atNs: bigint;
  delivery: DeliveryState;
}

/** What became of one press of the send button. */
export interface Send {
  id: number;
  startedMs: number;
  contentTopic: string;
  sizeBytes: number;
  /** null while the host works on it, and for repeated ones. */
  published: Answers['messages.publish'] | null;
  error: ErrorData | null;
  states: readonly SendState[];
  /** null for a single message. */
  many: { count: number; progress: Progress['messages.publishMany'] | null; done: boolean } | null;
}

export interface PublishState {
  form: PublishForm;
  /** Newest first. */
  sends: readonly Send[];
}

export interface ChatRoom {
  contentTopic: string;
  /** Chosen by the user; null: the shard of the content topic, or the node's first one. */
  pubsubTopic: string | null;
}

/** A line that was sent from here, until its record is on the page; one that failed stays. */
export interface OutgoingLine {
  id: number;
  contentTopic: string;
  text: string;
  startedMs: number;
  hash: HashText;
  /** null while the host works on it, and when it took it. */
  error: ErrorData | null;
}

export interface ChatState {
  /** Raised once per frame when what is held of the room changed. */
  version: number;
  /** As typed. */
  nick: string;
  rooms: readonly ChatRoom[];
  /** Content topic of the room that is shown. */
  open: string;
  /** Messages of others that nobody looked at, by content topic. */
  unread: Readonly<Record<string, number>>;
  /** What is typed and not sent, by content topic. */
  typed: Readonly<Record<string, string>>;
  outgoing: readonly OutgoingLine[];
  /** Messages of the room are on their way. */
  loading: boolean;
  error: ErrorData | null;
}

export type NodeAction = 'start' | 'stop' | 'restart' | 'settings' | 'demo' | 'relaunch';

export interface NodeState {
  tab: NodeTab;
  /** What is under way. */
  busy: NodeAction | null;
  error: ErrorData | null;
  /** Pubsub topics that are being switched. */
  switching: readonly string[];
  topicError: ErrorData | null;
  /** Settings that were changed and not yet applied, as typed, by name; `engine` is its kind. */
  edits: Readonly<Record<string, string>>;
}

/** The form of the store view, as typed. */
export interface StoreForm {
  peer: string;
  pubsubTopic: string;
  contentTopics: string;
  from: string;
  to: string;
}

export interface StoreState {
  /** null: as the node suggests, until something is typed. */
  form: StoreForm | null;
  /** What the rows answer; null before the first query. */
  asked: Requests['store.query'] | null;
  rows: readonly StoreRow[];
  /** Of the next page; null where there is none. */
  cursor: string | null;
  busy: boolean;
  error: ErrorData | null;
  /** Index of a row. */
  selected: number | null;
}

export interface DoctorState {
  /** null before the first one. */
  report: DoctorReport | null;
  busy: boolean;
  error: ErrorData | null;
}

export interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  action: { label: string; run: () => void } | null;
}

export interface DeskState {
  view: ViewName;
  theme: Theme;
  overlay: 'palette' | 'shortcuts' | null;
  connection: ConnectionState;
  /** Why the connection broke or was refused, until it is made again. */
  lostReason: string | null;
  /** null before the first snapshot. */
  live: LiveState | null;
  /** When the host starts the failed node again, as this machine's Unix ms. */
  restartAtMs: number | null;
  messages: MessagesState;
  peers: PeersState;
  publish: PublishState;
  chat: ChatState;
  node: NodeState;
  store: StoreState;
  doctor: DoctorState;
  toasts: readonly Toast[];
}

export const DEFAULT_ROOM: ChatRoom = { contentTopic: DEFAULT_CHAT_TOPIC, pubsubTopic: null };

export const EMPTY_FORM: PublishForm = {
  route: 'shard',
  shardTopic: '',
  pubsubTopic: '',
  contentTopic: '/waku-desk/1/note/plain',
  encoding: 'text',
  payload: '',
  file: null,
  clock: 'now',
  timestampNs: '',
  version: '0',
  metaEncoding: 'text',
  meta: '',
  ephemeral: false,
  repeats: false,
  count: '100',
  rate: '10',
};

export function initialState(connection: ConnectionState): DeskState {
  return {
    view: 'messages',
    theme: 'system',
    overlay: null,
    connection,
    lostReason: null,
    live: null,
    restartAtMs: null,
    messages: {
      version: 0,
      text: '',
      problem: null,
      applied: '',
      words: 'every message',
      search: null,
      paused: false,
      selected: null,
      tab: 'fields',
    },
    peers: { address: '', connecting: false, error: null, selected: null, pings: {} },
    publish: { form: EMPTY_FORM, sends: [] },
    chat: {
      version: 0,
      nick: '',
      rooms: [DEFAULT_ROOM],
      open: DEFAULT_ROOM.contentTopic,
      unread: {},
      typed: {},
      outgoing: [],
      loading: false,
      error: null,
    },
    node: { tab: 'overview', busy: null, error: null, switching: [], topicError: null, edits: {} },
    store: { form: null, asked: null, rows: [], cursor: null, busy: false, error: null, selected: null },
    doctor: { report: null, busy: false, error: null },
    toasts: [],
  };
}
