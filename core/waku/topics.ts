/** Pubsub topics of static sharding (51/WAKU2-RELAY-SHARDING) and content topics (23/WAKU2-TOPICS). */

/** A network shard: both numbers are uint16. */
export interface Shard {
  cluster: number;
  shard: number;
}

const PUBSUB_TOPIC = /^\/waku\/2\/rs\/(\d{1,5})\/(\d{1,5})$/;
const UINT16_MAX = 65_535;

/** `/waku/2/rs/<cluster>/<shard>`. @throws RangeError when a number is not a uint16 */
export function formatPubsubTopic({ cluster, shard }: Shard): string {
  for (const value of [cluster, shard])
    if (!Number.isInteger(value) || value < 0 || value > UINT16_MAX)
      throw new RangeError(`${String(value)} is not an integer from 0 to ${String(UINT16_MAX)}`);
  return `/waku/2/rs/${String(cluster)}/${String(shard)}`;
}

/** The shard that a pubsub topic names, or null when it is not a static-sharding topic. */
export function parsePubsubTopic(text: string): Shard | null {
  const match = PUBSUB_TOPIC.exec(text);
  if (match === null) return null;
  const cluster = Number(match[1]);
  const shard = Number(match[2]);
  return cluster > UINT16_MAX || shard > UINT16_MAX ? null : { cluster, shard };
}

/** A namespaced content topic: `/[generation/]application/version/name/encoding`. */
export interface ContentTopic {
  /** null when the topic names none; auto-sharding reads that as 0. */
  generation: number | null;
  application: string;
  version: string;
  name: string;
  encoding: string;
}

/**
 * The parts of a namespaced content topic, or null. A node relays any non-empty content topic; this form is
 * needed only where a shard is computed from it.
 */
export function parseContentTopic(text: string): ContentTopic | null {
  if (!text.startsWith('/')) return null;
  const parts = text.slice(1).split('/');
  if (parts.some((part) => part === '')) return null;
  const generation = parts.length === 5 ? parts.shift() : undefined;
  if (parts.length !== 4 || (generation !== undefined && !/^\d+$/.test(generation))) return null;
  const [application, version, name, encoding] = parts as [string, string, string, string];
  return {
    generation: generation === undefined ? null : Number(generation),
    application,
    version,
    name,
    encoding,
  };
}
