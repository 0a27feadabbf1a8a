/**
 * What the relay does, under the names and with the meaning that nim-libp2p and nwaku count it. A topic that is not
 * this node's own counts as "generic", as there: others could make any number of them.
 */
import type { Gauge, MetricsRegister } from '@libp2p/gossipsub/metrics';
import { counter, gauge, type Family, type Sample } from '../../core/engine/metric-families.ts';

interface OfTopic {
  topicID?: string;
}

/** As the package has it, as far as it is counted. */
export interface Rpc {
  subscriptions?: readonly { subscribe?: boolean; topic?: string }[];
  messages?: readonly { topic?: string; data?: Uint8Array }[];
  control?: {
    ihave?: readonly OfTopic[];
    iwant?: readonly unknown[];
    graft?: readonly OfTopic[];
    prune?: readonly OfTopic[];
  };
}

const KINDS = ['subscriptions', 'unsubscriptions', 'messages', 'ihave', 'graft', 'prune'] as const;
const GENERIC = 'generic';

/** Of what the package counts itself: what it is called here. Its labels are left away where there is no topic here. */
const OWN_NAMES = {
  gossipsub_msg_publish_peers_total: 'published',
  gossipsub_msg_forward_peers_total: 'rebroadcasted',
  gossipsub_pre_validation_valid_total: 'valid',
  gossipsub_pre_validation_invalid_total: 'invalid',
  gossipsub_pre_validation_duplicate_total: 'duplicate',
  gossipsub_iwant_rcv_msgids_total: 'iwantCorrect',
  gossipsub_iwant_rcv_dont_have_msgids_total: 'iwantUnknown',
} as const;
const OWN = new Map<string, string>(Object.entries(OWN_NAMES));
const INVALID_BY_REASON = 'gossipsub_msg_received_invalid_total';

export class RelayCounts {
  readonly #isOwn: (topic: string) => boolean;
  /** By what, then by topic. */
  readonly #counts = new Map<string, Map<string, number>>();
  #joined = 0;
  #left = 0;

  /** @param isOwn whether this node is subscribed to a topic */
  constructor(isOwn: (topic: string) => boolean) {
    this.#isOwn = isOwn;
  }

  joined(): void {
    this.#joined++;
  }

  left(): void {
    this.#left++;
  }

  heard(rpc: Rpc): void {
    this.#countRpc('received', rpc, 1);
    for (const { topic, data } of rpc.messages ?? []) this.#addBytes('in gross', topic, data, 1);
  }

  sent(rpc: Rpc, toPeers: number): void {
    if (toPeers === 0) return;
    this.#countRpc('broadcast', rpc, toPeers);
    for (const { topic, data } of rpc.messages ?? []) this.#addBytes('out net', topic, data, toPeers);
  }

  /** A message that was new and valid. */
  delivered(topic: string, data: Uint8Array): void {
    this.#addBytes('in net', topic, data, 1);
  }

  /** What the package counts itself comes through here. */
  register(): MetricsRegister {
    return {
      gauge: <L extends Record<string, string | number>>({ name }: { name: string }): Gauge<L> =>
        this.#gauge(name),
      histogram: () => ({
        startTimer: () => () => undefined,
        observe: () => undefined,
        reset: () => undefined,
      }),
      avgMinMax: () => ({ set: () => undefined }),
    };
  }

