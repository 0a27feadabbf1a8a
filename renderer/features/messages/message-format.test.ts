import { describe, expect, it } from 'vitest';
import { createMessage } from '../../../core/waku/message.ts';
import {
  deliveryTone,
  deliveryWords,
  hexLine,
  messageJson,
  payloadJson,
  payloadText,
} from './message-format.ts';

const utf8 = new TextEncoder();

it('tells what became of an own message', () => {
  expect(deliveryWords({ state: 'sent', peers: 1_204 })).toBe('sent to 1,204 peers');
  expect(deliveryWords({ state: 'failed', code: 'NO_PEERS' })).toBe('failed: NO_PEERS');
  expect([0, 1].map((peers) => deliveryTone({ state: 'sent', peers }))).toEqual(['notice-text', 'own']);
});

it('writes a whole message as JSON, with nothing lost in numbers', () => {
  const row = {
    position: 7,
    seq: 8,
    captured: true,
    dir: 'out',
    pubsubTopic: '/waku/2/rs/16/32',
    contentTopic: '/a/1/b/c',
    payloadBytes: 2,
    hash: '0xab',
    receivedNs: 1_700_000_000_000_000_001n,
    timestampNs: 0n,
    fromPeer: null,
    ephemeral: false,
    version: 0,
    state: null,
  } as const;
  const message = createMessage({ payload: Uint8Array.of(0, 255), contentTopic: '/a/1/b/c' });
  const states = [{ atNs: 5n, delivery: { state: 'accepted' } as const }];
  const json: unknown = JSON.parse(messageJson({ row, message, computedHash: '0xab', states }));
  expect(json).toMatchObject({
    seq: 8,
    receivedNs: '1700000000000000001',
    payload: 'AP8=',
    states: [{ atNs: '5', state: 'accepted' }],
  });
  expect(json).not.toHaveProperty('position');
  expect(messageJson({ row, message: null, computedHash: null, states: [] })).not.toContain('payload"');
});

it('knows whether a payload is text', () => {
  expect(payloadText(utf8.encode('\ufeffhé'))).toEqual({ text: '\ufeffhé', exact: true });
  expect(payloadText(Uint8Array.of(0x61, 0xff))).toEqual({ text: 'a\ufffd', exact: false });
});

describe('a payload as JSON', () => {
  it('is indented', () => {
    expect(payloadJson('{"a":[1]}')).toEqual({ json: '{\n  "a": [\n    1\n  ]\n}' });
  });
  it.each(['', 'hello', '{"a":', '['.repeat(100_000), `${'['.repeat(70)}${']'.repeat(70)}`])(
    'is refused with a sentence (case %#)',
    (text) => {
      expect(payloadJson(text)).toHaveProperty('problem');
    },
  );
});

it('lays bytes out in lines of sixteen', () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, i) => 0x3e + i);
  expect(hexLine(bytes, 0, 16)).toEqual({
    offset: '000000',
    hex: '3e 3f 40 41 42 43 44 45  46 47 48 49 4a 4b 4c 4d',
    ascii: '>?@ABCDEFGHIJKLM',
  });
  expect(hexLine(bytes, 1, 16)).toEqual({ offset: '000010', hex: '4e 4f'.padEnd(48), ascii: 'NO' });
  expect(hexLine(bytes, 0, 8).hex).toHaveLength(23);
  expect(hexLine(bytes, 2, 8).hex).toHaveLength(23);
  expect(hexLine(Uint8Array.of(0, 0x80), 0, 16).ascii).toBe('··');
});
