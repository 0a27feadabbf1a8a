import { expect, it } from 'vitest';
import { SummaryRing } from './summary-ring.ts';
import { messageOf } from './testing.ts';

it('keeps the newest rows at positions that never change', () => {
  const ring = new SummaryRing({ capacity: 3 });
  expect([ring.length, ring.first, ring.last]).toEqual([0, 0, -1]);
  const positions = [1, null, 2, null, 3].map((seq, i) => ring.push(messageOf(i), seq));
  expect(positions).toEqual([0, 1, 2, 3, 4]);
  expect([ring.length, ring.first, ring.last]).toEqual([3, 2, 4]);
  expect([0, 1, 2, 3, 4, 5, 2.5].map((position) => ring.at(position)?.seq)).toEqual([
    undefined,
    undefined,
    2,
    null,
    3,
    undefined,
    undefined,
  ]);
});

it('shows a message that is not captured like any other', () => {
  const ring = new SummaryRing();
  const message = messageOf(1, { ephemeral: true }, { dir: 'out', fromPeer: null });
  expect(ring.at(ring.push(message, null))).toEqual({
    seq: null,
    captured: false,
    dir: 'out',
    pubsubTopic: message.pubsubTopic,
    contentTopic: message.message.contentTopic,
    payloadBytes: message.message.payload.length,
    hash: message.hash,
    receivedNs: message.receivedNs,
    timestampNs: message.message.timestampNs,
    fromPeer: null,
    ephemeral: true,
    version: 0,
    state: null,
  });
});

it('shows the latest state, and none where the row was used before', () => {
  const ring = new SummaryRing({ capacity: 2 });
  const position = ring.push(messageOf(1), 1);
  expect(ring.setState(position, { state: 'failed', code: 'NO_PEERS' })).toBe(true);
  expect(ring.at(position)?.state).toEqual({ state: 'failed', code: 'NO_PEERS' });
  expect(ring.setState(position, { state: 'sent', peers: 4 })).toBe(true);
  expect(ring.at(position)?.state).toEqual({ state: 'sent', peers: 4 });
  ring.push(messageOf(2), 2);
  const again = ring.push(messageOf(3), 3);
  expect(ring.at(again)?.state).toBeNull();
  expect(ring.setState(position, { state: 'confirmed' })).toBe(false);
});

it('finds a captured message by its number', () => {
  const ring = new SummaryRing({ capacity: 6 });
  for (const seq of [null, 1, null, null, 2, 3, null, 5]) ring.push(messageOf(0), seq);
  expect([0, 1, 2, 3, 4, 5, 6].map((seq) => ring.positionOf(seq))).toEqual([null, null, 4, 5, null, 7, null]);
});

it('forgets the texts of rows that have left, and keeps fewer rows when texts are long', () => {
  const ring = new SummaryRing({ capacity: 1000, maxTextBytes: 100_000 });
  for (let i = 0; i < 5000; i++)
    ring.push(messageOf(i, { contentTopic: `/${String(i)}/${'x'.repeat(1000)}` }), i + 1);
  expect(ring.length).toBeGreaterThan(40);
  expect(ring.length).toBeLessThan(60);
  expect(ring.at(ring.last)?.contentTopic).toMatch(/^\/4999\/x{1000}$/);
  expect(ring.at(ring.first)?.contentTopic).toContain(`/${String(ring.first)}/x`);
});
