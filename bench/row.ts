/** One figure's result, as it is printed. */
import { median, round, spread } from './statistics.ts';

export type Unit = 'messages/s' | 'frames/s' | 'ms' | 'MiB' | 'KiB' | '% of a core';

export interface Row {
  name: string;
  /** Median over the runs. */
  value: number;
  unit: Unit;
  /** Who was measured beside it, in the same run. */
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

/** Whether ours does better; null when both are equal or nobody was beside it. */
export function isBetter({ unit, ratio = 1 }: Row): boolean | null {
  if (ratio === 1) return null;
  return ratio > 1 === unit.endsWith('/s');
}
