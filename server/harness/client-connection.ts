/** One client at the host: its calls, and its stream. */
import { asWakuDeskError, WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { parseFilterOrThrow } from '../../core/filter/filter.ts';
import { checkRequest, describeIssues } from '../../core/operations/check.ts';
import {
  isOperationName,
  type Answers,
  type HandlerContext,
  type Handlers,
  type OperationName,
} from '../../core/operations/operations.ts';
import { clientMessageSchema, type ClientMessage, type HostMessage } from '../../core/operations/protocol.ts';
import type { Harness } from './harness.ts';
import type { OutgoingStream } from './outgoing-stream.ts';

/** What a handler may ask of the client that called. */
export interface ClientContext {
  /** Begins this client's stream anew, in this turn; its batches follow on the answer. */
  readonly beginStream: () => OutgoingStream;
  /** From the next message on; an empty expression ends it. @throws WakuDeskError FILTER_INVALID */
  readonly watch: (filter: string, nowMs: number) => void;
}

export type HarnessHandlers = Handlers<ClientContext>;

export interface ClientLink {
  /** Never throws. */
  send(message: HostMessage): void;
}

/** Calls of one client at a time. */
const MAX_CALLS = 64;

export class ClientConnection {
  readonly #harness: Harness;
  readonly #handlers: HarnessHandlers;
  readonly #link: ClientLink;
  readonly #running = new Map<number, AbortController>();
  readonly #stopListening: () => void;
  #stream: OutgoingStream | null = null;
  #feed: Harness['feed'] | null = null;
  #ended = false;

  constructor(harness: Harness, handlers: HarnessHandlers, link: ClientLink) {
    this.#harness = harness;
    this.#handlers = handlers;
    this.#link = link;
    this.#stopListening = harness.onNewRun(() => {
      this.#endStream();
      link.send({ kind: 'stale' });
    });
    harness.clients.connected++;
  }

  /** Unix ms since which the client owes an acknowledgement; null when it owes none. */
  get owesSinceMs(): number | null {
    return this.#stream?.owesSinceMs ?? null;
  }

  /** @throws WakuDeskError BAD_USE: not a message of the protocol, so that nobody can be answered */
  receive(value: unknown): void {
    const { success, data: message, error } = clientMessageSchema.safeParse(value);
    if (!success)
      throw new WakuDeskError('BAD_USE', `This is no message of the protocol: ${describeIssues(error)}.`, {
        operation: 'operations.receive',
        hint: 'Send calls, cancels and acknowledgements only.',
      });
    switch (message.kind) {
      case 'call':
        void this.#run(message);
        break;
      case 'cancel':
        this.#running.get(message.id)?.abort();
        break;
      case 'ack':
        if (message.stream === this.#stream?.id) this.#stream.acknowledge(message.number);
    }
  }

  /** The client is gone. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#harness.clients.connected--;
    this.#stopListening();
    this.#endStream();
    for (const controller of this.#running.values()) controller.abort();
  }

  /** Never rejects: every failure is an answer. */
  async #run({ id, name, request }: Extract<ClientMessage, { kind: 'call' }>): Promise<void> {
    const controller = new AbortController();
    try {
      if (this.#running.has(id)) throw badCall('The id of a call that still runs was used again.');
      if (this.#running.size >= MAX_CALLS) throw badCall(`More than ${MAX_CALLS} calls run at once.`);
      if (!isOperationName(name)) throw badCall(`There is no operation ${JSON.stringify(name)}.`);
      this.#running.set(id, controller);
      let begun: OutgoingStream | null = null;
      const value = await this.#call(id, name, request, controller.signal, () => {
        begun = this.#beginStream();
        return begun;
      });
      this.#link.send({ kind: 'answered', id, value });
      openStream(begun);
    } catch (error) {
      this.#link.send({ kind: 'failed', id, error: failureData(error, name) });
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  async #call<N extends OperationName>(
    id: number,
    name: N,
    request: unknown,
    signal: AbortSignal,
    beginStream: ClientContext['beginStream'],
  ): Promise<Answers[N]> {
    const context: HandlerContext<N> & ClientContext = {
      signal,
      progress: (value) => {
        if (!signal.aborted) this.#link.send({ kind: 'progress', id, value });
      },
      beginStream,
      watch: (filter, nowMs) => {
        this.#stream?.watch(filter === '' ? null : parseFilterOrThrow(filter, nowMs));
      },
    };
    return this.#handlers[name](checkRequest(name, request), context);
  }

  #beginStream(): OutgoingStream {
    this.#endStream();
    this.#feed = this.#harness.feed;
    this.#stream = this.#feed.attach((batch) => {
      this.#link.send({ kind: 'batch', batch });
    });
    return this.#stream;
  }

  #endStream(): void {
    if (this.#stream !== null) this.#feed?.detach(this.#stream);
    this.#stream = null;
    this.#feed = null;
  }
}

function openStream(stream: OutgoingStream | null): void {
  stream?.open();
}

function badCall(message: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', message, {
    operation: 'operations.call',
    hint: 'Page and host must be of the same version: reload the page.',
  });
}

function failureData(error: unknown, operation: string): ErrorData {
  return asWakuDeskError(error, {
    code: 'ENGINE_FAILED',
    operation: isOperationName(operation) ? operation : 'operations.call',
    hint: 'Look at the log, and report it if it comes again.',
  }).toData();
}
