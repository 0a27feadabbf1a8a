/** One figure's result, as it is printed. */
import { median, round, spread } from './statistics.ts';

export type Unit = 'messages/s' | 'frames/s' | 'nodes' | 'ms' | 'MiB' | 'KiB' | 'KB/s' | '% of a core';

const MORE_IS_BETTER: ReadonlySet<Unit> = new Set<Unit>(['messages/s', 'frames/s', 'nodes']);

export interface Row {
  name: string;
  /** Median over the runs. */
  value: number;
  unit: Unit;
  /** Who stands beside it: measured in the same run, or by others who published it, which its name says. */
  peer?: string;
  peerValue?: number;
  /** value / peerValue. */
  ratio?: number;
  runs: number;
  /** Largest minus smallest value of the runs. */
  spread: number;
}

export interface PeerValues {
  name: string;
  values: readonly number[];
}

/** @param values one per run @param peer null: there is none */
export function makeRow(
  name: string,
  unit: Unit,
  values: readonly number[],
  peer: PeerValues | null = null,
): Row {
  const value = median(values);
  const row: Row = { name, value: round(value), unit, runs: values.length, spread: round(spread(values)) };
  if (peer === null || peer.values.length === 0) return row;
  const peerValue = median(peer.values);
  return { ...row, peer: peer.name, peerValue: round(peerValue), ratio: round(value / peerValue) };
}

/** Whether ours does better; null when both are equal, nobody was beside it, or it is no merit either way. */
export function isBetter({ unit, ratio = 1 }: Row): boolean | null {
  // Traffic follows from the network: less of it is no merit.
  if (ratio === 1 || unit === 'KB/s') return null;
  return ratio > 1 === MORE_IS_BETTER.has(unit);
}
