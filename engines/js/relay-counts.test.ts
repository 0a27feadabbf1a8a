import { getMetrics } from '@libp2p/gossipsub/metrics';
import { RejectReason } from '@libp2p/gossipsub/types';
import { describe, expect, it } from 'vitest';
import { familiesText } from '../../core/engine/metric-families.ts';
import { RelayCounts } from './relay-counts.ts';

const TOPIC = '/waku/2/rs/16/32';
const OTHER = '/waku/2/rs/16/99';
const data = new Uint8Array(100);
const MESSAGE_BYTES = data.length + TOPIC.length;

function samplesOf(counts: RelayCounts): string[] {
  return familiesText(counts.families([TOPIC])).split('\n');
}

describe('the counts of the relay', () => {
  it('have each part of an RPC by topic, once for each peer', () => {
    const counts = new RelayCounts((topic) => topic === TOPIC);
    const ofTopic = [{ topicID: TOPIC }];
    const rpc = {
      subscriptions: [
        { subscribe: true, topic: TOPIC },
        { subscribe: false, topic: TOPIC },
      ],
      messages: [{ topic: TOPIC, data }],
      control: { ihave: ofTopic, iwant: [{}, {}], graft: ofTopic, prune: ofTopic },
    };
    counts.heard(rpc);
    counts.sent(rpc, 3);
    counts.sent(rpc, 0);
    const samples = samplesOf(counts);
    for (const kind of 'subscriptions unsubscriptions messages ihave graft prune'.split(' ')) {
      expect(samples).toContain(`libp2p_pubsub_received_${kind}_total{topic="${TOPIC}"} 1`);
      expect(samples).toContain(`libp2p_pubsub_broadcast_${kind}_total{topic="${TOPIC}"} 3`);
    }
    expect(samples).toContain('libp2p_pubsub_received_iwant_total 2');
    expect(samples).toContain('libp2p_pubsub_broadcast_iwant_total 6');
    const bytes = (type: string, direction: string, value: number): string =>
      `waku_relay_network_bytes_total{topic="${TOPIC}",type="${type}",direction="${direction}"} ${String(value)}`;
    expect(samples).toContain(bytes('gross', 'in', MESSAGE_BYTES));
    expect(samples).toContain(bytes('net', 'out', 3 * MESSAGE_BYTES));
    expect(samples).toContain(bytes('net', 'in', 0));
  });

  it('have one name for all topics that are not subscribed, however many others make', () => {
    const counts = new RelayCounts((topic) => topic === TOPIC);
    for (let i = 0; i < 1_000; i++)
      counts.heard({ subscriptions: [{ subscribe: true, topic: `${OTHER}${String(i)}` }] });
    const samples = samplesOf(counts).filter((line) =>
      line.startsWith('libp2p_pubsub_received_subscriptions_total'),
    );
    expect(samples).toEqual([
      `libp2p_pubsub_received_subscriptions_total{topic="${TOPIC}"} 0`,
      'libp2p_pubsub_received_subscriptions_total{topic="generic"} 1000',
    ]);
  });

  it("take the package's own figures, under the names that it has for them", () => {
    const counts = new RelayCounts((topic) => topic === TOPIC);
    const limits = {
      gossipPromiseExpireSec: 1,
      behaviourPenaltyThreshold: 1,
      maxMeshMessageDeliveriesWindowSec: 1,
    };
    const metrics = getMetrics(counts.register(), new Map(), limits);
    const toNone = { direct: 0, floodsub: 0, mesh: 0, fanout: 0 };
    metrics.onPublishMsg(TOPIC, toNone, 4, 10, 1);
    metrics.onPublishMsg(TOPIC, toNone, 0, 10, 1);
    metrics.onForwardMsg(TOPIC, 5);
    metrics.prevalidationValidTotal.inc({ topic: TOPIC }, 6);
    metrics.prevalidationDuplicateTotal.inc({ topic: TOPIC }, 7);
    metrics.prevalidationInvalidTotal.inc({ topic: TOPIC }, 8);
    metrics.msgReceivedInvalid.inc({ error: RejectReason.Ignore }, 3);
    metrics.msgReceivedInvalid.inc({ error: RejectReason.Reject }, 5);
    metrics.onIwantRcv(new Map([[TOPIC, 9]]), 10);
    expect(samplesOf(counts)).toEqual(
      expect.arrayContaining([
        `libp2p_pubsub_messages_published_total{topic="${TOPIC}"} 4`,
        'libp2p_gossipsub_failed_publish_total 1',
        `libp2p_pubsub_messages_rebroadcasted_total{topic="${TOPIC}"} 5`,
        'libp2p_pubsub_validation_success_total 6',
        'libp2p_pubsub_validation_failure_total 5',
        'libp2p_pubsub_validation_ignore_total 3',
        'libp2p_gossipsub_received_total 14',
        'libp2p_gossipsub_duplicate_total 7',
        'libp2p_gossipsub_received_iwants{kind="correct"} 9',
        'libp2p_gossipsub_received_iwants{kind="unknown"} 10',
      ]),
    );
  });
});
