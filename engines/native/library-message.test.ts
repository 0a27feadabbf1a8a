import { describe, expect, it } from 'vitest';
import { createMessage } from '../../core/waku/message.ts';
import { libraryMessage, libraryMessageSchema, parseExact } from './library-message.ts';

const read = (json: string) => libraryMessageSchema.parse(parseExact(json));

describe("a message in the libraries' JSON", () => {
  it.each([2n ** 63n - 1n, -(2n ** 63n), 9_007_199_254_740_993n, 0n, -1n])(
    'keeps the timestamp %s, as a number and as text',
    (timestampNs) => {
      for (const text of [String(timestampNs), `"${String(timestampNs)}"`])
        expect(read(`{"payload":"AQ==","contentTopic":"/a","timestamp":${text}}`).timestampNs).toBe(
          timestampNs,
        );
    },
  );

  it('survives the way there and back, with every field', () => {
    const message = createMessage({
      payload: Uint8Array.from({ length: 300 }, (_none, index) => index % 256),
      contentTopic: '/wäku/1/"timestamp":12345678901234567890/消息',
      version: 2,
      timestampNs: 1_700_000_000_123_456_789n,
      meta: Uint8Array.of(1, 2),
      rateLimitProof: Uint8Array.of(3),
      ephemeral: true,
    });
    expect(read(libraryMessage(message))).toEqual(message);
  });

  it('has bytes of its own, that are no Buffer', () => {
    const { payload } = read('{"payload":"AQID","contentTopic":"/a"}');
    expect(Object.getPrototypeOf(payload)).toBe(Uint8Array.prototype);
    expect(payload.buffer.byteLength).toBe(3);
  });

  it('is read without padding, with bytes as numbers, with null for what is absent', () => {
    expect(read('{"payload":"AQI","contentTopic":"/a"}').payload).toEqual(Uint8Array.of(1, 2));
    expect(read('{"payload":[1,255],"contentTopic":"/a","meta":null}')).toMatchObject({
      payload: Uint8Array.of(1, 255),
      meta: new Uint8Array(0),
    });
  });

  it('is refused when it is something else', () => {
    for (const json of ['{"payload":7}', '{"payload":[256]}', '{"version":-1}', '{"timestamp":1.5}', '[]'])
      expect(() => read(json)).toThrow();
  });
});
