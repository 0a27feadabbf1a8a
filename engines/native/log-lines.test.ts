import { describe, expect, it } from 'vitest';
import { shortPeerId } from '../../core/engine/relay-line.ts';
import { parseLogLine } from './log-lines.ts';

const HASH = `0x${'4d'.repeat(32)}`;
const TIME = '2026-01-02 03:04:05.678+00:00';

describe('a line of a node library', () => {
  it.each([
    [
      'received',
      `NTC ${TIME} received relay message                     topics="waku relay" tid=7`,
      'from_peer_id',
    ],
    ['received', `DBG ${TIME} Received relay message topics="waku relay"`, 'from_peer_id'],
    [
      'sent',
      `NTC ${TIME} sent relay message                         topics="waku relay" tid=7`,
      'to_peer_id',
    ],
    ['sent', `DBG ${TIME} Sent relay message topics="waku relay"`, 'to_peer_id'],
  ])('is data when it tells that a message was %s: %s', (kind, words, key) => {
    const line = `${words} file=protocol.nim:221 my_peer_id=16U*S6zwhq msg_hash=${HASH} msg_id=b9cf...aecc ${key}=16U*74x9yd topic=/waku/2/rs/0/0 receivedTime=1 payloadSizeBytes=1000`;
    expect(parseLogLine(line)).toEqual({ kind, myPeer: '16U*S6zwhq', hash: HASH, peer: '16U*74x9yd' });
  });

  it('tells that a peer of another cluster was hung up on', () => {
    const line = `INF ${TIME} disconnecting from peer topics="waku node peer_manager" tid=1 file=x.nim:1 peerId=16U*74x9yd reason="different clusterId reported: 16 vs 17"`;
    expect(parseLogLine(line)).toEqual({
      kind: 'otherCluster',
      peer: '16U*74x9yd',
      reason: 'different clusterId reported: 16 vs 17',
    });
  });

  it.each([
    ['TRC', 'trace'],
    ['DBG', 'debug'],
    ['INF', 'info'],
    ['NTC', 'info'],
    ['WRN', 'warn'],
    ['ERR', 'error'],
    ['FAT', 'error'],
  ])('%s is of level %s', (mark, level) => {
    expect(
      parseLogLine(`${mark} ${TIME} failed to send: no route   topics="a b" tid=1 file=x.nim:1 e=2`),
    ).toEqual({
      kind: 'words',
      level,
      component: 'a b',
      text: 'failed to send: no route',
    });
  });

  it('is words as it stands when it has another shape', () => {
    for (const text of [
      '',
      'goroutine 1 [running]:',
      'a relay message from nobody',
      `NTC ${TIME} x relay message`,
    ])
      expect(parseLogLine(text)).toMatchObject({ kind: 'words' });
    expect(parseLogLine('panic: runtime error')).toEqual({
      kind: 'words',
      level: 'info',
      component: 'node',
      text: 'panic: runtime error',
    });
  });
});

it('a peer id is shortened as nwaku does', () => {
  expect(shortPeerId('16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie')).toBe('16U*1gj6ie');
});
