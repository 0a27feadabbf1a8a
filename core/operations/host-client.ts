/** The client: one channel at a time, made again when it breaks; a stream that takes a new snapshot when it must. */
import { WakuDeskError } from '../engine/errors.ts';
import { EventHub } from '../engine/event-hub.ts';
import type { Channel, ChannelEnd, OpenChannel } from './channel.ts';
import { checkRequest } from './check.ts';
import { ClientCalls, failure } from './client-calls.ts';
import { ClientStream } from './client-stream.ts';
import type { Client, ClientCallOptions, ConnectionState } from './client.ts';
import type { Answers, OperationName, Requests } from './operations.ts';
import { hostMessageSchema, type ClientMessage } from './protocol.ts';

export interface ClientOptions {
  /** Waiting before the first try after a connection was lost; doubled up to `maxRetryMs`. */
  firstRetryMs?: number;
  maxRetryMs?: number;
  /** Between two questions whether the host is still there, and how long one waits for its answer. */
  beatMs?: number;
  silentMs?: number;
}

/** Connects in the next turn. */
export function createClient(open: OpenChannel, options: ClientOptions = {}): Client {
  const client = new HostClient(open, options);
  queueMicrotask(() => {
    client.retryNow();
  });
  return client;
}

class HostClient implements Client {
  readonly #open: OpenChannel;
  readonly #firstRetryMs: number;
  readonly #maxRetryMs: number;
  readonly #beatMs: number;
  readonly #silentMs: number;
  #beat: ReturnType<typeof setInterval> | undefined;
  #asking = false;
  readonly #connections = new EventHub<ConnectionState>();
  readonly #calls: ClientCalls;
  readonly #stream: ClientStream;
  #connection: ConnectionState = { state: 'connecting' };
  #channel: Channel | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Tries since the last snapshot. */
  #attempts = 0;

  constructor(
    open: OpenChannel,
    { firstRetryMs = 500, maxRetryMs = 10_000, beatMs = 5_000, silentMs = 10_000 }: ClientOptions,
  ) {
    this.#open = open;
    this.#beatMs = beatMs;
    this.#silentMs = silentMs;
    this.#firstRetryMs = firstRetryMs;
    this.#maxRetryMs = maxRetryMs;
    const send = (message: ClientMessage): void => {
      if (this.#connection.state === 'connected') this.#channel?.send(message);
    };
    this.#calls = new ClientCalls(send);
    this.#stream = new ClientStream({
      takeSnapshot: () => this.#calls.call('session.snapshot', {}),
      acknowledge: (stream, number) => {
        send({ kind: 'ack', stream, number });
      },
      taken: () => {
        this.#attempts = 0;
      },
      failed: (reason) => {
        this.#channel?.close();
        this.#lost({ reason, refused: false });
      },
    });
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  onConnection(listener: (connection: ConnectionState) => void): () => void {
    return this.#connections.add(listener);
  }

  onSnapshot: Client['onSnapshot'] = (listener) => this.#stream.onSnapshot(listener);
  onBatch: Client['onBatch'] = (listener) => this.#stream.onBatch(listener);

  async call<N extends OperationName>(
    name: N,
    request: Requests[N],
    options?: ClientCallOptions<N>,
  ): Promise<Answers[N]> {
    const checked = checkRequest(name, request);
    if (this.#connection.state !== 'connected') throw failure('HOST_DISCONNECTED', name);
    return this.#calls.call(name, checked, options);
  }

  resync(): void {
    if (this.#connection.state === 'connected') this.#stream.begin();
  }

  retryNow(): void {
    if (this.#channel !== null || this.#connection.state === 'closed') return;
    clearTimeout(this.#retry);
    this.#enter({ state: 'connecting' });
    const channel = this.#open({
      opened: () => {
        if (this.#channel !== channel) return;
        this.#enter({ state: 'connected' });
        this.#beat = setInterval(() => void this.#ask(), this.#beatMs);
        this.#stream.begin();
      },
      received: (message) => {
        if (this.#channel === channel) this.#receive(message);
      },
      closed: (end) => {
        if (this.#channel === channel) this.#lost(end);
      },
    });
    this.#channel = channel;
  }

  close(): void {
    clearTimeout(this.#retry);
    const channel = this.#channel;
    this.#end();
    channel?.close();
    if (this.#connection.state !== 'closed') this.#enter({ state: 'closed' });
  }

  #receive(value: unknown): void {
    const { success, data: message } = hostMessageSchema.safeParse(value);
    if (!success) return;
    switch (message.kind) {
      case 'answered':
        this.#calls.answered(message.id, message.value);
        break;
      case 'failed':
        this.#calls.failed(message.id, message.error);
        break;
      case 'progress':
        this.#calls.progress(message.id, message.value);
        break;
      case 'batch':
        this.#stream.receive(message.batch);
        break;
      case 'stale':
        this.#stream.begin();
    }
  }

  #lost({ reason, refused }: ChannelEnd): void {
    this.#end();
    const attempt = ++this.#attempts;
    const waitMs = Math.min(this.#firstRetryMs * 2 ** (attempt - 1), this.#maxRetryMs);
    this.#retry = setTimeout(() => {
      this.retryNow();
    }, waitMs);
    const state = refused ? 'refused' : 'lost';
    this.#enter({ state, reason, attempt, nextTryAtMs: Date.now() + waitMs });
  }

  /** A host that stands still keeps its connections: only an answer tells that it lives. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const channel = this.#channel;
    try {
      await this.#calls.call('node.settings', {}, { timeoutMs: this.#silentMs });
    } catch (error) {
      const isSilent = error instanceof WakuDeskError && error.code === 'TIMED_OUT';
      if (!isSilent || channel === null || this.#channel !== channel) return;
      channel.close();
      this.#lost({ reason: 'Waku Desk does not answer: it is paused, or very busy.', refused: false });
    } finally {
      this.#asking = false;
    }
  }

  #end(): void {
    clearInterval(this.#beat);
    this.#channel = null;
    this.#stream.end();
    this.#calls.end();
  }

  #enter(connection: ConnectionState): void {
    this.#connection = connection;
    this.#connections.emit(connection);
  }
}
