import { describe, expect, it } from 'vitest';
import { chatRoomName, decodeChat, encodeChat, readChatRoom, readNick, shortNick } from './chat.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('chat payload', () => {
  it('has the bytes of the field table', () => {
    const bytes = encodeChat({ timestampS: 1_700_000_000, nick: 'ann', text: 'hi' });
    // By hand from protobuf's wire format, as chat2's minprotobuf writes the fields in their order. Tags: 1<<3|0 = 08,
    // 2<<3|2 = 12, 3<<3|2 = 1a. 1,700,000,000 in groups of 7 bits from the low end: 00 62 4f 2a 06, all but the last
    // with the high bit: 80 e2 cf aa 06. Then the lengths 03 and 02 before UTF-8.
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

describe('a nick', () => {
  it('is taken without the spaces around it', () => {
    expect(readNick('  Ünï 👋 ')).toEqual({ nick: 'Ünï 👋' });
    expect(readNick('👋'.repeat(32))).toEqual({ nick: '👋'.repeat(32) });
  });

  it.each(['', '   ', 'a\u202eb', 'a\nb', '\u001b[31m', 'x'.repeat(33)])('is not %j', (typed) => {
    expect(readNick(typed)).toEqual({ problem: expect.stringMatching(/\.$/) as unknown });
  });
});

describe('a nick of the network', () => {
  it('is cut between characters where it is long', () => {
    expect(shortNick('ann')).toBe('ann');
    expect(shortNick('👋'.repeat(32))).toBe('👋'.repeat(32));
    expect(shortNick('👋'.repeat(33))).toBe(`${'👋'.repeat(32)}…`);
    expect(shortNick('x'.repeat(100_000))).toBe(`${'x'.repeat(32)}…`);
  });
});

describe('a room', () => {
  it('is a name of chat2 or a content topic', () => {
    expect(readChatRoom(' dogs ')).toEqual({ contentTopic: '/toy-chat/2/dogs/proto' });
    expect(readChatRoom('/my/1/room/proto')).toEqual({ contentTopic: '/my/1/room/proto' });
  });

  it.each(['', 'a/b', 'a\u202eb', 'a\tb', 'x'.repeat(300)])('is not %j', (typed) => {
    expect(readChatRoom(typed)).toEqual({ problem: expect.stringMatching(/\.$/) as unknown });
  });

  it('has the name that chat2 calls it', () => {
    expect(chatRoomName('/toy-chat/2/dogs/proto')).toBe('dogs');
    expect(chatRoomName('/toy-chat/3/dogs/proto')).toBe('/toy-chat/3/dogs/proto');
  });
});
