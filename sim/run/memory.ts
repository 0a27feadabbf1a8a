/** Whether nodes fit into this machine: one that runs out of memory takes other programs with it. */
import { freemem, totalmem } from 'node:os';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';

const MIB = 1024 ** 2;
/** As measured (bench/RESULTS.md): a native node has a process of its own, embedded ones share a few. */
const NODE_BYTES: Readonly<Record<EngineKind, number>> = {
  nwaku: 150 * MIB,
  'go-waku': 150 * MIB,
  js: 8 * MIB,
};

/** What programs can have; elsewhere than on Linux the system does not tell, and counts what it could give as used. */
function freeMemory(): number {
  return process.platform === 'linux' ? freemem() : totalmem();
}

/** What nodes of these engines take, about. */
export function memoryOf(nodes: readonly { kind: EngineKind }[]): number {
  return nodes.reduce((sum, { kind }) => sum + NODE_BYTES[kind], 0);
}

/** What such nodes do, in words, where they want more than is free; null: they fit. */
export function shortageOf(nodes: readonly { kind: EngineKind }[], freeBytes = freeMemory()): string | null {
  const wantedBytes = memoryOf(nodes);
  if (wantedBytes <= freeBytes) return null;
  const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  return `take about ${gib(wantedBytes)} of memory, and ${gib(freeBytes)} are free`;
}

/** @throws WakuDeskError SCENARIO_INVALID */
export function checkMemory(nodes: readonly { kind: EngineKind }[], freeBytes = freeMemory()): void {
  const shortage = shortageOf(nodes, freeBytes);
  if (shortage === null) return;
  throw new WakuDeskError('SCENARIO_INVALID', `${nodes.length} nodes of these engines ${shortage}.`, {
    operation: 'sim.run',
    hint: 'Take fewer nodes, or --engine js: its nodes take a twentieth of what native ones take.',
  });
}
