/** The window's one store, kept up to date by one client. Components read it; actions change it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client, ConnectionState } from '../../core/operations/client.ts';
import { applyBatch, liveState } from '../../core/operations/live-state.ts';
import type { Batch, NodeStatus, Snapshot } from '../../core/operations/live-values.ts';
import { Chat } from './chat.ts';
import { FrameBatches } from './frame-batches.ts';
import { Messages } from './messages.ts';
import { SendStates } from './sends.ts';
import { initialState, type DeskState, type Toast } from './state.ts';

const TOAST_MS = 6_000;
/** One that offers an act stays long enough to be reached. */
const ACTION_TOAST_MS = 15_000;
const MAX_TOASTS = 4;

export interface Desk {
  readonly client: Client;
  readonly store: StoreApi<DeskState>;
  readonly messages: Messages;
  readonly chat: Chat;
  readonly sendStates: SendStates;
  /** Changes one part of the state. */
  update<Part extends PartName>(
    part: Part,
    change: Partial<DeskState[Part]> | ((state: DeskState[Part]) => Partial<DeskState[Part]>),
  ): void;
  toast(toast: Pick<Toast, 'tone' | 'text'> & Partial<Toast>): void;
  dismissToast(id: number): void;
}

type PartName = 'messages' | 'peers' | 'publish' | 'chat' | 'node' | 'store' | 'doctor';

/** Listens from now on: make it in the turn in which the client was made. */
export function createDesk(client: Client): Desk {
  const store = createStore<DeskState>()(() => initialState(client.connection));
  const update: Desk['update'] = (part, change) => {
    store.setState((state) => {
      const value = state[part];
      return { [part]: { ...value, ...(typeof change === 'function' ? change(value) : change) } };
    });
  };
  const messages = new Messages(client, (change) => {
    update('messages', change);
  });
  const chat = new Chat(
    client,
    () => store.getState().chat,
    (change) => {
      update('chat', change);
    },
  );
  const sendStates = new SendStates();
  const frames = new FrameBatches((batches) => {
    takeBatches(store, { messages, chat, sendStates }, batches);
  });
  client.onConnection((connection) => {
    store.setState(({ lostReason }) => ({ connection, lostReason: reasonOf(connection, lostReason) }));
  });
  client.onSnapshot((snapshot) => {
    frames.drop();
    takeSnapshot(store, { messages, chat }, snapshot);
  });
  client.onBatch((batch) => frames.add(batch));

  let lastToast = 0;
  const dismissToast = (id: number): void => {
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  };
  return {
    client,
    store,
    messages,
    chat,
    sendStates,
    update,
    dismissToast,
    toast(toast) {
      const id = ++lastToast;
      const whole: Toast = { action: null, ...toast, id };
      store.setState(({ toasts }) => ({ toasts: [...toasts, whole].slice(-MAX_TOASTS) }));
      setTimeout(
        () => {
          dismissToast(id);
        },
        whole.action === null ? TOAST_MS : ACTION_TOAST_MS,
      );
    },
  };
}

function takeSnapshot(
  store: StoreApi<DeskState>,
  { messages, chat }: Pick<Desk, 'messages' | 'chat'>,
  snapshot: Snapshot,
): void {
  const isSameSession = store.getState().live?.sessionId === snapshot.sessionId;
  messages.takeSnapshot(snapshot, isSameSession);
  store.setState({ live: liveState(snapshot), restartAtMs: restartAt(snapshot.node) });
  chat.takeSnapshot(isSameSession);
}

/** All batches of a frame change the state once, so that the page is drawn once. */
function takeBatches(
  store: StoreApi<DeskState>,
  { messages, chat, sendStates }: Pick<Desk, 'messages' | 'chat' | 'sendStates'>,
  batches: readonly Batch[],
): void {
  const state = store.getState();
  if (state.live === null) return;
  let { live, restartAtMs } = state;
  let { sends } = state.publish;
  for (const batch of batches) {
    live = applyBatch(live, batch);
    sends = sendStates.take(sends, batch);
    if (batch.node !== null) restartAtMs = restartAt(batch.node);
  }
  const publish = sends === state.publish.sends ? state.publish : { ...state.publish, sends };
  store.setState({ live, restartAtMs, publish });
  messages.takeBatches(batches);
  chat.takeBatches(batches);
}

function restartAt({ restart }: NodeStatus): number | null {
  return restart === null ? null : Date.now() + restart.inMs;
}

/** While the page tries again, the reason still stands. */
function reasonOf(connection: ConnectionState, before: string | null): string | null {
  if (connection.state === 'connecting') return before;
  return connection.state === 'lost' || connection.state === 'refused' ? connection.reason : null;
}
