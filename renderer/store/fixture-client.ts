/** A client whose host is the test. */
import { WakuDeskError } from '../../core/engine/errors.ts';
import { EMPTY_BATCH, fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import type { Batch, Snapshot } from '../../core/operations/live-values.ts';
import type { Client, ClientCallOptions, ConnectionState } from '../../core/operations/client.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';
import type { Answers, OperationName, Requests } from '../../core/operations/operations.ts';

type Answer = {
  [N in OperationName]?: (
    request: Requests[N],
    options: ClientCallOptions<N>,
  ) => Promise<Answers[N]> | Answers[N];
};

export class FixtureClient implements Client {
  connection: ConnectionState = { state: 'connected' };
  readonly answers: Answer = {};
  readonly calls: [name: OperationName, request: unknown][] = [];
  #connection: (connection: ConnectionState) => void = () => undefined;
  #snapshot: (snapshot: Snapshot) => void = () => undefined;
  #batch: (batch: Batch) => void | Promise<void> = () => undefined;

  onConnection(listener: (connection: ConnectionState) => void): () => void {
    this.#connection = listener;
    return () => undefined;
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#snapshot = listener;
    return () => undefined;
  }

  onBatch(listener: (batch: Batch) => void | Promise<void>): () => void {
    this.#batch = listener;
    return () => undefined;
  }

  async call<N extends OperationName>(
    name: N,
    request: Requests[N],
    options: ClientCallOptions<N> = {},
  ): Promise<Answers[N]> {
    this.calls.push([name, request]);
    const answer: Answer[N] = this.answers[name];
    if (answer === undefined)
      throw new WakuDeskError('HOST_DISCONNECTED', 'No.', { operation: name, hint: 'Wait.' });
    return answer(request, options);
  }

  enter(connection: ConnectionState): void {
    this.connection = connection;
    this.#connection(connection);
  }

  snapshot(part: Partial<Snapshot> = {}): void {
    this.#snapshot({ ...fixtureSnapshot(), ...part });
  }

  /** Resolves when the batch is acknowledged. */
  async batch(part: Partial<Batch>): Promise<void> {
    await this.#batch({ ...EMPTY_BATCH, ...part });
  }

  resync(): void {
    this.calls.push(['session.snapshot', {}]);
  }

  retryNow(): void {
    this.enter({ state: 'connecting' });
  }

  close(): void {
    this.enter({ state: 'closed' });
  }
}

export function fixtureRow(position: number, part: Partial<MessageRow> = {}): MessageRow {
  return {
    position,
    seq: position + 1,
    captured: true,
    dir: 'in',
    pubsubTopic: '/waku/2/rs/16/32',
    contentTopic: '/a/1/b/c',
    payloadBytes: 1,
    hash: `0x${String(position)}`,
    receivedNs: 1n,
    timestampNs: 1n,
    fromPeer: null,
    ephemeral: false,
    version: 0,
    state: null,
    ...part,
  };
}

export function fixtureRows(first: number, next: number): MessageRow[] {
  return Array.from({ length: next - first }, (_, i) => fixtureRow(first + i));
}
