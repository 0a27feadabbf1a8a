/** What stands in the log of a room, line by line. Pure. */
import type { ChatEntry } from '../../store/chat-entry.ts';
import type { OutgoingLine, SendState } from '../../store/state.ts';
import { formatDay, isSameDay } from '../../ui/format.ts';
import { deliveryTone, deliveryWords } from '../messages/message-format.ts';

export type LogLine =
  | { kind: 'day'; key: string; words: string }
  /** `failed`: why sending it failed, where this page knows. */
  | { kind: 'entry'; key: number; entry: ChatEntry; failed: OutgoingLine | null }
  /** It has no record yet, or never got one. */
  | { kind: 'outgoing'; key: string; line: OutgoingLine };

export function logLines(
  entries: readonly ChatEntry[],
  outgoing: readonly OutgoingLine[],
  nowMs: number,
): LogLine[] {
  const byHash = new Map(outgoing.map((line) => [line.hash, line]));
  const lines: LogLine[] = [];
  let dayMs: number | null = null;
  for (const entry of entries) {
    const { position, hash, receivedNs } = entry;
    if (dayMs === null || !isSameDay(receivedNs, dayMs))
      lines.push({ kind: 'day', key: `day ${position}`, words: formatDay(receivedNs, nowMs) });
    dayMs = Number(receivedNs / 1_000_000n);
    const line = byHash.get(hash) ?? null;
    lines.push({ kind: 'entry', key: position, entry, failed: line?.error === null ? null : line });
    byHash.delete(hash);
  }
  for (const line of byHash.values()) lines.push({ kind: 'outgoing', key: `line ${line.id}`, line });
  return lines;
}

export interface DeliveryText {
  words: string;
  tone: ReturnType<typeof deliveryTone>;
  /** It reached nobody: sending it again is worth a try. */
  isLost: boolean;
}

/** Every state of an own message; that the node took it goes without saying once more is known. */
export function deliveryText(states: readonly SendState[]): DeliveryText {
  const all = states.map(({ delivery }) => delivery);
  const told = all.length > 1 ? all.filter(({ state }) => state !== 'accepted') : all;
  const failed = told.find(({ state }) => state === 'failed');
  const unsent = told.find((delivery) => delivery.state === 'sent' && delivery.peers === 0);
  const decisive = failed ?? unsent ?? told.at(-1);
  if (decisive === undefined) return { words: 'taken by the node', tone: 'own', isLost: false };
  return {
    words: told.map(deliveryWords).join(' · '),
    tone: deliveryTone(decisive),
    isLost: (failed ?? unsent) !== undefined,
  };
}

const MAX_SHOWN = 1_000;
const MAX_SHOWN_LINES = 12;

/** The beginning of a long text; null where all of it is short enough. */
export function beginningOf(text: string): string | null {
  const cut = text.split('\n', MAX_SHOWN_LINES + 1);
  const few = cut.slice(0, MAX_SHOWN_LINES).join('\n');
  if (few.length > MAX_SHOWN) return few.slice(0, MAX_SHOWN);
  return cut.length > MAX_SHOWN_LINES ? few : null;
}

/** Clocks and relays differ by less than this. */
const USUAL_DELAY_MS = 60_000;

/** When it was written, where that is not when it came. */
export function writtenOtherwise(writtenS: number, receivedNs: bigint): number | null {
  const writtenMs = writtenS * 1_000;
  const receivedMs = Number(receivedNs / 1_000_000n);
  return Math.abs(writtenMs - receivedMs) > USUAL_DELAY_MS ? writtenMs : null;
}
