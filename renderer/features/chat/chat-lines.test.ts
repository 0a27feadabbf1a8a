import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../../core/capture/records.ts';
import type { ChatEntry } from '../../store/chat-entry.ts';
import type { OutgoingLine } from '../../store/state.ts';
import { beginningOf, deliveryText, logLines, writtenOtherwise } from './chat-lines.ts';

const at = (day: number, hour = 12): bigint => BigInt(new Date(2026, 10, day, hour).getTime()) * 1_000_000n;

function entry(position: number, receivedNs: bigint): ChatEntry {
  return {
    position,
    own: false,
    hash: `0x${String(position)}`,
    pubsubTopic: '/waku/2/rs/16/32',
    receivedNs,
    payloadBytes: 1,
    content: { kind: 'chat', nick: 'ann', text: 'hi', isCut: false, writtenS: 0 },
    states: [],
  };
}

function outgoing(id: number, error: OutgoingLine['error'] = null): OutgoingLine {
  return { id, contentTopic: '/a', text: 'hi', startedMs: 0, hash: `0x${String(id)}`, error };
}

const FAILED = { code: 'NO_PEERS', operation: '', message: 'No.', hint: 'Wait.' } as const;

describe('the log', () => {
  it('begins each day with its date', () => {
    const nowMs = Number(at(24, 23) / 1_000_000n);
    const lines = logLines([entry(1, at(22, 1)), entry(2, at(22, 23)), entry(3, at(24))], [], nowMs);
    expect(lines.map((line) => (line.kind === 'day' ? line.words : line.kind))).toEqual([
      'Sunday 2026-11-22',
      'entry',
      'entry',
      'Today',
      'entry',
    ]);
  });

  it('ends with what has no record yet, and says at its record why a line failed', () => {
    const lines = logLines([entry(1, at(22)), entry(2, at(22))], [outgoing(2, FAILED), outgoing(3)], 0);
    expect(lines.slice(1)).toMatchObject([
      { kind: 'entry', entry: { position: 1 }, failed: null },
      { kind: 'entry', entry: { position: 2 }, failed: { error: FAILED } },
      { kind: 'outgoing', line: { id: 3 } },
    ]);
  });
});

describe('what became of an own message', () => {
  const text = (...deliveries: DeliveryState[]) =>
    deliveryText(deliveries.map((delivery) => ({ atNs: 1n, delivery })));

  it.each<[DeliveryState[], string, boolean]>([
    [[], 'taken by the node', false],
    [[{ state: 'accepted' }], 'accepted', false],
    [
      [{ state: 'accepted' }, { state: 'sent', peers: 3 }, { state: 'echoed' }],
      'sent to 3 peers · echoed',
      false,
    ],
    [
      [{ state: 'accepted' }, { state: 'sent', peers: 0 }, { state: 'echoed' }],
      'sent to 0 peers · echoed',
      true,
    ],
    [[{ state: 'failed', code: 'NO_PEERS' }], 'failed: NO_PEERS', true],
  ])('%j is “%s”', (deliveries, words, isLost) => {
    expect(text(...deliveries)).toMatchObject({ words, isLost });
  });

  it('has the tone of the worst of it', () => {
    expect(text({ state: 'sent', peers: 0 }, { state: 'echoed' }).tone).toBe('notice-text');
    expect(text({ state: 'accepted' }, { state: 'failed', code: 'X' }).tone).toBe('bad');
  });
});

describe('a text', () => {
  it('is shown whole when it is short, and begun when it is long', () => {
    expect(beginningOf('short\nand two lines')).toBeNull();
    expect(beginningOf('x'.repeat(1_000))).toBeNull();
    expect(beginningOf('x'.repeat(1_001))).toHaveLength(1_000);
    expect(beginningOf('line\n'.repeat(13))?.split('\n')).toHaveLength(12);
    expect(beginningOf(Array(12).fill('line').join('\n'))).toBeNull();
  });
});

describe('the clock of a message', () => {
  it('is told where it is more than a minute off', () => {
    expect(writtenOtherwise(1_000, 1_030_000_000_000n)).toBeNull();
    expect(writtenOtherwise(1_000, 1_061_000_000_000n)).toBe(1_000_000);
    expect(writtenOtherwise(Number.MAX_SAFE_INTEGER, 1_000n)).toBeGreaterThan(0);
  });
});
