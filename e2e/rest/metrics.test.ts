/** Which of wakunode2's metrics a node has, and that they tell what happens; what it has not has its reason here. */
import { describe, expect, it, type TestContext } from 'vitest';
import { GO_WAKU, needsLibgowaku, nwaku, nwakuInPlace } from '../libgowaku.ts';
import { CONTENT_TOPIC, TOPIC } from '../nodes.ts';
import { call } from './call.ts';
import { recordedMetrics } from './recorded.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

const SETTLE = { timeout: 30_000, interval: 50 };
const TEST_MS = 120_000;
const RELAY = '/vac/waku/relay/2.0.0';
const PAYLOAD_BYTES = 6_000;

/** What a sample has to be: a number, or that it has to be more than before. */
type Wanted = Readonly<Record<string, number | 'more'>>;

const ALONE: Wanted = {
  libp2p_peers: 0,
  libp2p_pubsub_peers: 0,
  libp2p_pubsub_topics: 1,
  [`libp2p_gossipsub_peers_per_topic_mesh{topic="${TOPIC}"}`]: 0,
  [`libp2p_gossipsub_peers_per_topic_gossipsub{topic="${TOPIC}"}`]: 0,
  libp2p_gossipsub_no_peers_topics: 1,
  libp2p_gossipsub_low_peers_topics: 0,
  libp2p_gossipsub_healthy_peers_topics: 0,
  'waku_connected_peers_per_shard{shard="32"}': 0,
};

const WITH_A_PEER: Wanted = {
  libp2p_peers: 1,
  libp2p_pubsub_peers: 1,
  [`libp2p_gossipsub_peers_per_topic_mesh{topic="${TOPIC}"}`]: 1,
  [`libp2p_gossipsub_peers_per_topic_gossipsub{topic="${TOPIC}"}`]: 1,
  libp2p_gossipsub_no_peers_topics: 0,
  libp2p_gossipsub_low_peers_topics: 1,
  'waku_connected_peers_per_shard{shard="32"}': 1,
  'waku_connected_peers_per_agent{agent="waku-desk"}': 1,
  [`waku_connected_peers{direction="In",protocol="${RELAY}"}`]: 0,
  [`waku_connected_peers{direction="Out",protocol="${RELAY}"}`]: 1,
  waku_peer_store_size: 'more',
};

const WITH_A_TOPIC: Wanted = { libp2p_pubsub_topics: 2, libp2p_gossipsub_no_peers_topics: 1 };

const MESSAGES = 'waku_node_messages_total{type="relay"}';
const SIZES = 'waku_histogram_message_size';

/** Of each own topic, of each message, and of whatever else a node alone cannot have. */
const BEGINNING: Wanted = {
  [`libp2p_pubsub_topic_handlers{topic="${TOPIC}"}`]: 1,
  [`libp2p_pubsub_received_messages_total{topic="${TOPIC}"}`]: 0,
  [`waku_relay_network_bytes_total{direction="in",topic="${TOPIC}",type="net"}`]: 0,
  libp2p_pubsub_subscriptions_total: 1,
  libp2p_total_dial_attempts_total: 0,
  libp2p_gossipsub_under_dout_topics: 1,
  waku_store_peers: 0,
  waku_total_unique_peers: 0,
};

/** What two messages do that b hears first one of and publishes then the other. */
const TWO_MESSAGES: Wanted = {
  libp2p_pubsub_subscriptions_total: 2,
  libp2p_pubsub_validation_success_total: 1,
  libp2p_pubsub_validation_failure_total: 0,
  libp2p_gossipsub_received_total: 1,
  libp2p_gossipsub_failed_publish_total: 0,
  libp2p_total_dial_attempts_total: 1,
  libp2p_successful_dials_total: 1,
  libp2p_failed_dials_total: 0,
  'waku_peers_dials_total{outcome="successful"}': 1,
  [`libp2p_pubsub_received_messages_total{topic="${TOPIC}"}`]: 1,
  [`libp2p_pubsub_broadcast_messages_total{topic="${TOPIC}"}`]: 1,
  [`libp2p_pubsub_messages_published_total{topic="${TOPIC}"}`]: 1,
  [`libp2p_pubsub_messages_rebroadcasted_total{topic="${TOPIC}"}`]: 0,
  [`libp2p_pubsub_received_subscriptions_total{topic="${TOPIC}"}`]: 1,
  [`libp2p_pubsub_broadcast_subscriptions_total{topic="${TOPIC}"}`]: 1,
  [`waku_relay_avg_msg_bytes_per_shard{shard="${TOPIC}"}`]: PAYLOAD_BYTES,
  [`waku_relay_max_msg_bytes_per_shard{shard="${TOPIC}"}`]: PAYLOAD_BYTES,
  [`waku_relay_total_msg_bytes_per_shard{shard="${TOPIC}"}`]: 2 * PAYLOAD_BYTES,
  [`waku_relay_network_bytes_total{direction="in",topic="${TOPIC}",type="gross"}`]: 'more',
  [`waku_relay_network_bytes_total{direction="in",topic="${TOPIC}",type="net"}`]: 'more',
  [`waku_relay_network_bytes_total{direction="out",topic="${TOPIC}",type="net"}`]: 'more',
  [`waku_streams_peers{direction="Out",protocol="${RELAY}"}`]: 1,
  'libp2p_open_streams{dir="Out",type="YamuxChannel"}': 'more',
  waku_total_unique_peers: 1,
};

