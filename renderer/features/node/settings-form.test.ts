import { expect, it } from 'vitest';
import { settingsSchema } from '../../../core/operations/live-values.ts';
import { checkEdits, SETTINGS, settingText } from './settings-form.ts';

const settings = settingsSchema.parse({ shards: [32, 33] });

it('every setting can be edited, and goes through the form unchanged', () => {
  expect(SETTINGS.map(({ name }) => name).sort()).toEqual(Object.keys(settings).sort());
  const edits = Object.fromEntries(SETTINGS.map((setting) => [setting.name, settingText(settings, setting)]));
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

it.each([
  ['tcpPort', 'x'],
  ['tcpPort', ''],
  ['shards', '1, a'],
  ['listenAddress', 'localhost'],
])('names %s when it is %j', (name, text) => {
  expect(Object.keys(checkEdits(settings, { [name]: text }).problems)).toEqual([name]);
});
