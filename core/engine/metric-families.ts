/** Figures in Prometheus' text format 0.0.4. */
import type { PeerInfo } from './events.ts';

export interface Sample {
  /** Behind the name of the family. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}

export function gauge(name: string, samples: readonly Sample[] | number): Family {
  return { name, type: 'gauge', samples: typeof samples === 'number' ? [{ value: samples }] : samples };
}

/** @param name without `_total`, which its samples have */
export function counter(name: string, samples: readonly Sample[] | number): Family {
  const all = typeof samples === 'number' ? [{ value: samples }] : samples;
  return { name, type: 'counter', samples: all.map((sample) => ({ ...sample, suffix: '_total' })) };
}

/** nim-libp2p's words for the directions of connections and streams, beside ours. */
export const DIRECTIONS = [
  ['In', 'inbound'],
  ['Out', 'outbound'],
] as const;

/** @param valueOf of a peer; undefined: it does not count */
export function meanByAgent(
  peers: readonly Pick<PeerInfo, 'peerId' | 'agent'>[],
  valueOf: (peerId: string) => number | undefined,
): Sample[] {
  const byAgent = new Map<string, { sum: number; peers: number }>();
  for (const { peerId, agent } of peers) {
    const value = valueOf(peerId);
    if (value === undefined) continue;
    const name = agent === '' ? 'unknown' : agent;
    const before = byAgent.get(name) ?? { sum: 0, peers: 0 };
    byAgent.set(name, { sum: before.sum + value, peers: before.peers + 1 });
  }
  return [...byAgent].map(([agent, mean]) => ({ labels: { agent }, value: mean.sum / mean.peers }));
}

/** A family without samples is left out. */
export function familiesText(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('');
}

/** The families of which a text has no sample yet, behind it. */
export function completed(text: string, families: readonly Family[]): string {
  const there = new Set([...text.matchAll(/^[a-zA-Z_:][\w:]*/gm)].map(([name]) => name));
  return (
    text +
    familiesText(
      families.filter(({ name, samples }) => !samples.some(({ suffix = '' }) => there.has(name + suffix))),
    )
  );
}

function familyText({ name, type, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${String(value)}\n`,
  );
  return `# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Values come from peers as well. */
function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
