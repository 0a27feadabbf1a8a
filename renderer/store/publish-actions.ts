/** Sending messages, once or again and again. */
import type { ErrorData } from '../../core/engine/errors.ts';
import type { Draft } from '../../core/operations/message-operations.ts';
import type { Desk } from './desk.ts';
import { errorData, isCancelled } from './error-data.ts';
import { addSend, joinStates } from './sends.ts';
import type { Send } from './state.ts';

let lastId = 0;
/** Cancels of repeated sends that are under way, by id. */
const cancels = new Map<number, AbortController>();

function begin(desk: Desk, draft: Draft, many: Send['many']): number {
  const id = ++lastId;
  const send: Send = {
    id,
    startedMs: Date.now(),
    contentTopic: draft.contentTopic,
    sizeBytes: draft.payload.length,
    published: null,
    error: null,
    states: [],
    many,
  };
  desk.update('publish', ({ sends }) => ({ sends: addSend(sends, send) }));
  return id;
}

function change(desk: Desk, id: number, how: (send: Send) => Partial<Send>): void {
  desk.update('publish', ({ sends }) => ({
    sends: sends.map((send) => (send.id === id ? { ...send, ...how(send) } : send)),
  }));
}

export async function publishOnce(desk: Desk, draft: Draft): Promise<void> {
  const id = begin(desk, draft, null);
  try {
    const published = await desk.client.call('messages.publish', draft);
    const early = desk.sendStates.earlyOf(published.hash);
    change(desk, id, ({ states }) => ({ published, states: joinStates(early, states) }));
  } catch (error) {
    change(desk, id, () => ({ error: unknownOutcome(errorData(error, 'messages.publish')) }));
  }
}

/** The host may have sent it all the same. */
export function unknownOutcome(error: ErrorData): ErrorData {
  if (error.code !== 'TIMED_OUT' && error.code !== 'HOST_DISCONNECTED') return error;
  return { ...error, hint: 'It may have been sent: look in the list of messages before you send it again.' };
}

/** @param ratePerSecond null: as fast as they go */
export async function publishMany(
  desk: Desk,
  draft: Draft,
  count: number,
  ratePerSecond: number | null,
): Promise<void> {
  // Each gets a timestamp of its own.
  const message = { ...draft };
  delete message.timestampNs;
  const id = begin(desk, message, { count, progress: null, done: false });
  const abort = new AbortController();
  cancels.set(id, abort);
  const request = { message, count, ...(ratePerSecond === null ? {} : { ratePerSecond }) };
  const tell = (progress: NonNullable<Send['many']>['progress'], done: boolean): void => {
    change(desk, id, ({ many }) => ({ many: many === null ? null : { ...many, progress, done } }));
  };
  try {
    const result = await desk.client.call('messages.publishMany', request, {
      signal: abort.signal,
      onProgress: (progress) => {
        tell(progress, false);
      },
    });
    tell(result, true);
  } catch (error) {
    change(desk, id, ({ many }) => ({
      many: many === null ? null : { ...many, done: true },
      error: isCancelled(error) ? null : errorData(error, 'messages.publishMany'),
    }));
  } finally {
    cancels.delete(id);
  }
}

/** Idempotent. */
export function cancelSend(id: number): void {
  cancels.get(id)?.abort();
}

export function clearSends(desk: Desk): void {
  desk.update('publish', ({ sends }) => ({
    sends: sends.filter(({ many }) => many !== null && !many.done),
  }));
}
