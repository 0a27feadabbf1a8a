import { describe, expect, it } from 'vitest';
import { decodeTraffic, encodeTraffic, MIN_PAYLOAD_BYTES, type TrafficHeader } from './payload.ts';

const header: TrafficHeader = {
  run: 0xdeadbeef,
  sender: 65_535,
  sequence: 41,
  planned: 42,
  lateMs: 1.25,
  sentNs: 1_700_000_000_123_456_789n,
};

describe('a payload of traffic', () => {
  it('is what the README says, byte by byte', () => {
    expect(Buffer.from(encodeTraffic(header, MIN_PAYLOAD_BYTES)).toString('hex')).toBe(
      '57444d54' + '0001' + 'ffff' + 'deadbeef' + '00000029' + '0000002a' + '000004e2' + '17979cfe3d85cd15',
    );
  });

  it.each([MIN_PAYLOAD_BYTES, 1024, 150 * 1024])('comes back as it was, at %i bytes', (bytes) => {
    const payload = encodeTraffic(header, bytes);
    expect(payload).toHaveLength(bytes);
    expect(decodeTraffic(payload)).toEqual(header);
  });

  it('has filler that cannot be compressed, to the last byte', async () => {
    const { deflateSync } = await import('node:zlib');
    expect(deflateSync(encodeTraffic(header, 60_000)).length).toBeGreaterThan(59_000);
    expect(
      encodeTraffic(header, 150 * 1024)
        .subarray(-64)
        .some((byte) => byte !== 0),
    ).toBe(true);
  });

  it('is not made smaller than its header', () => {
    expect(() => encodeTraffic(header, MIN_PAYLOAD_BYTES - 1)).toThrow(RangeError);
  });

  it('keeps the largest lateness that fits where it is larger', () => {
    const payload = encodeTraffic({ ...header, lateMs: 1e12 }, MIN_PAYLOAD_BYTES);
    expect(decodeTraffic(payload)?.lateMs).toBe(0xffff_ffff / 1_000);
  });

  it.each([
    ['a chat message', Buffer.from('hello, this is a line of people who talk')],
    ['nothing', new Uint8Array()],
    ['the header cut short', encodeTraffic(header, 32).subarray(0, 31)],
    ['another version', changed(5, 2)],
    ['a sequence beyond what is planned', changed(15, 42)],
    ['more planned than any sender may', changed(16, 255)],
  ])('is not seen in %s', (_what, payload) => {
    expect(decodeTraffic(payload)).toBeNull();
  });
});

function changed(at: number, byte: number): Uint8Array {
  const payload = encodeTraffic(header, MIN_PAYLOAD_BYTES);
  payload[at] = byte;
  return payload;
}
