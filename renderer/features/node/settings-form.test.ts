import { expect, it } from 'vitest';
import { rlnConfigSchema } from '../../../core/engine/config.ts';
import { settingsSchema } from '../../../core/operations/live-values.ts';
import { checkEdits, RLN_SETTINGS, SETTINGS, settingText } from './settings-form.ts';

const settings = settingsSchema.parse({ shards: [32, 33] });

it('every setting can be edited, and goes through the form unchanged', () => {
  expect([...SETTINGS.map(({ name }) => name), 'rln'].sort()).toEqual(Object.keys(settings).sort());
  const rln = RLN_SETTINGS.flatMap(({ name }) => (name === 'rln' ? [] : [name.slice(4)]));
  expect(rln.sort()).toEqual(Object.keys(rlnConfigSchema.shape).sort());
  const edits = Object.fromEntries(
    [...SETTINGS, ...RLN_SETTINGS].map((setting) => [setting.name, settingText(settings, setting)]),
  );
  expect(checkEdits(settings, edits)).toEqual({ change: {}, count: 0, problems: {} });
});

it('sends only what changed, in its own type', () => {
  const edits = { shards: '1, 2 3', mdns: 'yes', staticNodes: '/ip4/1.2.3.4/tcp/1\n', clusterId: '16' };
  expect(checkEdits(settings, edits)).toEqual({
    change: { shards: [1, 2, 3], mdns: true, staticNodes: ['/ip4/1.2.3.4/tcp/1'] },
    count: 3,
    problems: {},
  });
});

it('a port that may be none is null where nothing stands', () => {
  expect(checkEdits(settings, { websocketPort: '0' }).change).toEqual({ websocketPort: 0 });
  expect(checkEdits({ ...settings, websocketPort: 1 }, { websocketPort: ' ' }).change).toEqual({
    websocketPort: null,
  });
});

it.each([
  ['tcpPort', 'x'],
  ['tcpPort', ''],
  ['shards', '1, a'],
  ['listenAddress', 'localhost'],
])('names %s when it is %j', (name, text) => {
  expect(Object.keys(checkEdits(settings, { [name]: text }).problems)).toEqual([name]);
});

const CONTRACT = `0x${'1'.repeat(40)}`;
const RLN_EDITS = {
  rln: 'yes',
  'rln.credentialsPath': '/keys/rln.json',
  'rln.credentialsPassword': ' with spaces ',
  'rln.contractAddress': CONTRACT,
  'rln.chainRpcUrls': 'https://a.example\nhttps://b.example',
  'rln.chainId': '59141',
};

it('a light client is a choice of mode', () => {
  expect(checkEdits(settings, { light: 'light client' })).toMatchObject({
    change: { light: true },
    count: 1,
  });
  expect(checkEdits({ ...settings, light: true }, { light: 'relay node' }).change).toEqual({ light: false });
});

it('RLN is switched on with everything that it needs, and says what is missing', () => {
  expect(checkEdits(settings, { rln: 'yes' }).problems).toEqual({
    'rln.credentialsPath': 'is needed',
    'rln.credentialsPassword': 'is needed',
    'rln.contractAddress': 'is needed',
    'rln.chainRpcUrls': 'is needed',
    'rln.chainId': 'is needed',
  });
  expect(checkEdits(settings, RLN_EDITS)).toMatchObject({
    change: {
      rln: {
        credentialsPath: '/keys/rln.json',
        credentialsPassword: ' with spaces ',
        contractAddress: CONTRACT,
        chainRpcUrls: ['https://a.example', 'https://b.example'],
        chainId: 59_141,
      },
    },
    problems: {},
  });
  expect(checkEdits(settings, { ...RLN_EDITS, 'rln.contractAddress': '0x12' }).problems).toEqual({
    'rln.contractAddress': 'must be 0x and 40 hex digits',
  });
});

it('RLN that is on keeps its secrets unless others are typed, and is switched off whole', () => {
  const on = settingsSchema.parse({
    rln: {
      credentialsPath: '/k',
      contractAddress: CONTRACT,
      chainId: 1,
      epochSeconds: 600,
      messageLimit: 100,
    },
  });
  expect(checkEdits(on, { 'rln.messageLimit': '7', 'rln.credentialsPassword': '' })).toEqual({
    change: { rln: { messageLimit: 7 } },
    count: 1,
    problems: {},
  });
  expect(checkEdits(on, { 'rln.credentialsPassword': 'other' }).change).toEqual({
    rln: { credentialsPassword: 'other' },
  });
  expect(checkEdits(on, { rln: 'no' })).toEqual({ change: { rln: null }, count: 1, problems: {} });
});
