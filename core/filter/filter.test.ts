import { describe, expect, it } from 'vitest';
import { contentTopicExpression, parseFilterOrThrow } from './filter.ts';
import { makeRow, matches, NOW_MS, type RowFields } from './fixture-row.ts';

/** Expression, the row's fields, whether it matches. */
type Case = [expression: string, fields: Partial<RowFields>, expected: boolean];
const check = (cases: Case[]): void => {
  it.each(cases)('%s on %o is %s', (expression, fields, expected) => {
    expect(matches(expression, fields)).toBe(expected);
    expect(matches(`not ${expression}`, fields)).toBe(!expected);
  });
};

describe('topic', () => {
  const on = (pubsubTopic: string): Partial<RowFields> => ({ pubsubTopic });
  check([
    ['topic:16/32', {}, true],
    ['topic:16/32', on('/waku/2/rs/16/320'), false],
    ['topic:16/32', on('/waku/2/rs/116/32'), false],
    ['topic=16/32', {}, true],
    ['topic!=16/32', {}, false],
    ['topic:32', {}, true],
    ['topic:32', on('/waku/2/rs/1/32'), true],
    ['topic:32', on('/waku/2/rs/32/1'), false],
    ['topic:32', on('/waku/2/rs/16/132'), false],
    ['topic:32', on('/other/2/rs/16/32'), false],
    ['topic:32', on('/waku/2/rs//32'), false],
    ['topic:32', on('/waku/2/rs/32'), false],
    ['topic:32', on('/waku/2/rs/16/1/32'), false],
    ['topic:32', on('/waku/2/rs/x/32'), false],
    ['topic!=32', {}, false],
    ['topic:/waku/2/rs/16/32', {}, true],
    ['topic:/waku/2/rs/16/3', {}, false],
    ['topic:/RS/16/', {}, true],
    ['topic:"32"', on('/waku/2/rs/16/132'), true],
    ['topic:16/*', {}, true],
    ['topic:16/*', on('/waku/2/rs/1/16'), false],
    ['topic:*/32', {}, true],
    ['topic=/my/topic', on('/my/topic'), true],
    ['topic=/my/topic', on('/My/topic'), false],
  ]);
});

describe('content', () => {
  const on = (contentTopic: string): Partial<RowFields> => ({ contentTopic });
  check([
    ['content:/toy-chat/', {}, true],
    ['content:/TOY-Chat/', {}, true],
    ['content:/toy-chat/', on('/TOY-CHAT/2/x/y'), true],
    ['content:/toychat/', {}, false],
    ['content:/toy-chat/*', {}, true],
    ['content:toy-chat/*', {}, false],
    ['content:*/PROTO', {}, true],
    ['content:*/prot', {}, false],
    ['content:/toy*/huilong/*to', {}, true],
    ['content:/toy*/proto*/huilong', {}, false],
    ['content:*', on(''), true],
    ['content:ab*ba', on('aba'), false],
    ['content:ab*ba', on('abba'), true],
    ['content:a**b', on('ab'), true],
    ['content:*a*a', on('a'), false],
    ['content:*a*a', on('aa'), true],
    ['content:*ab*ab*', on('xabxaby'), true],
    ['content:*ab*ab*', on('xabaxby'), false],
    ['content:"/a*b/"', on('/a*b/'), true],
    ['content:"/a*b/"', on('/aXb/'), false],
    ['content=/toy-chat/2/huilong/proto', {}, true],
    ['content=/toy-chat/2/Huilong/proto', {}, false],
    ['content=/toy-chat/', {}, false],
    ['content!=/toy-chat/', {}, true],
    ['content=""', on(''), true],
    ['content:and', on('/and/1'), true],
    ['CONTENT:toy', {}, true],
    ['content:größe', on('/GRÖSSE/GRÖßE/'), true],
    ['content:οδος', on('/ΟΔΟΣ/'), true],
  ]);
});

describe('size', () => {
  const of = (payloadBytes: number): Partial<RowFields> => ({ payloadBytes });
  check([
    ['size>1kb', of(1024), false],
    ['size>1kb', of(1025), true],
    ['size>=1KiB', of(1024), true],
    ['size<1kb', of(1023), true],
    ['size<1kb', of(1024), false],
    ['size<=1kb', of(1024), true],
    ['size<=1kb', of(1025), false],
    ['size=200', of(200), true],
    ['size==200b', of(200), true],
    ['size:200', of(201), false],
    ['size!=200', of(200), false],
    ['size > 1.5kb', of(1537), true],
    ['size > 1.5kb', of(1536), false],
    ['size>\t1mb', of(1024 * 1024 + 1), true],
    ['size>1mib', of(1024 * 1024), false],
    ['size:1kb..10kb', of(1024), true],
    ['size:1kb..10kb', of(10 * 1024), true],
    ['size:1kb..10kb', of(1023), false],
    ['size:1kb..10kb', of(10 * 1024 + 1), false],
    ['size!=1kb..10kb', of(1024), false],
    ['size:0..0', of(0), true],
  ]);
});

