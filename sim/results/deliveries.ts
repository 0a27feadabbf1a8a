/** Which message came to which node, and when: a row for each message, a place in it for each node. */
import type { RunPlan } from '../scenario/plan.ts';
import type { SendOutcome } from '../traffic/sender.ts';

/** Which nodes should get a message: those that are there when it is sent. */
export type Present = ReadonlySet<number>;

export interface SentMessage {
  sender: number;
  sequence: number;
  node: number;
  shard: number;
  payloadBytes: number;
  /** After the beginning of the traffic. */
  sentMs: number;
  /** By number; without the sender. */
  expected: Present;
  /** Whether the sender's node took it; null while nobody knows. */
  accepted: boolean | null;
}

export class Deliveries {
  readonly nodeCount: number;
  /** Messages of all senders together; rows that were never sent are empty. */
  readonly rows: (SentMessage | undefined)[];
  /** Arrived where they were expected. */
  arrived = 0;
  /** Arrived at nodes that were not there when they were sent. */
  unexpected = 0;
  /** Expected until now, of messages that were accepted or are on their way. */
  expected = 0;
  /** In ms; NaN where it did not come. */
  readonly #latencies: Float64Array;
  /** The first row of each sender. */
  readonly #firstRow: number[] = [];
  readonly #planned: number[] = [];

  constructor({ nodes, senders }: Pick<RunPlan, 'nodes' | 'senders'>) {
    this.nodeCount = nodes.length;
    let rows = 0;
    for (const { plan } of senders) {
      this.#firstRow.push(rows);
      this.#planned.push(plan.messages);
      rows += plan.messages;
    }
    this.rows = Array.from({ length: rows }, () => undefined);
    this.#latencies = new Float64Array(rows * nodes.length).fill(NaN);
  }

  /** Just before it is published. */
  sending(message: SentMessage): void {
    const row = this.#rowOf(message.sender, message.sequence);
    if (row === null || this.rows[row] !== undefined) return;
    this.rows[row] = message;
    this.expected += message.expected.size;
  }

  /** @param outcome once the sender's node has answered */
  answered(sender: number, { sequence, failure }: Pick<SendOutcome, 'sequence' | 'failure'>): void {
    const row = this.#rowOf(sender, sequence);
    const message = row === null ? undefined : this.rows[row];
    if (message === undefined || row === null) return;
    message.accepted = failure === null;
    // It may have got out all the same: what came of it then counts for nothing.
    if (failure !== null) {
      this.expected -= message.expected.size;
      for (const node of message.expected) if (!Number.isNaN(this.latencyMs(row, node))) this.arrived--;
    }
  }

  /** @returns whether it was expected there; null for what is not of this run's traffic, or came before */
  received(sender: number, sequence: number, node: number, latencyMs: number): boolean | null {
    const row = this.#rowOf(sender, sequence);
    const message = row === null ? undefined : this.rows[row];
    if (row === null || message === undefined || message.node === node) return null;
    const place = row * this.nodeCount + node;
    if (!Number.isNaN(this.#latencies[place])) return null;
    this.#latencies[place] = latencyMs;
    const isExpected = message.expected.has(node);
    if (!isExpected) this.unexpected++;
    else if (message.accepted !== false) this.arrived++;
    return isExpected;
  }

  /** NaN where it did not come. */
  latencyMs(row: number, node: number): number {
    return this.#latencies[row * this.nodeCount + node] ?? NaN;
  }

  get isComplete(): boolean {
    return this.arrived >= this.expected;
  }

  #rowOf(sender: number, sequence: number): number | null {
    const first = this.#firstRow[sender];
    return first === undefined || sequence >= (this.#planned[sender] ?? 0) ? null : first + sequence;
  }
}