const PROCESS: Wanted = {
  process_cpu_seconds_total: 'more',
  process_resident_memory_bytes: 'more',
  process_virtual_memory_bytes: 'more',
  process_start_time_seconds: 'more',
  process_open_fds: 'more',
  process_max_fds: 'more',
};

type Reasons = readonly (readonly [RegExp, string])[];

/** Why one is absent, whatever the engine. */
const NOT_HERE: Reasons = [
  [/^nim_/, "the garbage collector of nwaku's language"],
  [/^presto_/, "nwaku's HTTP server counts itself"],
  [/^process_info$/, 'nwaku declares it and never tells it'],
  [
    /^(discovery_|discv5_|routing_table_|waku_discv5_|waku_dnsdisc_|waku_px_)/,
    'this discovery is not offered, or does not count',
  ],
  [
    /^(libp2p_autonat_|libp2p_rendezvous_|rendezvousPeer|mix_|total_|reconciliation_)/,
    'a protocol that is not mounted',
  ],
  [
    /^waku_(archive|legacy_archive|legacy_store|filter|lightpush|service|store|relay_fleet_store)_/,
    'a service that the node does not serve',
  ],
  [/^waku_rln_/, 'RLN is of nwaku alone'],
  [/^waku_msg_validator_/, 'signed messages are of nwaku alone'],
  [/^libp2p_pubsub_sig_verify_/, 'messages of Waku carry no signatures, wakunode2 tells 0 for good'],
  [
    /^libp2p_gossipsub_(idontwant|imreceiving|preamble|saved_bytes)/,
    "savings of nim-libp2p's own protocol of gossip, which no message of this engine makes",
  ],
  [
    /^libp2p_gossipsub_(above_dhigh|bad_score|invalid_topic|peers_rate|duplicate_during)/,
    "a branch in nim-libp2p's code that this engine takes otherwise or not at all",
  ],
  [/^libp2p_pubsub_disconnects_over/, "nim-libp2p's queue of second rank, which no other has"],
  [/^libp2p_gossipsub_peers_score_(appScore|colocation)/, 'the engine does not tell this part of a score'],
  [/^libp2p_failed_upgrades_/, 'the engine tells failed dials as a whole'],
  [/^waku_(node|peers)_errors$/, "nwaku's own list of kinds of errors"],
];
const ON_JS: Reasons = [
  [/^libp2p_gossipsub_peers_per_topic_fanout$/, 'nobody has published on a topic without a subscription'],
];
const ON_GO_WAKU: Reasons = [
  [/^libp2p_gossipsub_peers_score/, 'go-waku keeps the scores of gossipsub to itself'],
  [
    /^libp2p_gossipsub_(cache_window_size|peers_per_topic_fanout|received_iwants)$/,
    'go-libp2p keeps it to itself',
  ],
  [/^waku_node_conns_initiated$/, 'go-waku does not tell where an address came from'],
];

const NO_REASON = 'no reason';

describe("wakunode2's metrics", () => {
  it('on the engine js', { timeout: TEST_MS }, () => compare('the engine js', [], ON_JS));
  it('on the engine go-waku', { timeout: TEST_MS }, async (context) => {
    await needsLibgowaku(context);
    await compare('the engine go-waku', [GO_WAKU], ON_GO_WAKU);
  });
  it("on nwaku's adapter, with libgowaku in libwaku's place", { timeout: TEST_MS }, async (context) =>
    compare("nwaku's adapter", await nwakuInPlace(context), ON_GO_WAKU),
  );
  it('on the engine nwaku', { timeout: TEST_MS }, (context: TestContext) =>
    compare('the engine nwaku', nwaku(context), []),
  );
});

