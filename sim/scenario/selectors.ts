/** Names of nodes and links in a scenario, as numbers. */
import type { Random } from '../random.ts';
import type { Edge } from '../topology/edges.ts';
import { meant } from './keyed.ts';

/** The name of the node with this number from 0. */
export function nodeName(index: number): string {
  return `n${index + 1}`;
}

/** A name that is none, in words for the line where it stands. */
export class UnknownName extends Error {}

/** @throws UnknownName */
export function selectNodes(parts: readonly string[], count: number, random: Random): number[] {
  const selected = new Set(parts.flatMap((part) => selectPart(part, count, random)));
  return [...selected].sort((a, b) => a - b);
}

function selectPart(part: string, count: number, random: Random): number[] {
  if (part === 'all') return range(0, count - 1);
  const drawn = /^random (\d+)(%?)(?: of (.+))?$/.exec(part);
  if (drawn !== null) {
    const from = selectPart(drawn[3] ?? 'all', count, random);
    const wanted = drawn[2] === '%' ? Math.ceil((from.length * Number(drawn[1])) / 100) : Number(drawn[1]);
    if (wanted < 1 || wanted > from.length)
      throw new UnknownName(`"${part}" asks for ${wanted} of ${from.length} nodes`);
    return draw(from, wanted, random);
  }
  const [first = '', last = first, ...rest] = part.split('..');
  if (rest.length > 0) throw unknown(part, count);
  const [from, to] = [indexOf(first, count), indexOf(last, count)];
  if (from > to) throw new UnknownName(`"${part}" runs backwards`);
  return range(from, to);
}

/**
 * Places in the list of links.
 * @throws UnknownName
 */
export function selectLinks(
  parts: readonly string[],
  edges: readonly Edge[],
  count: number,
  random: Random,
): number[] {
  const selected = new Set<number>();
  for (const part of parts) {
    const pair = /^(n\d+)-(n\d+)$/.exec(part);
    const isSelected = pair === null ? touching(selectPart(part, count, random)) : between(pair, count);
    const found = edges.flatMap((edge, i) => (isSelected(edge) ? [i] : []));
    if (found.length === 0)
      throw new UnknownName(`there is no link ${JSON.stringify(part)} in this topology`);
    for (const i of found) selected.add(i);
  }
  return [...selected].sort((a, b) => a - b);
}

function touching(nodes: readonly number[]): (edge: Edge) => boolean {
  const set = new Set(nodes);
  return ([a, b]) => set.has(a) || set.has(b);
}

function between([, first = '', second = '']: RegExpExecArray, count: number): (edge: Edge) => boolean {
  const ends = [indexOf(first, count), indexOf(second, count)].sort((a, b) => a - b);
  return ([a, b]) => a === ends[0] && b === ends[1];
}

function indexOf(name: string, count: number): number {
  const number = /^n(\d{1,4})$/.exec(name)?.[1];
  if (number === undefined || Number(number) < 1 || Number(number) > count) throw unknown(name, count);
  return Number(number) - 1;
}

function unknown(name: string, count: number): UnknownName {
  const words = ['all', 'random 1', nodeName(0), nodeName(count - 1)];
  return new UnknownName(`${JSON.stringify(name.slice(0, 80))} names no node${meant(name, words)}`);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_none, i) => from + i);
}

function draw(from: readonly number[], count: number, random: Random): number[] {
  const rest = [...from];
  return Array.from({ length: count }, () => rest.splice(random.below(rest.length), 1)[0] ?? 0);
}
