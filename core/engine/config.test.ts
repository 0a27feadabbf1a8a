import { expect, it } from 'vitest';
import { configuredTopics, parseNodeConfig } from './config.ts';
import { WakuDeskError } from './errors.ts';

function refusal(input: unknown): string {
  try {
    parseNodeConfig(input);
  } catch (error) {
    if (error instanceof WakuDeskError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  return 'passed';
}

it('fills in the defaults: cluster 16, shard 32, loopback, a free port', () => {
  const config = parseNodeConfig({});
  expect(config).toMatchObject({ clusterId: 16, listenAddress: '127.0.0.1', tcpPort: 0, nodeKey: null });
  expect(configuredTopics(config)).toEqual(['/waku/2/rs/16/32']);
});

it.each<[string, unknown]>([
  ['tcpPrt', { tcpPrt: 1 }],
  ['tcpPort', { tcpPort: 65_536 }],
  ['shards.1', { shards: [0, -1] }],
  ['nodeKey', { nodeKey: 'xyz' }],
  ['listenAddress', { listenAddress: 'localhost' }],
  ['clusterId', { clusterId: '16' }],
  ['maxMessageBytes', { maxMessageBytes: 10 }],
  ['pubsubTopics.0', { pubsubTopics: ['/waku/2/default'] }],
  ['expected object', null],
])('names %s when it is wrong', (name, input) => {
  expect(refusal(input)).toContain(name);
});

it('names every wrong key at once, and never quotes a key', () => {
  const message = refusal({ tcpPort: -1, clusterId: 1.5, nodeKey: 'f00dbabe' });
  expect(message).toContain('tcpPort');
  expect(message).toContain('clusterId');
  expect(message).not.toContain('f00dbabe');
});

it('joins shards, topics and the shards of content topics without repeats', () => {
  const config = parseNodeConfig({
    clusterId: 2,
    shards: [0, 0, 3],
    pubsubTopics: ['/waku/2/rs/2/3', '/waku/2/rs/9/9'],
    contentTopics: ['/myapp/1/latest/proto', '/app/20/sometopic/someencoding'],
    shardsInNetwork: 8,
  });
  expect(configuredTopics(config)).toEqual([
    '/waku/2/rs/2/0',
    '/waku/2/rs/2/3',
    '/waku/2/rs/2/7',
    '/waku/2/rs/9/9',
  ]);
});

it('refuses a content topic that has no shard', () => {
  const noNetwork = parseNodeConfig({ contentTopics: ['/myapp/1/latest/proto'] });
  expect(() => configuredTopics(noNetwork)).toThrow(WakuDeskError);
  const noForm = parseNodeConfig({ contentTopics: ['myapp'], shardsInNetwork: 8 });
  expect(() => configuredTopics(noForm)).toThrow(WakuDeskError);
});

it('a light client hears any content topic on its pubsub topics, whether it has a shard or not', () => {
  const config = parseNodeConfig({ light: true, contentTopics: ['toy-chat', '/myapp/1/latest/proto'] });
  expect(configuredTopics(config)).toEqual(['/waku/2/rs/16/32']);
});

it('never quotes the secrets of RLN', () => {
  const message = refusal({
    rln: {
      credentialsPath: '',
      credentialsPassword: 'hunter22',
      chainRpcUrls: ['ftp://key-1234@x'],
      chainId: 0,
    },
  });
  expect(message).toContain('rln.chainRpcUrls.0');
  expect(message).not.toMatch(/hunter22|key-1234/);
});