async function compare(name: string, flags: readonly string[], reasons: Reasons): Promise<void> {
  const [a, b] = await Promise.all([startRestNode(flags), startRestNode(flags)]);
  const alone = await samplesOf(b);
  expect(alone).toMatchObject({ ...ALONE, ...BEGINNING });
  expect(
    [...Object.keys(alone)].filter((sample) => sample.startsWith('waku_version{version="')),
  ).toHaveLength(1);

  await b.call('/admin/v1/peers', { method: 'POST', body: JSON.stringify([a.address]) });
  await reaches(b, WITH_A_PEER, alone);
  await a.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(b.peerId) });

  await b.call('/relay/v1/subscriptions', { method: 'POST', body: '["/waku/2/rs/16/33"]' });
  await reaches(b, WITH_A_TOPIC, alone);

  for (const [number, from] of [a, b].entries()) {
    const before = await samplesOf(b);
    await publish(from);
    const [count, sumKb] = [`${SIZES}_count`, `${SIZES}_sum`];
    const one = {
      [MESSAGES]: number + 1,
      [count]: number + 1,
      [sumKb]: ((number + 1) * PAYLOAD_BYTES) / 1_000,
      [`${SIZES}_bucket{le="5"}`]: 0,
      [`${SIZES}_bucket{le="15"}`]: number + 1,
      [`libp2p_network_bytes_total{direction="${from === a ? 'in' : 'out'}"}`]: 'more',
    } as const;
    await reaches(b, one, before);
  }
  await reaches(b, TWO_MESSAGES, alone);
  if (process.platform === 'linux') await reaches(b, PROCESS, {});
  report(name, await samplesOf(b), [...reasons, ...NOT_HERE]);
}

/** Samples of a node by what stands before the value. */
async function samplesOf({ metricsPort }: RestNode): Promise<Record<string, number>> {
  const { text } = await call(metricsPort, '/metrics');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) expect(line).toMatch(/^[a-zA-Z_]\w*(\{.*\})? [-+.\deInfNa]+$/);
  const samples = lines.map((line): [string, number] => {
    const end = line.lastIndexOf(' ');
    return [withSortedLabels(line.slice(0, end)), Number(line.slice(end + 1))];
  });
  expect(new Set(samples.map(([sample]) => sample)).size).toBe(samples.length);
  return Object.fromEntries(samples);
}

/** Engines write them in other orders. */
function withSortedLabels(sample: string): string {
  return sample.replace(/(?<=\{).*(?=\})/, (labels) =>
    (labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []).sort().join(','),
  );
}

async function reaches(
  node: RestNode,
  wanted: Wanted,
  before: Readonly<Record<string, number>>,
): Promise<void> {
  await expect
    .poll(async () => {
      const now = await samplesOf(node);
      return Object.entries(wanted).flatMap(([sample, value]) => {
        const found = now[sample];
        const isIt = value === 'more' ? (found ?? 0) > (before[sample] ?? 0) : found === value;
        return isIt ? [] : [`${sample} is ${String(found)}, not ${value}`];
      });
    }, SETTLE)
    .toEqual([]);
}

async function publish(node: RestNode): Promise<void> {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 1).toString('base64');
  const body = `{"payload":"${payload}","contentTopic":"${CONTENT_TOPIC}","timestamp":${Date.now()}000000}`;
  const path = `/relay/v1/messages/${encodeURIComponent(TOPIC)}`;
  expect(await node.call(path, { method: 'POST', body })).toMatchObject({ status: 200 });
}

/** Tells what is there and why the rest is not. */
function report(name: string, samples: Readonly<Record<string, number>>, reasons: Reasons): void {
  const names = new Set(Object.keys(samples).map((sample) => sample.replace(/\{.*/s, '')));
  const has = ({ name: family, sampleNames }: { name: string; sampleNames: readonly string[] }): boolean =>
    [family, `${family}_total`, ...sampleNames].some((one) => names.has(one));
  const recorded = recordedMetrics();
  const absent = recorded.filter((metric) => !has(metric));
  const byReason = new Map<string, string[]>();
  for (const { name: family } of absent) {
    const why = reasons.find(([pattern]) => pattern.test(family))?.[1] ?? NO_REASON;
    byReason.set(why, [...(byReason.get(why) ?? []), family]);
  }
  process.stdout.write(
    [
      `metrics of wakunode2 on ${name}: ${recorded.length - absent.length} of ${recorded.length}`,
      ...[...byReason].map(([why, absentNames]) => `  ${why}: ${absentNames.join(' ')}`),
      '',
    ].join('\n'),
  );
  expect(byReason.get(NO_REASON) ?? []).toEqual([]);
}
