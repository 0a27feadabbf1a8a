import { expect, it } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { settingsSchema } from '../../core/operations/live-values.ts';
import { changedConfig, settingsOf } from './settings.ts';

const SECRETS = { credentialsPassword: 'hunter22', chainRpcUrls: ['https://rpc.example.org/v3/key-1234'] };
const RLN = {
  credentialsPath: '/keys/rln.json',
  contractAddress: `0x${'1'.repeat(40)}`,
  chainId: 59_141,
  ...SECRETS,
};
const config = parseNodeConfig({ nodeKey: 'ab'.repeat(32), rln: RLN });
const topic = (shard: number, cluster = 16) => ({
  pubsubTopic: `/waku/2/rs/${cluster}/${shard}`,
  meshPeers: [],
  health: 'UnHealthy' as const,
});
const NOWHERE = { topics: [], filters: [] };

it('are told without secrets', () => {
  const settings = settingsOf(config);
  expect(settings.rln).toMatchObject({ credentialsPath: '/keys/rln.json', messageLimit: 100 });
  expect(settingsSchema.parse(settings)).toEqual(settings);
  expect(JSON.stringify(settings)).not.toMatch(/hunter22|rpc\.example|abab|nodeKey|assword|Urls/);
  // Whoever adds a field to the configuration decides here whether it is told.
  expect(() => settingsSchema.parse({ ...settings, rln: config.rln })).toThrow();
});

it('a change keeps the secrets that it leaves out', () => {
  expect(changedConfig(config, NOWHERE, { agentString: 'x' })).toMatchObject({
    nodeKey: config.nodeKey,
    rln: config.rln,
  });
  expect(changedConfig(config, NOWHERE, { rln: { messageLimit: 7 } }).rln).toMatchObject({
    ...RLN,
    messageLimit: 7,
  });
  const password = { rln: { credentialsPassword: 'other' } };
  expect(changedConfig(config, NOWHERE, password).rln).toMatchObject({
    ...RLN,
    credentialsPassword: 'other',
  });
  expect(changedConfig(config, NOWHERE, { rln: null }).rln).toBeNull();
});

it('what is missing is named without what is there', () => {
  const bare = parseNodeConfig({});
  const change = { rln: { credentialsPassword: 'hunter22' } };
  expect(() => changedConfig(bare, NOWHERE, change)).toThrow(/rln\.credentialsPath/);
  expect(() => changedConfig(bare, NOWHERE, change)).not.toThrow(/hunter22/);
});

it('the topics of a relay node are those that it relays now', () => {
  const relay = parseNodeConfig({ contentTopics: ['/a/1/b/c'], shardsInNetwork: 8 });
  const changed = changedConfig(relay, { topics: [topic(3), topic(1, 2)], filters: [] }, {});
  expect(changed).toMatchObject({ shards: [3], pubsubTopics: ['/waku/2/rs/2/1'], contentTopics: [] });
  expect(changedConfig(relay, NOWHERE, {})).toEqual(relay);
});

it('a light client keeps its content topics, and loses them as a relay node', () => {
  const light = parseNodeConfig({ light: true, contentTopics: ['/a/1/b/c'] });
  const filters = [
    { pubsubTopic: '/waku/2/rs/16/32', contentTopics: ['/d/1/e/f'], served: true, error: null },
    { pubsubTopic: '/waku/2/rs/16/33', contentTopics: ['/d/1/e/f', '/g/1/h/i'], served: true, error: null },
  ];
  const node = { topics: [topic(32), topic(33)], filters };
  expect(changedConfig(light, node, {}).contentTopics).toEqual(['/d/1/e/f', '/g/1/h/i']);
  expect(changedConfig(light, node, { light: false }).contentTopics).toEqual([]);
  expect(changedConfig(light, node, { contentTopics: ['/j/1/k/l'] }).contentTopics).toEqual(['/j/1/k/l']);
});

it('a relay node that becomes a light client asks for the content topics that it was given', () => {
  const relay = parseNodeConfig({ contentTopics: ['/a/1/b/c'], shardsInNetwork: 8 });
  const node = { topics: [topic(3)], filters: [] };
  expect(changedConfig(relay, node, { light: true }).contentTopics).toEqual(['/a/1/b/c']);
});