describe('hash', () => {
  const whole = `0x9c41${'0'.repeat(60)}`;
  check([
    ['hash:0x9c', {}, true],
    ['hash:9C41', {}, true],
    ['hash:0X9c', {}, true],
    ['hash:c4', {}, false],
    ['hash:0x9d', {}, false],
    ['hash:0', {}, false],
    [`hash=${whole}`, {}, true],
    [`hash=${whole.slice(2)}`, {}, true],
    [`hash!=${whole}`, {}, false],
    [`hash=0x${'1'.repeat(64)}`, {}, false],
  ]);
});

describe('dir, from and ephemeral', () => {
  check([
    ['dir:in', {}, true],
    ['dir:OUT', {}, false],
    ['dir=out', { dir: 'out' }, true],
    ['dir!=out', { dir: 'out' }, false],
    ['from:PeerOne', {}, true],
    ['from:peerone', {}, true],
    ['from:16U*abc', {}, true],
    ['from:16U*ab', {}, false],
    ['from:*', {}, true],
    ['from:*', { fromPeer: null }, false],
    ['from:16U', { fromPeer: null }, false],
    ['from!=16Uiu2HAmPeerOneabc', { fromPeer: null }, true],
    ['from=16Uiu2HAmPeerOneabc', {}, true],
    ['ephemeral:yes', {}, false],
    ['ephemeral:no', {}, true],
    ['ephemeral:True', { ephemeral: true }, true],
    ['ephemeral!=false', { ephemeral: true }, true],
  ]);
});

describe('text', () => {
  check([
    ['text:ell', {}, true],
    ['text:toy-chat', {}, false],
    ['text:"Hello, World"', { payload: '>> hello, world <<' }, true],
    ['text:a*b', { payload: 'a*b' }, true],
    ['text:a*b', { payload: 'aXb' }, false],
    ['text=hello', {}, true],
    ['text=Hello', {}, false],
    ['text=""', { payload: '' }, true],
    ['hello', {}, true],
    ['HUILONG', {}, true],
    ['"and"', { payload: 'this and that' }, true],
    ['"say \\"hi\\" \\\\ \\u{1F600}\\u00e9\\n"', { payload: 'SAY "HI" \\ 😀É\n' }, true],
    ['11:02', { payload: 'at 11:02' }, true],
    ['/a=b', { payload: '/a=b' }, true],
    ['a&b|c', { payload: 'a&b|c' }, true],
    ['\ufffd', { payload: 'binary \ufffd' }, true],
    ['😀', { payload: 'smile 😀' }, true],
  ]);
});

describe('what a filter knows about itself', () => {
  it('matches everything when it is empty', () => {
    for (const expression of ['', ' \t\n']) expect(matches(expression)).toBe(true);
  });

  it.each([
    ['', false],
    ['content:x size>1 topic:32 time>-5m from:x dir:in hash:0 ephemeral:no', false],
    ['size>1 or text:x', true],
    ['not x', true],
    [Array.from({ length: 400 }, () => 'topic:ab').join(' '), false],
  ])('%s: needs the payload: %s', (expression, expected) => {
    expect(parseFilterOrThrow(expression).needsPayload).toBe(expected);
  });

  it('asks for the payload only when nothing cheaper decides', () => {
    const asked = (expression: string): number => {
      let count = 0;
      const row = { ...makeRow(), payloadText: () => `payload ${String(++count)}` };
      parseFilterOrThrow(expression, NOW_MS).matches(row);
      return count;
    };
    expect(asked('text:x dir:out')).toBe(0);
    expect(asked('text:x or dir:in')).toBe(0);
    expect(asked('(text:x or text:y) and not (dir:in or text:z)')).toBe(0);
    expect(asked('toy-chat')).toBe(0);
    expect(asked('text:x or text:y or z')).toBe(1);
  });

  it('asks every row anew, also after one that threw', () => {
    const { matches: isHello } = parseFilterOrThrow('text:hello or text:hallo');
    const broken = {
      ...makeRow(),
      payloadText: () => {
        throw new Error('gone');
      },
    };
    expect(isHello(makeRow())).toBe(true);
    expect(() => isHello(broken)).toThrow('gone');
    expect(isHello(makeRow({ payload: 'bye' }))).toBe(false);
  });

  it('has a meaning that crosses process boundaries', () => {
    const { ast } = parseFilterOrThrow('time>-5m or not (size:1kb..2kb content:a*b)', NOW_MS);
    expect(structuredClone(ast)).toEqual(ast);
  });
});

it.each(['/toy-chat/2/huilong/proto', 'a"b\\c', '*', '/a b/(or) not', ' '])(
  'the expression for the content topic %s matches it alone',
  (contentTopic) => {
    const { matches: isIt } = parseFilterOrThrow(contentTopicExpression(contentTopic));
    expect(isIt(makeRow({ contentTopic }))).toBe(true);
    expect(isIt(makeRow({ contentTopic: `${contentTopic}x` }))).toBe(false);
    expect(isIt(makeRow({ contentTopic: '/other/1/a/proto' }))).toBe(false);
  },
);
