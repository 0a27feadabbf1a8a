import { describe, expect, it } from 'vitest';
import { decodeChat, encodeChat } from './chat.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('chat payload', () => {
  it('has the bytes of the field table', () => {
    const bytes = encodeChat({ timestampS: 1_700_000_000, nick: 'ann', text: 'hi' });
    // Field 1 varint, field 2 and 3 length-delimited.
    expect(Buffer.from(bytes).toString('hex')).toBe('0880e2cfaa06' + '1203616e6e' + '1a026869');
  });

  it('comes back as it was written, with every character', () => {
    const chat = { timestampS: 1_763_800_000, nick: 'Ünïcode 👋', text: 'line one\nline two ✓' };
    expect(decodeChat(encodeChat(chat))).toEqual(chat);
  });

  it.each(['', 'ff', '0a05', '68656c6c6f', '1801', '0b'.repeat(1_000)])('is not read into %s', (hex) => {
    expect(decodeChat(fromHex(hex))).toBeNull();
  });

  it('shows broken text of others as well as it can be', () => {
    expect(decodeChat(fromHex('1201c31a0161'))).toEqual({ timestampS: 0, nick: '\ufffd', text: 'a' });
  });
});
