/** Senders at their nodes, and what of it comes to the others. */
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { SessionBatch } from '../../core/session/types.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import type { SimNode } from '../nodes/sim-node.ts';
import { Deliveries, type Present } from '../results/deliveries.ts';
import type { LineFile } from '../results/line-file.ts';
import type { PlannedSender, RunPlan } from '../scenario/plan.ts';
import { Samples } from '../traffic/distribution.ts';
import { decodeTraffic } from '../traffic/payload.ts';
import { sendTraffic, type SenderReport } from '../traffic/sender.ts';

const COLUMNS = [
  'sender',
  'sequence',
  'receiver',
  'sentNs',
  'receivedNs',
  'latencyMs',
  'payloadBytes',
  'shard',
  'from',
  'expected',
] as const;
export const DELIVERIES_CSV_HEAD = COLUMNS.join(',');

/** A node that stands still answers nobody. */
const PUBLISH_MS = 15_000;
const MOST_SAMPLES = 1_048_576;

export interface TrafficOptions {
  plan: RunPlan;
  nodes: readonly SimNode[];
  /** In the payload of every message. */
  run: number;
  ndjson: LineFile;
  csv: LineFile;
  /** Called after deliveries, at most once for each batch. */
  changed: () => void;
}

export class Traffic {
  readonly deliveries: Deliveries;
  readonly reports: SenderReport[] = [];
  /** How late senders were against their plans. */
  readonly lateMs = new Samples(MOST_SAMPLES);
  readonly #options: TrafficOptions;
  readonly #names: ReadonlyMap<string, string>;
  /** Nodes that are there, by shard; made anew when one comes or goes. */
  #present = new Map<number, Set<number>>();
  #startMs = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.deliveries = new Deliveries(options.plan);
    const { nodes } = options;
    this.#names = new Map(nodes.map((node) => [node.identity?.peerId ?? '', node.name]));
    for (const node of nodes)
      node.onEvent((event) => {
        if (event.type === 'state') this.#present.clear();
        else this.#heard(node, event.batch);
      });
  }

  /** Resolves when every sender is done, or the signal has fired. */
  async send(startMs: number, signal: AbortSignal): Promise<void> {
    this.#startMs = startMs;
    await Promise.all(this.#options.plan.senders.map((sender) => this.#sendOne(sender, signal)));
  }

  async #sendOne(sender: PlannedSender, signal: AbortSignal): Promise<void> {
    await delay(sender.startMs - (performance.now() - this.#startMs), signal);
    const node = this.#options.nodes[sender.node];
    if (node === undefined) return;
    const report = await sendTraffic({
      plan: sender.plan,
      run: this.#options.run,
      sender: sender.id,
      publish: async ({ payload, shard, contentTopic }) => {
        this.deliveries.sending({
          sender: sender.id,
          sequence: decodeTraffic(payload)?.sequence ?? 0,
          node: sender.node,
          shard,
          payloadBytes: payload.length,
          sentMs: performance.now() - this.#startMs,
          expected: this.#expected(shard, sender.node),
          accepted: null,
        });
        if (node.state !== 'up')
          throw new WakuDeskError('NOT_RUNNING', `${node.name} is not there.`, {
            operation: 'sim.send',
            hint: 'A fault has taken it away.',
          });
        return withDeadline('sim.send', { timeoutMs: PUBLISH_MS, signal }, (limit) =>
          node.session.publish({ payload, contentTopic, pubsubTopic: node.topic(shard) }, { signal: limit }),
        );
      },
      onOutcome: (outcome) => {
        this.deliveries.answered(sender.id, outcome);
        if (sender.plan.rate !== 'max') this.lateMs.add(outcome.lateMs);
        this.#options.changed();
      },
      signal,
    });
    this.reports.push(report);
  }

  /** Who relays the shard and is meant to be there: also who is paused, and who broke. */
  #expected(shard: number, sender: number): Present {
    let present = this.#present.get(shard);
    if (present === undefined) {
      const there = this.#options.nodes.filter(
        ({ state, planned }) => state !== 'down' && planned.shards.includes(shard),
      );
      this.#present.set(shard, (present = new Set(there.map(({ planned }) => planned.index))));
    }
    if (!present.has(sender)) return present;
    const others = new Set(present);
    others.delete(sender);
    return others;
  }

  #heard(node: SimNode, { messages }: SessionBatch): void {
    let isNew = false;
    for (const { dir, pubsubTopic, message, receivedNs, fromPeer } of messages) {
      if (dir === 'out') continue;
      const header = decodeTraffic(message.payload);
      if (header?.run !== this.#options.run) continue;
      const { sender, sequence, sentNs } = header;
      const latencyMs = Number(receivedNs - sentNs) / 1e6;
      const expected = this.deliveries.received(sender, sequence, node.planned.index, latencyMs);
      if (expected === null) continue;
      isNew = true;
      const row = this.#options.plan.senders[sender];
      const line = {
        sender: row === undefined ? '' : this.#options.plan.nodes[row.node]?.name,
        sequence,
        receiver: node.name,
        sentNs: String(sentNs),
        receivedNs: String(receivedNs),
        latencyMs,
        payloadBytes: message.payload.length,
        shard: parsePubsubTopic(pubsubTopic)?.shard ?? null,
        from: fromPeer === null ? null : (this.#names.get(fromPeer) ?? fromPeer),
        expected,
      };
      this.#options.ndjson.write(JSON.stringify(line));
      this.#options.csv.write(COLUMNS.map((column) => line[column] ?? '').join(','));
    }
    if (isNew) this.#options.changed();
  }
}
