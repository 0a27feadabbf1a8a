import { describe, expect, it } from 'vitest';
import { createMessage, type WakuMessage } from '../waku/message.ts';
import {
  checkHash,
  checkPublish,
  checkReceived,
  checkTopic,
  duplicate,
  type Verdict,
} from './relay-rules.ts';

const TOPIC = '/waku/2/rs/16/32';
const LIMITS = { maxMessageBytes: 153_600 };
const CONTENT_TOPIC = '/waku-desk/1/limit/proto';

function message(fields: Partial<WakuMessage> = {}): WakuMessage {
  return createMessage({
    payload: Uint8Array.of(1),
    contentTopic: CONTENT_TOPIC,
    timestampNs: 1_700_000_000_000_000_000n,
    ...fields,
  });
}

function codeOf(verdict: Verdict): string {
  if (verdict.ok) return 'passed';
  expect(verdict.message).toMatch(/^[A-Z"].*\.$/);
  expect(verdict.hint).toMatch(/^[A-Z].*\.$/);
  return verdict.code;
}

describe('publishing', () => {
  const check = (fields: Partial<WakuMessage>, subscribed = true, topic = TOPIC): string =>
    codeOf(checkPublish(topic, message(fields), { ...LIMITS, subscribed }));

  it.each<[string, Partial<WakuMessage>]>([
    ['passed', {}],
    ['passed', { payload: new Uint8Array(153_524) }],
    ['MESSAGE_TOO_LARGE', { payload: new Uint8Array(153_525) }],
    ['passed', { meta: new Uint8Array(64) }],
    ['META_TOO_LARGE', { meta: new Uint8Array(65) }],
    ['PAYLOAD_EMPTY', { payload: new Uint8Array(0) }],
    ['CONTENT_TOPIC_EMPTY', { contentTopic: '' }],
    ['MESSAGE_TOO_LARGE', { contentTopic: 'x'.repeat(153_600) }],
    ['MESSAGE_TOO_LARGE', { rateLimitProof: new Uint8Array(153_600) }],
    ['passed', { timestampNs: -1n }],
    ['passed', { timestampNs: 1n }],
    ['passed', { timestampNs: 2n ** 63n - 1n }],
    ['TIMESTAMP_INVALID', { timestampNs: 0n }],
    ['TIMESTAMP_INVALID', { timestampNs: 2n ** 63n }],
    ['TIMESTAMP_INVALID', { timestampNs: -(2n ** 63n) - 1n }],
    ['passed', { version: 4_294_967_295 }],
    ['VERSION_INVALID', { version: 4_294_967_296 }],
    ['VERSION_INVALID', { version: -1 }],
    ['VERSION_INVALID', { version: 0.5 }],
  ])('is %s (case %#)', (code, fields) => {
    expect(check(fields)).toBe(code);
  });

  it('needs a subscription and a topic', () => {
    expect(check({}, false)).toBe('NOT_SUBSCRIBED');
    expect(check({}, true, '/waku/2/default-waku/proto')).toBe('TOPIC_INVALID');
  });

  it('counts the bytes of the content topic, not its characters', () => {
    // 24 characters of 3 bytes each: 48 bytes more than the case above.
    const contentTopic = '✓'.repeat(24);
    expect(check({ contentTopic, payload: new Uint8Array(153_524 - 48) })).toBe('passed');
    expect(check({ contentTopic, payload: new Uint8Array(153_524 - 47) })).toBe('MESSAGE_TOO_LARGE');
  });

  it('follows the network of a larger limit', () => {
    const payload = new Uint8Array(1_000_000);
    const verdict = checkPublish(TOPIC, message({ payload }), {
      maxMessageBytes: 1024 * 1024,
      subscribed: true,
    });
    expect(codeOf(verdict)).toBe('passed');
  });
});

describe('receiving', () => {
  it.each<[string, Partial<WakuMessage>]>([
    ['passed', { timestampNs: 0n }],
    // The most that go-waku fits into 150 KiB.
    ['passed', { payload: new Uint8Array(153_534) }],
    ['PAYLOAD_EMPTY', { payload: new Uint8Array(0) }],
    ['CONTENT_TOPIC_EMPTY', { contentTopic: '' }],
    ['META_TOO_LARGE', { meta: new Uint8Array(65) }],
    ['MESSAGE_TOO_LARGE', { payload: new Uint8Array(153_600) }],
  ])('is %s (case %#)', (code, fields) => {
    expect(codeOf(checkReceived(message(fields), LIMITS))).toBe(code);
  });
});

it('a claimed hash is compared without case and prefix', () => {
  expect(checkHash('0xab', null).ok).toBe(true);
  expect(checkHash('0xab', 'AB').ok).toBe(true);
  expect(codeOf(checkHash('0xab', '0xac'))).toBe('HASH_MISMATCH');
});

it('topics of other kinds are refused without being quoted whole', () => {
  expect(codeOf(checkTopic('/waku/2/rs/16/65536'))).toBe('TOPIC_INVALID');
  const verdict = checkTopic('x'.repeat(10_000));
  expect(verdict.ok ? '' : verdict.message.length).toBeLessThan(200);
});

it('a duplicate is a verdict as well', () => {
  expect(codeOf(duplicate('0xab'))).toBe('MESSAGE_DUPLICATE');
});
