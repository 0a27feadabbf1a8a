/**
 * chat2's payload, written by hand from the wire format and not by core/waku: tag 08 and the seconds as a varint (7 bits
 * each from the low end, the high bit on all but the last), tag 12, length, nick, tag 1a, length, text.
 */
export function chatBytes(timestampS: number, nick: string, text: string | Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x08]),
    varint(timestampS),
    Buffer.from([0x12]),
    varint(Buffer.byteLength(nick)),
    Buffer.from(nick),
    Buffer.from([0x1a]),
    varint(Buffer.byteLength(text)),
    Buffer.from(text),
  ]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
