/** Two nodes in two processes, connected over loopback, in any pairing. */
import type { Context, Stoppable } from './figure.ts';
import { checkComplete, durationMs, PAYLOAD_BYTES, type Receipt, type Sending } from './load.ts';
import { OurNode } from './our-node.ts';
import { PeerNode } from './peer-node.ts';

export type Kind = 'ours' | 'cmd/waku';

/** One end of a link. */
export interface BenchNode extends Stoppable {
  readonly multiaddr: string;
  connect(multiaddr: string): Promise<void>;
  /** @returns monotonic ns just before the first message */
  send(sending: Sending): Promise<bigint>;
  /** Counts the messages of this run from now on. */
  expect(sending: Sending): Promise<void>;
  /** What has come of it, once all of it has or the time is over. */
  received(timeoutMs: number): Promise<Receipt>;
}

export interface LinkOptions {
  /** Publish calls under way at a time, where the sender can have more than one. */
  inFlight: number;
  payloadBytes: number;
}

/** A run that is complete. */
export interface Delivery {
  /** From just before the first message is published to the last one received. */
  messagesPerSecond: number;
  /** Of each message, from just before it is published to received. */
  latenciesMs: Float64Array;
}

/** Enough to keep cmd/waku busy: it answers a REST call only when the message is published. */
export const MAX_IN_FLIGHT = 16;
const RECEIVE_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 500;
const MAX_PROBES = 40;

export class Link {
  readonly #sender: BenchNode;
  readonly #receiver: BenchNode;
  readonly #options: LinkOptions;
  #runs = 0;

  private constructor(sender: BenchNode, receiver: BenchNode, options: LinkOptions) {
    this.#sender = sender;
    this.#receiver = receiver;
    this.#options = options;
  }

  /**
   * Starts two nodes and connects them.
   * @param inFlight publish calls under way at a time when cmd/waku sends
   */
  static async open(context: Context, from: Kind, to: Kind, inFlight = MAX_IN_FLIGHT): Promise<Link> {
    const [receiver, sender] = [await startNode(context, to), await startNode(context, from)];
    return Link.between(sender, receiver, { inFlight, payloadBytes: PAYLOAD_BYTES });
  }

  /** Connects two nodes. Resolves when messages come through. */
  static async between(sender: BenchNode, receiver: BenchNode, options: LinkOptions): Promise<Link> {
    await sender.connect(receiver.multiaddr);
    const link = new Link(sender, receiver, options);
    await link.#probe();
    return link;
  }

  /**
   * Sends so many messages and waits for the last.
   * @param rate messages per second; null: as fast as the sender takes them
   * @throws LossError when one is lost or comes twice
   */
  async deliver(count: number, rate: number | null): Promise<Delivery> {
    const sending = { run: ++this.#runs, count, rate, ...this.#options };
    await this.#receiver.expect(sending);
    const startNs = await this.#sender.send(sending);
    const receipt = await this.#receiver.received(RECEIVE_TIMEOUT_MS);
    checkComplete(receipt, count);
    return {
      messagesPerSecond: (count / durationMs(startNs, receipt.lastNs)) * 1_000,
      latenciesMs: receipt.latenciesMs,
    };
  }

  async close(): Promise<void> {
    await this.#sender.stop();
    await this.#receiver.stop();
  }

  /** A mesh on one side only is no way yet. */
  async #probe(): Promise<void> {
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const sending = { run: ++this.#runs, count: 1, rate: null, ...this.#options };
      await this.#receiver.expect(sending);
      await this.#sender.send(sending);
      if ((await this.#receiver.received(PROBE_TIMEOUT_MS)).received === 1) return;
    }
    throw new Error('no message came through between the two nodes');
  }
}

async function startNode(context: Context, kind: Kind): Promise<BenchNode> {
  if (kind === 'ours') return context.use(await OurNode.start());
  if ('missing' in context.peer) throw new Error(context.peer.missing);
  return context.use(await PeerNode.start(context.peer.path));
}
