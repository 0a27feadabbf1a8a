/** When every node has its mesh. */
import type { Links } from '../links/links.ts';
import type { SimNode } from '../nodes/sim-node.ts';

/** Gossipsub's D_low: with so many mesh peers a node is content, with fewer neighbours it takes them all. */
const ENOUGH = 4;

/** Mesh peers that a node needs on each of its shards. */
export function requiredMesh(node: SimNode, links: Links): Map<number, number> {
  const neighbours = links.links.flatMap(({ dialer, listener }) =>
    dialer === node ? [listener] : listener === node ? [dialer] : [],
  );
  return new Map(
    node.planned.shards.map((shard) => {
      const there = neighbours.filter(
        (other) => other.state === 'up' && other.planned.shards.includes(shard),
      );
      return [shard, Math.min(ENOUGH, there.length)];
    }),
  );
}

export function hasMesh(node: SimNode, links: Links): boolean {
  const sizes = node.meshSizes();
  return [...requiredMesh(node, links)].every(([shard, required]) => (sizes.get(shard) ?? 0) >= required);
}

/**
 * Resolves when every node that is up has its mesh.
 * @returns false when `timeoutMs` is over first, or the signal fires
 */
export function untilMeshed(
  nodes: readonly SimNode[],
  links: Links,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const waiting = new Set(nodes.filter(({ state }) => state === 'up'));
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const end = (isMeshed: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const stop of stops) stop();
      resolve(isMeshed);
    };
    const onAbort = (): void => {
      end(false);
    };
    const timer = setTimeout(() => {
      end(false);
    }, timeoutMs);
    signal.addEventListener('abort', onAbort);
    const look = (node: SimNode): void => {
      // A mesh that shrinks again is looked at anew.
      if (node.state === 'up' && !hasMesh(node, links)) waiting.add(node);
      else waiting.delete(node);
    };
    for (const node of [...waiting]) {
      look(node);
      stops.push(
        node.onEvent(() => {
          look(node);
          if (waiting.size === 0) end(true);
        }),
      );
    }
    if (waiting.size === 0) end(true);
    else if (signal.aborted) end(false);
  });
}