  families(topics: readonly string[]): Family[] {
    const rpcs = (['received', 'broadcast'] as const).flatMap((way) => [
      ...KINDS.map((kind) =>
        counter(`libp2p_pubsub_${way}_${kind}`, this.#byTopic(`${way} ${kind}`, topics)),
      ),
      counter(`libp2p_pubsub_${way}_iwant`, this.#sum(`${way} iwant`)),
    ]);
    const bytes = (['in gross', 'in net', 'out net'] as const).flatMap((way): Sample[] => {
      const [direction = '', type = ''] = way.split(' ');
      return this.#byTopic(way, topics).map(({ labels, value }) => ({
        labels: { ...labels, type, direction },
        value,
      }));
    });
    const [valid, invalid] = [this.#sum('valid'), this.#sum('invalid')];
    const ignored = this.#sum('ignored');
    return [
      ...rpcs,
      counter('libp2p_pubsub_messages_published', this.#byTopic('published', topics)),
      counter('libp2p_pubsub_messages_rebroadcasted', this.#byTopic('rebroadcasted', topics)),
      counter('libp2p_pubsub_subscriptions', this.#joined),
      counter('libp2p_pubsub_unsubscriptions', this.#left),
      counter('libp2p_pubsub_validation_success', valid),
      counter('libp2p_pubsub_validation_failure', invalid - ignored),
      counter('libp2p_pubsub_validation_ignore', ignored),
      counter('libp2p_gossipsub_received', valid + invalid),
      counter('libp2p_gossipsub_duplicate', this.#sum('duplicate')),
      counter('libp2p_gossipsub_failed_publish', this.#sum('publishedToNobody')),
      gauge(
        'libp2p_gossipsub_received_iwants',
        (['correct', 'unknown'] as const).map((kind) => ({
          labels: { kind },
          value: this.#sum(kind === 'correct' ? 'iwantCorrect' : 'iwantUnknown'),
        })),
      ),
      counter('waku_relay_network_bytes', bytes),
    ];
  }

  #countRpc(way: 'received' | 'broadcast', { subscriptions, messages, control }: Rpc, times: number): void {
    for (const { subscribe, topic } of subscriptions ?? [])
      this.#add(`${way} ${subscribe === true ? 'subscriptions' : 'unsubscriptions'}`, topic, times);
    for (const { topic } of messages ?? []) this.#add(`${way} messages`, topic, times);
    if (control === undefined) return;
    for (const kind of ['ihave', 'graft', 'prune'] as const)
      for (const { topicID } of control[kind] ?? []) this.#add(`${way} ${kind}`, topicID, times);
    const { iwant = [] } = control;
    if (iwant.length > 0) this.#add(`${way} iwant`, undefined, iwant.length * times);
  }

  #gauge<L extends Record<string, string | number>>(name: string): Gauge<L> {
    const what = OWN.get(name);
    const count = (labels: Readonly<Record<string, unknown>>, value: number): void => {
      if (what !== undefined)
        this.#add(what, typeof labels.topic === 'string' ? labels.topic : undefined, value);
      if (what === 'published' && value === 0) this.#add('publishedToNobody', undefined, 1);
      if (name === INVALID_BY_REASON && labels.error === 'ignore') this.#add('ignored', undefined, value);
    };
    // With labels it is inc(labels, value), without them inc(value).
    const inc = (first: unknown, second?: number): void => {
      if (typeof first === 'object' && first !== null) count({ ...first }, second ?? 1);
      else count({}, typeof first === 'number' ? first : 1);
    };
    return { inc, set: () => undefined, addCollect: () => undefined };
  }

  #addBytes(way: string, topic: string | undefined, data: Uint8Array | undefined, times: number): void {
    this.#add(way, topic, ((data?.length ?? 0) + (topic?.length ?? 0)) * times);
  }

  #add(what: string, topic: string | undefined, value: number): void {
    const label = topic !== undefined && this.#isOwn(topic) ? topic : GENERIC;
    let byTopic = this.#counts.get(what);
    if (byTopic === undefined) this.#counts.set(what, (byTopic = new Map<string, number>()));
    byTopic.set(label, (byTopic.get(label) ?? 0) + value);
  }

  #sum(what: string): number {
    let sum = 0;
    for (const value of this.#counts.get(what)?.values() ?? []) sum += value;
    return sum;
  }

  /** The node's own topics have a sample from the beginning. */
  #byTopic(what: string, topics: readonly string[]): Sample[] {
    const counted = new Map<string, number>(topics.map((topic) => [topic, 0]));
    for (const [topic, value] of this.#counts.get(what) ?? []) counted.set(topic, value);
    return [...counted].map(([topic, value]) => ({ labels: { topic }, value }));
  }
}
