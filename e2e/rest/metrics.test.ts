/** Which of wakunode2's metrics an engine has: what it has not has its reason here. */
import { beforeEach, describe, expect, it } from 'vitest';
import { needsLibgowaku, GO_WAKU } from '../libgowaku.ts';
import { call } from './call.ts';
import { recordedMetrics } from './recorded.ts';
import { startRestNode } from './rest-node.ts';

/** What tools read: every engine has these. */
const NEEDED = [
  'libp2p_peers',
  'libp2p_pubsub_peers',
  'libp2p_pubsub_topics',
  'libp2p_gossipsub_peers_per_topic_mesh',
];

const ABSENT: readonly (readonly [RegExp, string])[] = [
  [/^(nim_|presto_)/, "of nwaku's language and HTTP server"],
  [
    /^(discovery_|discv5_|routing_table_|waku_discv5_|waku_dnsdisc_|waku_px_)/,
    'this discovery is not offered',
  ],
  [
    /^(libp2p_autonat_|libp2p_rendezvous_|rendezvousPeer|mix_|waku_streams_)/,
    'a protocol that is not mounted',
  ],
  [
    /^(reconciliation_|waku_archive_|waku_legacy_|waku_filter_|waku_lightpush_|waku_service_|waku_store_|total_)/,
    'a service that is not served',
  ],
  [/^waku_rln_/, 'RLN is of nwaku alone'],
  [/^process_/, 'of the process: the engine counts its node'],
  [/^(libp2p_|waku_)/, 'the engine does not count it'],
];

const NO_REASON = 'no reason';

describe("wakunode2's metrics", () => {
  it('on the engine js', () => compare([]));

  describe('with a native engine', () => {
    beforeEach(needsLibgowaku);
    it('on the engine go-waku', () => compare([GO_WAKU]));
  });
});

async function compare(flags: readonly string[]): Promise<void> {
  const a = await startRestNode(flags);
  const b = await startRestNode([...flags, `--staticnode=${a.address}`]);
  await b.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(a.peerId) });
  const { text } = await call(b.metricsPort, '/metrics');
  const names = new Set(text.split('\n').flatMap((line) => /^([a-zA-Z_]\w*)[{ ]/.exec(line)?.[1] ?? []));
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
    expect(line).toMatch(/^[a-zA-Z_]\w*(\{.*\})? [-+.\deInfNa]+$/);
  const has = ({ name, sampleNames }: { name: string; sampleNames: readonly string[] }): boolean =>
    [name, ...sampleNames].some((sample) => names.has(sample));
  const recorded = recordedMetrics();
  const absent = recorded.filter((metric) => !has(metric));
  const reasonOf = (name: string): string => ABSENT.find(([pattern]) => pattern.test(name))?.[1] ?? NO_REASON;
  const byReason = new Map<string, string[]>();
  for (const { name } of absent)
    byReason.set(reasonOf(name), [...(byReason.get(reasonOf(name)) ?? []), name]);
  process.stdout.write(
    [
      `metrics of wakunode2 on ${flags[0] ?? 'the engine js'}: ${recorded.length - absent.length} of ${recorded.length}`,
      ...[...byReason].map(([why, absentNames]) => `  ${why}: ${absentNames.join(' ')}`),
      '',
    ].join('\n'),
  );
  expect(byReason.get(NO_REASON) ?? []).toEqual([]);
  expect(NEEDED.filter((name) => !names.has(name))).toEqual([]);
  expect(/^libp2p_peers (\d+)/m.exec(text)?.[1]).toBe('1');
}
