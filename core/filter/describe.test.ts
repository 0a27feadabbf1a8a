import { describe, expect, it } from 'vitest';
import { parseFilterOrThrow } from './filter.ts';
import { NOW_MS } from './fixture-row.ts';

const meaning = (expression: string): string => parseFilterOrThrow(expression, NOW_MS).describe();

describe('the meaning in words', () => {
  it.each([
    ['', 'every message'],
    [
      'content:/toy-chat/ size>1kb',
      'content topic contains “/toy-chat/” and payload larger than 1 KiB (1,024 bytes)',
    ],
    ['hello', 'payload or content topic contains “hello”'],
    ['not hello', 'neither payload nor content topic contains “hello”'],
    ['text:hello', 'payload contains “hello”'],
    ['!text:hello', 'payload does not contain “hello”'],
    ['content=/a', 'content topic is “/a”'],
    ['content!=/a', 'content topic is not “/a”'],
    ['content:/a/*', 'content topic starts with “/a/”'],
    ['not content:/a/*', 'content topic does not start with “/a/”'],
    ['content:*/proto', 'content topic ends with “/proto”'],
    ['not content:*/proto', 'content topic does not end with “/proto”'],
    ['from:16U*abc', 'peer id matches “16U*abc”'],
    ['not from:*', 'peer id does not match “*”'],
    ['topic:32', 'shard is 32'],
    ['topic!=32', 'shard is not 32'],
    ['topic:16/32', 'pubsub topic is “/waku/2/rs/16/32”'],
    ['topic:16/*', 'pubsub topic starts with “/waku/2/rs/16/”'],
    ['hash:9C', 'hash starts with 0x9c'],
    ['not hash:9C', 'hash does not start with 0x9c'],
    [`hash!=${'0'.repeat(64)}`, `hash is not 0x${'0'.repeat(64)}`],
    ['dir:in', 'incoming'],
    ['dir!=in', 'outgoing'],
    ['not dir:out', 'incoming'],
    ['ephemeral:yes', 'ephemeral'],
    ['ephemeral:no', 'not ephemeral'],
    ['not ephemeral:no', 'ephemeral'],
    ['size=1', 'payload of exactly 1 byte'],
    ['size!=1kb', 'payload not of exactly 1 KiB (1,024 bytes)'],
    ['size>=1500', 'payload of at least 1,500 bytes'],
    ['size<=1.5kb', 'payload of at most 1.5 KiB (1,536 bytes)'],
    ['size<2mb', 'payload smaller than 2 MiB (2,097,152 bytes)'],
    ['size:0..150kb', 'payload from 0 bytes to 150 KiB (153,600 bytes)'],
    ['time>11:02', 'received after 2025-06-01 11:02:00.000'],
    ['not time>=11:02', 'received not at or after 2025-06-01 11:02:00.000'],
    ['time<-5m', 'received before 2025-06-01 11:55:00.000'],
    ['time<=2025-05-31T11:02:14.128456', 'received at or before 2025-05-31 11:02:14.128456000'],
    ['sent:11:02..11:03', 'sender’s time from 2025-06-01 11:02:00.000 to 2025-06-01 11:03:00.000'],
  ])('%s: %s', (expression, expected) => {
    expect(meaning(expression)).toBe(expected);
  });

  it('shows what binds to what', () => {
    expect(meaning('dir:in or size=1 ephemeral:no')).toBe(
      'incoming or (payload of exactly 1 byte and not ephemeral)',
    );
    expect(meaning('(dir:in or size=1) ephemeral:no')).toBe(
      '(incoming or payload of exactly 1 byte) and not ephemeral',
    );
    expect(meaning('not (dir:in hash:0)')).toBe('not (incoming and hash starts with 0x0)');
    expect(meaning('!!((dir:in) (and-like))')).toBe(
      'incoming and payload or content topic contains “and-like”',
    );
  });

  it('shows long text in full and invisible characters as escapes', () => {
    expect(meaning(`text:${'x'.repeat(100)}`)).toBe(`payload contains “${'x'.repeat(100)}”`);
    expect(meaning('text:"a\tb\u202e\u0007\\ud800"')).toBe(
      'payload contains “a\\tb\\u{202e}\\u{7}\\u{d800}”',
    );
  });
});
