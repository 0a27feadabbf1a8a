/** The nodes of the recording: who is asked, and what stands for whom. */
import type { Recorded } from './recorded.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

export type Cast = Readonly<Record<string, RestNode>>;

const STATIC = ['--cluster-id=3', '--shard=0', '--shard=1'];
const AUTO = ['--cluster-id=2', '--shard=0', '--shard=1', '--num-shards-in-network=8'];

/** A and B, C and D; and three for the part that was recorded with fresh nodes. */
export async function startCast(flags: readonly string[]): Promise<{ main: Cast; fresh: Cast }> {
  const [A, B, C, D, freshA, freshB, E] = await Promise.all([
    ...[STATIC, STATIC, AUTO, AUTO, STATIC, STATIC, STATIC].map((args) => startRestNode([...flags, ...args])),
  ]);
  if (!A || !B || !C || !D || !freshA || !freshB || !E) throw new Error('seven nodes were started');
  for (const [from, to] of [
    [C, D],
    [freshA, freshB],
  ] as const)
    await from.call('/admin/v1/peers', { method: 'POST', body: JSON.stringify([to.address]) });
  return { main: { A, B, C, D }, fresh: { A: freshA, B: freshB, C, D, E } };
}

/** Which node a request went to, by its id, and which one hears what it publishes. */
export function actorsOf({ id }: Recorded): { asked: string; other: string } {
  if (id.startsWith('admin.peers.post.') || id.endsWith('.B') || id === 'messages.cacheCapacity')
    return { asked: 'B', other: 'A' };
  if (id === 'clean.admin.peers.multi' || id.endsWith('.onDialer')) return { asked: 'E', other: 'A' };
  if (id === 'unsub.afterTraffic' || id === 'resub') return { asked: 'B', other: 'A' };
  if (!id.startsWith('auto.') || id.endsWith('.onStaticNode')) return { asked: 'A', other: 'B' };
  return id.endsWith('.D') ? { asked: 'D', other: 'C' } : { asked: 'C', other: 'D' };
}

const KIB = 1_024;
const UNITS: Readonly<Record<string, number>> = { bytes: 1, KiB: KIB, MiB: KIB * KIB };

/** The body that was sent, with our nodes in it. */
export function bodyOf({ body, path }: Recorded, cast: Cast, nowNs: bigint): string | null {
  if (body === null || body === undefined) return null;
  const [, count, unit = ''] = /^payload of (\d+) (bytes|KiB|MiB)/.exec(body) ?? [];
  if (count !== undefined) return largeMessage(Number(count) * (UNITS[unit] ?? 1), nowNs);
  if (body.startsWith('["x…"] of')) return JSON.stringify(['x'.repeat(5 * KIB * KIB)]);
  if (path === '/admin/v1/peers') return addresses(body, cast);
  return body
    .replaceAll('<ns>', String(nowNs))
    .replace(/<base64 of (\d+) chars>/g, (_whole, length: string) => 'bW1t'.repeat(Number(length) / 4));
}

function largeMessage(payloadBytes: number, nowNs: bigint): string {
  const payload = Buffer.alloc(payloadBytes, 7).toString('base64');
  return `{"payload":"${payload}","contentTopic":"/test/1/waku-relay/proto","timestamp":${nowNs}}`;
}

/** A peer that nobody is. */
export const NOBODY = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

/** An address with a node's id has that node's port; one with nobody's has the port of A, which is somebody else. */
function addresses(body: string, cast: Cast): string {
  return body.replace(/<tcpPort>(?:\/p2p\/<(\w+)>)?/g, (_whole, name: string | undefined) => {
    const node = name === undefined || name === 'peerId' ? cast.A : cast[name.replace('peerId', '')];
    const peerId = name === 'peerId' ? NOBODY : node?.peerId;
    return `${String(node?.tcpPort)}${name === undefined ? '' : `/p2p/${String(peerId)}`}`;
  });
}
