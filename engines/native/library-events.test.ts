import { describe, expect, test } from 'vitest';
import { libraryEventSchema, parseEvent } from './library-events.ts';
import { parseExact } from './library-message.ts';

const PLAIN = {
  payload: 'aGVhcmQ=',
  contentTopic: '/a/1/b/proto',
  version: 0,
  timestamp: 1,
  ephemeral: false,
  meta: '',
  proof: '',
};

function eventText(message: object, event: object = {}): string {
  const whole = { pubsubTopic: '/waku/2/rs/16/32', messageHash: '0x00', wakuMessage: message, ...event };
  // JSON.stringify would round it.
  return JSON.stringify({ ...whole, eventType: 'message' }).replace(
    '"timestamp":1',
    '"timestamp":1764018546123456789',
  );
}

function parse(text: string): unknown {
  return parseEvent(new TextEncoder().encode(text));
}

describe('a message event', () => {
  test.each<[string, object]>([
    ['all fields', PLAIN],
    ['meta and proof', { ...PLAIN, meta: 'AQID', proof: 'BAU=' }],
    ['no meta', { ...PLAIN, meta: null }],
    ['missing fields', { payload: 'AQ==' }],
    ['bytes as a list', { ...PLAIN, payload: [1, 2, 255] }],
    ['a timestamp as text', { ...PLAIN, timestamp: '-7' }],
    ['a small timestamp', { ...PLAIN, timestamp: 12 }],
    ['a version as text', { ...PLAIN, version: '2' }],
    ['more than is known', { ...PLAIN, more: true }],
    ['a payload that is not base64', { ...PLAIN, payload: '%%' }],
    ['a large payload', { ...PLAIN, payload: Buffer.alloc(9_000, 3).toString('base64') }],
  ])('with %s is what the schema makes of it', (_what, message) => {
    const text = eventText(message);
    expect(parse(text)).toEqual(libraryEventSchema.parse(parseExact(text)));
  });

  test('keeps a timestamp beyond what a number holds', () => {
    expect(parse(eventText(PLAIN))).toMatchObject({
      wakuMessage: { timestampNs: 1_764_018_546_123_456_789n },
    });
  });

  test('owns the bytes of its message', () => {
    const event = parseEvent(new TextEncoder().encode(eventText(PLAIN)));
    if (event.eventType !== 'message') throw new Error(event.eventType);
    expect(event.wakuMessage.payload.buffer.byteLength).toBe(5);
  });

  test.each<[string, object, object]>([
    ['a payload of another type', { ...PLAIN, payload: 1 }, {}],
    ['a version below 0', { ...PLAIN, version: -1 }, {}],
    ['a version that is not whole', { ...PLAIN, version: 0.5 }, {}],
    ['no message', PLAIN, { wakuMessage: null }],
    ['no topic', PLAIN, { pubsubTopic: undefined }],
    ['a hash of another type', PLAIN, { messageHash: 5 }],
  ])('with %s is refused by name', (_what, message, event) => {
    expect(() => parse(eventText(message, event))).toThrow('The node library told something unknown: ');
  });
});
